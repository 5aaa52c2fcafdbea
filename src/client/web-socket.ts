import { ConnectionError } from "./connection-error.ts";

/** What the client needs of a WebSocket: the browser's, Node's, Bun's, Deno's, or that of `ws`. */
export interface WebSocketLike {
  readonly protocol: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

export type WebSocketClass = new (url: string, protocols?: string[]) => WebSocketLike;

/** The runtime's own. @throws ConnectionError `no_websocket` when it has none (Node before 22). */
export function runtimeWebSocket(): WebSocketClass {
  const found: WebSocketClass | undefined = globalThis.WebSocket;
  if (found !== undefined) return found;
  throw new ConnectionError(
    "no_websocket",
    'Expected a runtime with WebSocket; this one has none. Install "ws" and pass it: createClient(url, { WebSocket }).',
  );
}
