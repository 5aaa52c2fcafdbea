/** Every WebSocket close code that Restwave sends, with its meaning. 1000 to 1015: RFC 6455 section 7.4; 4000 and up: ours. */
export const CloseCode = {
  /** The consumer closed the connection in the ordinary way. */
  normal: 1000,
  /** The server is going away: shutting down or restarting. Come back later. */
  goingAway: 1001,
  /** The peer broke the WebSocket protocol itself. */
  protocolError: 1002,
  /** A text frame was not valid UTF-8. */
  invalidPayload: 1007,
  /** The peer breaks a rule of the server again and again. Do not come back unchanged. */
  policyViolation: 1008,
  /** A frame was larger than the server's limit. */
  messageTooBig: 1009,
  /** The consumer failed where no request could be answered. */
  internalError: 1011,
  /** The credentials of the connection are not valid any more. Log in again first. */
  credentialsRevoked: 4401,
  /** The peer answered no ping in time. */
  heartbeatTimeout: 4408,
  /** The peer reads too slowly and its queue passed the hard limit. It may come back. */
  slowConsumer: 4429,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Can a server application send this code? RFC 6455 section 7.4.2: 1000 to 1003, 1007 to 1014, and 3000 to 4999. */
export function isSendableCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
