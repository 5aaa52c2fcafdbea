import { Socket } from "node:net";
import { WebSocket } from "ws";

/** One answer of the server, or null: the connection ended first. */
export type Answer = Readonly<Record<string, unknown>> | null;

export interface PeerOptions {
  /** Where to connect, with path and query; asked for each connection. */
  url(): string;
  /** Offer the sub-protocol that joins a transaction's events in one frame. */
  readonly joined?: boolean;
}

/** A client that comes back when its connection ends, until it is closed. */
export class Peer {
  private readonly options: PeerOptions;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;
  private isCut = false;
  private requests = 0;
  private opened: (() => void)[] = [];
  /** How often a connection ended. */
  cuts = 0;

  constructor(options: PeerOptions) {
    this.options = options;
  }

  /** Resolves when there is a connection: now or later. */
  whenOpen(): Promise<void> {
    if (this.socket?.readyState === WebSocket.OPEN && !this.isCut) return Promise.resolve();
    return new Promise((resolve) => this.opened.push(resolve));
  }

  start(): void {
    const protocols = this.options.joined === true ? ["restwave.v1"] : [];
    const socket = new WebSocket(this.options.url(), protocols, { perMessageDeflate: false });
    this.socket = socket;
    this.isCut = false;
    socket.on("open", () => {
      this.onOpen();
      for (const resolve of this.opened.splice(0)) resolve();
    });
    socket.on("message", (data) => {
      // What was read before a cut, but not looked at yet, is lost with the connection.
      if (this.socket === socket && !this.isCut) this.receive(String(data));
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.socket === socket) this.onEnd();
    });
  }

  /** Sends a request and waits for its answer; null when the connection ended first, or there is none. */
  request(frame: Readonly<Record<string, unknown>>): Promise<Answer> {
    if (this.socket?.readyState !== WebSocket.OPEN || this.isCut) return Promise.resolve(null);
    const requestId = `r${(this.requests += 1)}`;
    return new Promise((resolve) => {
      this.waiting.set(requestId, resolve);
      this.send({ ...frame, request_id: requestId });
    });
  }

  /** Sends a request until it is answered, whatever the answer. */
  async demand(frame: Readonly<Record<string, unknown>>): Promise<NonNullable<Answer>> {
    for (;;) {
      await this.whenOpen();
      const answer = await this.request(frame);
      if (answer !== null) return answer;
    }
  }

  /** Ends the connection with a TCP reset, with half a frame on its way to the server if `midFrame`. The peer comes back by itself. */
  cut(midFrame: boolean): void {
    const stream: unknown = Reflect.get(this.socket ?? {}, "_socket");
    if (!(stream instanceof Socket)) return;
    // A masked text frame of 126 bytes or more, of which only the head is sent.
    if (midFrame) stream.write(Buffer.from([0x81, 0xfe, 0x01, 0x00, 1, 2, 3, 4, 0x7b]));
    this.isCut = true;
    stream.resetAndDestroy();
  }

  /** Reads nothing until `resume`. */
  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  close(): void {
    this.isClosed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    this.socket?.terminate();
    this.socket = null;
    this.fail();
  }

  protected send(frame: object): void {
    this.socket?.send(JSON.stringify(frame));
  }

  protected onOpen(): void {}

  protected onCut(): void {}

  /** Takes a frame that is no answer to a request of this peer. */
  protected onFrame(_frame: Readonly<Record<string, unknown>>): void {}

  private receive(text: string): void {
    const frame = JSON.parse(text) as Record<string, unknown>;
    const waiting = this.waiting.get(String(frame["request_id"]));
    if (waiting === undefined) return this.onFrame(frame);
    this.waiting.delete(String(frame["request_id"]));
    waiting(frame);
  }

  private onEnd(): void {
    this.socket = null;
    this.cuts += 1;
    this.fail();
    this.onCut();
    // The server may be on its way up: there is nothing to wait for but another try.
    if (!this.isClosed) this.retry = setTimeout(() => this.start(), 10);
  }

  private fail(): void {
    for (const resolve of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
