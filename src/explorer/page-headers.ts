const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-fA-F:.]+\](?::\d{1,5})?$/;

/**
 * What the page may load and who may hold it: its own files, the sockets and requests of this server, nothing inline, no frame.
 *
 * @param host under which the page was reached: to Safari, `'self'` is no socket.
 */
export function pageHeaders(host: string): Readonly<Record<string, string>> {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : "";
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { ...answerHeaders, "content-security-policy": policy.join("; "), "cross-origin-opener-policy": "same-origin" };
}

/** Of every answer of the explorer. */
export const answerHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};
