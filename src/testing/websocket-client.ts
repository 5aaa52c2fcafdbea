import { WebSocket, type ClientOptions } from "ws";
import { RestwaveError } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import { MessageReceiver } from "./message-receiver.ts";

/** What `connectWebsocket` takes: `ws`'s client options (`headers`, `origin`, ...) and the sub-protocols to offer. */
export interface WebsocketClientOptions extends ClientOptions {
  readonly subprotocols?: readonly string[];
}

/** The server answered a handshake with an HTTP response. `status` and `body` are that response's. */
export class HandshakeRefused extends RestwaveError {
  readonly body: string;

  constructor(status: number, body: string) {
    super(`The server refused the handshake with ${status}: ${body.trim()}`, { code: "handshake_refused", status });
    this.body = body;
  }
}

const DEFAULT_TIMEOUT = 5000;

/** A real socket for tests. What comes is queued, so nothing is missed between two waits. Times are in milliseconds. */
export class WebsocketClient extends MessageReceiver {
  /** The socket itself, for what the client has no method for. */
  readonly socket: WebSocket;

  /** The socket must not have opened yet. */
  constructor(socket: WebSocket) {
    super(DEFAULT_TIMEOUT);
    this.socket = socket;
    socket.on("message", (data, isBinary) => {
      if (!Buffer.isBuffer(data)) return;
      this.queue.push(isBinary ? { kind: "bytes", bytes: data } : { kind: "text", text: data.toString() });
    });
    socket.on("close", (code, reason) => this.queue.push({ kind: "close", code, reason: reason.toString() }));
    socket.on("error", () => {});
  }

  /** The sub-protocol that was agreed on, or null. */
  get subprotocol(): string | null {
    return this.socket.protocol === "" ? null : this.socket.protocol;
  }

  sendJson(value: unknown): void {
    this.socket.send(encodeJson(value));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  /** Closes from the client's side. Resolves when the socket is gone; messages that were not taken are dropped. */
  close(code = 1000): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.readyState === WebSocket.CLOSED) return resolve();
      this.socket.once("close", () => resolve());
      this.socket.close(code);
    });
  }
}

/**
 * Opens a real WebSocket: `await connectWebsocket("ws://127.0.0.1:8000/ws/")`.
 *
 * @throws HandshakeRefused when the server answers with anything but an upgrade; the network's own error when it cannot be reached.
 */
export function connectWebsocket(url: string, options: WebsocketClientOptions = {}): Promise<WebsocketClient> {
  const { subprotocols = [], ...clientOptions } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...subprotocols], clientOptions);
    const client = new WebsocketClient(socket);
    socket.once("open", () => resolve(client));
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => reject(new HandshakeRefused(response.statusCode ?? 0, Buffer.concat(chunks).toString())));
    });
  });
}
