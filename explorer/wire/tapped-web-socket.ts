import type { WebSocketClass } from "restwave/client";
import type { Tap } from "./tap.ts";

/** A WebSocket for the client that a tap hears. */
export function tappedWebSocket(tap: Tap): WebSocketClass {
  return class extends WebSocket {
    constructor(url: string, protocols: string[] = []) {
      super(url, protocols);
      this.addEventListener("open", () => tap.opened(this));
      this.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "string") tap.received(data);
      });
      this.addEventListener("close", ({ code, reason }) => tap.closed(this, code, reason));
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      super.send(data);
      if (typeof data === "string") tap.sent(data);
    }
  };
}
