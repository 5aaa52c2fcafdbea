import { type Backoff, backoffDelay } from "./backoff.ts";
import { comesBack } from "./comes-back.ts";
import { ConnectionError } from "./connection-error.ts";
import type { ConnectionState } from "./connection-state.ts";
import { Observable } from "./observable.ts";
import { onWake } from "./on-wake.ts";
import type { WebSocketClass, WebSocketLike } from "./web-socket.ts";

/** How a connection ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export interface ReconnectingSocketOptions {
  readonly url: () => string | Promise<string>;
  readonly protocols: readonly string[];
  readonly webSocket: () => WebSocketClass;
  readonly backoff: Backoff;
  /** Milliseconds that an attempt may take. */
  readonly connectTimeout: number;
  /** Attempts to connect again, one after another, before it is given up. */
  readonly maxAttempts: number;
  /** Whether to connect again after the server ended the connection so; undefined: as its code says. */
  readonly reconnects: (ending: Ending) => boolean | undefined;
}

/** Who uses the socket. */
export interface SocketOwner {
  /** The socket has opened; what is sent now goes first. The connection counts as open when it resolves, and as lost when it rejects. */
  prepare(): Promise<void>;
  opened(): void;
  received(text: string): void;
  /** What was under way is lost. `isFinal`: it does not come back. */
  lost(ending: Ending, isFinal: boolean): void;
}

/** A connection that was open so long has worked. */
const STEADY_MS = 1000;

/** One WebSocket after another to the same place, with pauses between failures. */
export class ReconnectingSocket {
  readonly state = new Observable<ConnectionState>({ status: "idle" });
  /** Why there can be no connection at all. */
  failure: ConnectionError | null = null;
  readonly #options: ReconnectingSocketOptions;
  readonly #owner: SocketOwner;
  #socket: WebSocketLike | null = null;
  #attempt = 0;
  #openedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: () => void = () => undefined;

  constructor(options: ReconnectingSocketOptions, owner: SocketOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** The sub-protocol that the server chose; empty: none, or there is no connection. */
  get protocol(): string {
    return this.#socket?.protocol ?? "";
  }

  get isOpen(): boolean {
    return this.state.value.status === "open";
  }

  /** Connects, unless that was begun or the client is closed. */
  start(): void {
    if (this.state.value.status !== "idle") return;
    this.#stopListening = onWake(() => this.#wake());
    this.state.set({ status: "connecting" });
    void this.#connect();
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  /** Gives the present connection up and makes a new one. */
  drop(reason: string): void {
    if (this.#socket !== null) this.#down({ code: 1006, reason });
  }

  /** Ends it for good. */
  close(ending: Ending = { code: 1000, reason: "" }): void {
    if (this.state.value.status === "closed") return;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#abandon();
    this.state.set({ status: "closed", ...ending });
    this.#owner.lost(ending, true);
  }

  async #connect(): Promise<void> {
    const socket = await this.#open();
    if (socket === null) return;
    const { connectTimeout } = this.#options;
    this.#connectTimer = setTimeout(() => this.drop(`There was no connection within ${connectTimeout} ms.`), connectTimeout);
    const isPresent = (): boolean => this.#socket === socket;
    let hasOpened = false;
    socket.addEventListener("open", () => {
      hasOpened = true;
      clearTimeout(this.#connectTimer);
      if (isPresent()) void this.#prepare(socket);
    });
    socket.addEventListener("message", ({ data }: { readonly data: unknown }) => {
      if (isPresent() && typeof data === "string") this.#owner.received(data);
    });
    socket.addEventListener("close", ({ code, reason }: Ending) => {
      if (isPresent()) this.#down({ code, reason });
    });
    // Once open, what went wrong comes with the end. Of an attempt Node 22 tells no end, and Deno one with the code 0.
    socket.addEventListener("error", () => {
      if (isPresent() && !hasOpened) this.#down({ code: 1006, reason: "" });
    });
  }

  /** Null when there is none. */
  async #open(): Promise<WebSocketLike | null> {
    let url: string;
    try {
      url = await this.#options.url();
    } catch (error) {
      if (this.#socket === null) this.#down({ code: 1006, reason: messageOf(error) });
      return null;
    }
    // When the device woke up meanwhile that has asked too, and was faster.
    if (this.state.value.status === "closed" || this.#socket !== null) return null;
    try {
      const WebSocketOf = this.#options.webSocket();
      this.#socket = new WebSocketOf(url, [...this.#options.protocols]);
      return this.#socket;
    } catch (error) {
      // A runtime without WebSocket, a URL that is none: no later attempt will do better.
      if (error instanceof ConnectionError) this.failure = error;
      this.close({ code: 1006, reason: messageOf(error) });
      return null;
    }
  }

  async #prepare(socket: WebSocketLike): Promise<void> {
    try {
      await this.#owner.prepare();
    } catch (error) {
      if (this.#socket === socket) this.drop(messageOf(error));
      return;
    }
    if (this.#socket !== socket) return;
    this.#openedAt = Date.now();
    this.state.set({ status: "open" });
    this.#owner.opened();
  }

  #down(ending: Ending): void {
    this.#abandon();
    if (this.state.value.status === "closed") return;
    const isFinal = !(this.#options.reconnects(ending) ?? comesBack(ending.code));
    if (isFinal) return this.close(ending);
    // One that was open for a moment only is one more failure.
    this.#attempt = this.#openedAt > 0 && Date.now() - this.#openedAt >= STEADY_MS ? 1 : this.#attempt + 1;
    this.#openedAt = 0;
    const reason = ending.reason === "" ? `The connection ended with code ${ending.code}.` : ending.reason;
    if (this.#attempt > this.#options.maxAttempts) return this.#giveUp(reason);
    this.#pause(reason);
    this.#owner.lost(ending, false);
  }

  #giveUp(reason: string): void {
    const { maxAttempts } = this.#options;
    this.failure = new ConnectionError(
      "unreachable",
      `There was no connection after ${maxAttempts} more attempts. ${reason} Is the URL right, and may this user connect?`,
    );
    this.close({ code: 1006, reason });
  }

  #pause(reason: string): void {
    const attempt = this.#attempt;
    if (isOffline()) return this.state.set({ status: "reconnecting", attempt, reason, retryAt: null });
    const delay = backoffDelay(attempt, this.#options.backoff);
    this.#timer = setTimeout(() => this.#retry(), delay);
    this.state.set({ status: "reconnecting", attempt, reason, retryAt: Date.now() + delay });
  }

  #retry(): void {
    clearTimeout(this.#timer);
    const { value } = this.state;
    if (value.status !== "reconnecting" || this.#socket !== null) return;
    this.state.set({ ...value, retryAt: null });
    void this.#connect();
  }

  /** The device is online again, or somebody looks at the page: no reason to wait. */
  #wake(): void {
    const { value } = this.state;
    if (value.status === "reconnecting" && (value.retryAt !== null || !isOffline())) this.#retry();
  }

  /** Nothing more is heard of the present socket, whether its peer is there or not. */
  #abandon(): void {
    const socket = this.#socket;
    clearTimeout(this.#connectTimer);
    this.#socket = null;
    socket?.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
