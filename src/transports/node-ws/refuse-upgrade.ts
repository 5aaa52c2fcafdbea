import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type APIException, Throttled } from "../../protocol/exceptions.ts";

/** Answers a handshake with an HTTP response instead of a socket: the exception's status and, as plain text, its message. */
export function refuseUpgrade(stream: Duplex, refusal: APIException): void {
  const body = `${refusal.message}\n`;
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...extraHeaders(refusal),
  ];
  stream.once("finish", () => stream.destroy());
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function extraHeaders(refusal: APIException): string[] {
  if (refusal.status === 426) return ["Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  if (refusal instanceof Throttled && refusal.wait !== null) return [`Retry-After: ${refusal.wait}`];
  return [];
}
