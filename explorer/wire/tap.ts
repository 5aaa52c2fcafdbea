import { Log } from "../state/log.ts";
import { readRequest, readServerFrames, type SentRequest, type ServerFrame } from "./frames.ts";
import { canonical } from "./json.ts";

/** A text that went over a socket of this page, or what became of the socket. */
export interface LoggedFrame {
  readonly id: number;
  readonly at: number;
  readonly path: string;
  readonly direction: "in" | "out" | "note";
  readonly text: string;
}

/** An event of a subscription of this page. */
export interface LoggedEvent {
  readonly id: number;
  readonly at: number;
  readonly path: string;
  readonly frame: ServerFrame;
  /** What subscribed to it; null when that is not known any more. */
  readonly request: SentRequest | null;
}

/** Everything that the sockets of this page have said and heard lately. */
export class WireLog {
  readonly frames = new Log<LoggedFrame>(1000);
  readonly events = new Log<LoggedEvent>(1000);
  #ids = 0;

  frame(path: string, direction: LoggedFrame["direction"], text: string): void {
    this.frames.add({ id: this.#next(), at: Date.now(), path, direction, text });
  }

  event(path: string, frame: ServerFrame, request: SentRequest | null): void {
    this.events.add({ id: this.#next(), at: Date.now(), path, frame, request });
  }

  #next(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

type FrameListener = (frame: ServerFrame, at: number) => void;

/** Requests that are remembered of one socket. */
const REMEMBERED = 2000;
/** With this the client asks whether the server is still there. */
const PING_ID = "restwave.ping";

/** Hears every text that goes over the sockets to one path, and can send some. */
export class Tap {
  readonly #path: string;
  readonly #log: WireLog;
  readonly #listeners = new Map<string, FrameListener>();
  readonly #requests = new Map<string, { readonly request: SentRequest; isAnswered: boolean }>();
  #socket: WebSocket | null = null;
  #captured: SentRequest[] | null = null;

  constructor(path: string, log: WireLog) {
    this.#path = path;
    this.#log = log;
  }

  /** Sends a text as it is. @returns false without a connection. */
  send(text: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  /** What `call` sends while it runs, and what it returns. */
  capture<T>(call: () => T): { readonly result: T; readonly sent: SentRequest | null } {
    const captured: SentRequest[] = [];
    this.#captured = captured;
    try {
      return { result: call(), sent: captured[0] ?? null };
    } finally {
      this.#captured = null;
    }
  }

  /** Hears the frames under a request. @returns a function that ends it. */
  listen(request: SentRequest, listener: FrameListener): () => void {
    const key = keyOf(request.stream, request.requestId);
    this.#listeners.set(key, listener);
    return () => void this.#listeners.delete(key);
  }

  /** The newest request of an action with these arguments. */
  findRequest(stream: string | null, action: string, args: object): SentRequest | null {
    const wanted = canonical(args);
    const found = [...this.#requests.values()].findLast(
      ({ request }) => request.stream === stream && request.action === action && canonical(argumentsOf(request)) === wanted,
    );
    return found?.request ?? null;
  }

  /** The request that a frame answers; null when it is not known any more. */
  requestOf({ stream, requestId }: ServerFrame): SentRequest | null {
    return this.#requests.get(keyOf(stream, requestId))?.request ?? null;
  }

  opened(socket: WebSocket): void {
    this.#socket = socket;
    this.#log.frame(this.#path, "note", `Connected${socket.protocol === "" ? "" : `, ${socket.protocol}`}`);
  }

  closed(socket: WebSocket, code: number, reason: string): void {
    if (this.#socket === socket) this.#socket = null;
    this.#log.frame(this.#path, "note", `Closed with code ${code}${reason === "" ? "" : `: ${reason}`}`);
  }

  sent(text: string): void {
    this.#log.frame(this.#path, "out", text);
    const request = readRequest(text, performance.now());
    if (request === null || request.requestId === PING_ID) return;
    this.#remember(request);
    this.#captured?.push(request);
  }

  received(text: string): void {
    const at = performance.now();
    this.#log.frame(this.#path, "in", text);
    for (const frame of readServerFrames(text)) this.#take(frame, at);
  }

  #take(frame: ServerFrame, at: number): void {
    const key = keyOf(frame.stream, frame.requestId);
    const known = this.#requests.get(key);
    if (isEvent(frame, known)) this.#log.event(this.#path, frame, known?.request ?? null);
    else if (known !== undefined && frame.status !== 206) known.isAnswered = true;
    this.#listeners.get(key)?.(frame, at);
  }

  #remember(request: SentRequest): void {
    const key = keyOf(request.stream, request.requestId);
    // Who unsubscribes does it under the same id: what comes yet is of the subscription.
    if (request.action.startsWith("un") && this.#requests.has(key)) return;
    this.#requests.delete(key);
    this.#requests.set(key, { request, isAnswered: false });
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > REMEMBERED && oldest !== undefined) this.#requests.delete(oldest);
  }
}

/** An answer has the action of its request; what comes under another, or behind the answer, is an event. */
function isEvent(
  frame: ServerFrame,
  known: { readonly request: SentRequest; readonly isAnswered: boolean } | undefined,
): boolean {
  if (frame.status >= 400 || typeof frame.action !== "string" || frame.requestId === PING_ID) return false;
  if (known === undefined) return false;
  const { action } = known.request;
  if (frame.action === action) return known.isAnswered && frame.status !== 206;
  return frame.action !== `un${action}` && frame.action !== "cancel" && frame.action !== "settle";
}

function argumentsOf({ payload }: SentRequest): object {
  const { action: _action, request_id: _id, since: _since, snapshot: _snapshot, stream_credit: _credit, ...args } = payload;
  return args;
}

function keyOf(stream: string | null, requestId: unknown): string {
  return JSON.stringify([stream, requestId ?? null]);
}
