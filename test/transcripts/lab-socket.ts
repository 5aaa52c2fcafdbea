import { WebSocket } from "ws";

/** What a socket did, in order. */
export type SocketEvent =
  | { readonly kind: "open" }
  | { readonly kind: "frame"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Buffer }
  | { readonly kind: "close"; readonly code: number; readonly reason: string }
  | { readonly kind: "reject"; readonly status: number; readonly body: string }
  | { readonly kind: "error"; readonly message: string };

const PATIENCE_MS = 15_000;

/** A client on a real socket that queues what happens, so that nothing is missed between two looks. */
export class LabSocket {
  readonly #socket: WebSocket;
  readonly #events: SocketEvent[] = [];
  #wake: () => void = () => undefined;

  constructor(url: string, options: { readonly protocols?: readonly string[]; readonly headers?: Record<string, string> } = {}) {
    const { protocols = [], headers = {} } = options;
    this.#socket = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
    this.#socket.on("open", () => this.#push({ kind: "open" }));
    this.#socket.on("message", (data: Buffer, isBinary) =>
      this.#push(isBinary ? { kind: "binary", bytes: data } : { kind: "frame", text: data.toString("utf8") }),
    );
    this.#socket.on("close", (code, reason) => this.#push({ kind: "close", code, reason: reason.toString("utf8") }));
    this.#socket.on("error", (error) => this.#push({ kind: "error", message: error.message }));
    this.#socket.on("unexpected-response", (request, response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => {
        this.#push({ kind: "reject", status: response.statusCode ?? 0, body });
        request.destroy();
      });
    });
  }

  /** The next thing that happens. Fails after fifteen seconds of silence, with `waitingFor` in the message. */
  async next(waitingFor: string): Promise<SocketEvent> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Nothing came within ${PATIENCE_MS} ms while waiting for ${waitingFor}.`)),
        PATIENCE_MS,
      );
    });
    try {
      while (this.#events.length === 0) await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), deadline]);
    } finally {
      clearTimeout(timer);
    }
    const event = this.#events.shift();
    if (event === undefined) throw new Error("Two readers wait on one socket.");
    return event;
  }

  /** Sends one text frame; bytes are sent as the text frame's payload, valid UTF-8 or not. */
  sendText(payload: string | Buffer): void {
    this.#socket.send(payload, { binary: false });
  }

  sendBinary(payload: Buffer): void {
    this.#socket.send(payload, { binary: true });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Resolves when the server has everything that was sent before; at once when the socket is not open. */
  async roundTrip(): Promise<void> {
    if (!this.isOpen) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off("pong", done).off("close", done);
        resolve();
      };
      this.#socket.on("pong", done).on("close", done);
      this.#socket.ping();
    });
  }

  close(code?: number): void {
    this.#socket.close(code);
  }

  /** Ends the connection at once; what still comes is not looked at. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** What has happened and was not yet looked at. */
  get unread(): readonly SocketEvent[] {
    return this.#events;
  }

  #push(event: SocketEvent): void {
    this.#events.push(event);
    this.#wake();
  }
}
