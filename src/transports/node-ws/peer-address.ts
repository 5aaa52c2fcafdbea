import type { IncomingMessage } from "node:http";
import type { PeerAddress } from "./websocket-scope.ts";

/** Who sent a request. A trusted proxy appends its peer to `X-Forwarded-For`, so only the last entry is its word; the port is then unknown (0). */
export function peerAddress({ headers, socket }: IncomingMessage, trustProxy: boolean): PeerAddress {
  const forwarded = trustProxy ? headers["x-forwarded-for"] : undefined;
  const address = String(forwarded ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  if (address) return { address, port: 0 };
  return { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
}
