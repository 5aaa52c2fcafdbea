import type { HandshakeRequest } from "restwave";

const PREFIX = "bearer.";

/**
 * The token of a handshake. Programs send `Authorization: Bearer <token>`. Browsers cannot set headers of a WebSocket, so a page offers the
 * token as a second sub-protocol: `new WebSocket(url, ["restwave.v1", "bearer." + token])`. The server agrees on `restwave.v1` and never
 * repeats the token. In the query string it would end up in the logs of every proxy and in the browser's history.
 */
export function tokenOf({ headers, subprotocols }: HandshakeRequest): string | null {
  const [scheme = "", credentials = ""] = (headers.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") return credentials;
  return subprotocols.find((name) => name.startsWith(PREFIX))?.slice(PREFIX.length) ?? null;
}
