import { WebSocketServer } from "ws";
import type { ResolvedOptions } from "./server-options.ts";
import { agreeOnSubprotocol } from "./subprotocols.ts";

/** The part of `ws` that completes a handshake: no port, no list of clients of its own. */
export function createUpgrader({ limits, perMessageDeflate, subprotocols }: ResolvedOptions): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    // To `ws`, 0 is no limit.
    maxPayload: Math.max(1, limits.maxFrameBytes),
    closeTimeout: limits.closeTimeout,
    perMessageDeflate,
    handleProtocols: (offered: Set<string>) => agreeOnSubprotocol([...offered], subprotocols) ?? false,
  } as const;
  return new WebSocketServer(options);
}
