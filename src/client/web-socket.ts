import { ConnectionError } from "./connection-error.ts";

/** What the client needs of a WebSocket: the browser's, Node's, Bun's, Deno's, or that of `ws`. */
export interface WebSocketLike {
  readonly protocol: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
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
