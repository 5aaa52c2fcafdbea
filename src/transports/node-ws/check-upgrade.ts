import type { IncomingMessage } from "node:http";
import { APIException, ParseError, PermissionDenied } from "../../protocol/exceptions.ts";
import { isAllowedOrigin } from "./origin.ts";
import { ownOrigin } from "./own-origin.ts";
import type { ResolvedOptions } from "./server-options.ts";

/** 426: the request asks for another protocol, or another version of it. */
class UpgradeRequired extends APIException {
  static override readonly statusCode: number = 426;
  static override readonly defaultDetail: string = "Expected a WebSocket handshake of version 13.";
  static override readonly defaultCode: string = "upgrade_required";
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const PROTOCOLS = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*,[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+)*$/;

/**
 * Is the request a well-formed handshake (RFC 6455 section 4.2.1) from a page that may connect? Asked before any code of the application runs.
 *
 * @throws UpgradeRequired (426), ParseError (400) or PermissionDenied (403, origin).
 */
export function checkUpgrade(request: IncomingMessage, options: ResolvedOptions): void {
  const { headers, method } = request;
  if (headers.upgrade?.toLowerCase() !== "websocket" || headers["sec-websocket-version"] !== "13") throw new UpgradeRequired();
  if (method !== "GET") throw new ParseError("Expected a WebSocket handshake to be a GET request.");
  if (!KEY.test(headers["sec-websocket-key"] ?? ""))
    throw new ParseError("Expected a Sec-WebSocket-Key header of 16 bytes in base64.");
  const protocols = headers["sec-websocket-protocol"];
  if (protocols !== undefined && !PROTOCOLS.test(protocols))
    throw new ParseError("Expected Sec-WebSocket-Protocol to be a list of tokens.");
  if (!isAllowedOrigin(headers.origin, ownOrigin(request, options.trustProxy), options.allowedOrigins)) {
    throw new PermissionDenied("Pages of this origin may not connect.");
  }
}
