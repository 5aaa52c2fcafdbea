import { APIError } from "restwave/client";
import type { ServerFrame, SentRequest } from "./frames.ts";
import type { JsonObject } from "./json.ts";
import type { Line } from "./line.ts";

/** What is called, and where. */
export interface ExchangeRequest {
  readonly line: Line;
  readonly stream: string | null;
  readonly action: string;
  readonly args: JsonObject;
  readonly isStream: boolean;
}

/** A request and what has come of it so far. */
export interface Exchange {
  readonly standing: "waiting" | "sending" | "streaming" | "done" | "failed" | "stopped";
  readonly request: ExchangeRequest;
  readonly sent: SentRequest | null;
  /** The status of the last answer. */
  readonly status: number | null;
  /** Milliseconds from sending to the last answer. */
  readonly duration: number | null;
  readonly data: unknown;
  /** The `errors` of an answer that says no. */
  readonly errors: readonly unknown[] | null;
  readonly errorId: string | null;
  /** What went wrong without an answer. */
  readonly problem: string | null;
  /** The newest items of a stream, and how many there were. */
  readonly items: readonly unknown[];
  readonly itemCount: number;
  /** The last answer as it came. */
  readonly frame: ServerFrame | null;
}

/** Items of a stream that are shown. */
const SHOWN_ITEMS = 200;

/** Calls an action, and tells of each step. @returns when it is over. */
export async function runExchange(
  request: ExchangeRequest,
  signal: AbortSignal,
  tell: (exchange: Exchange) => void,
): Promise<void> {
  const runner = new Runner(request, tell);
  await runner.run(signal);
}

class Runner {
  readonly #tell: (exchange: Exchange) => void;
  #exchange: Exchange;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: ExchangeRequest, tell: (exchange: Exchange) => void) {
    this.#tell = tell;
    this.#exchange = {
      standing: "waiting",
      request,
      sent: null,
      status: null,
      duration: null,
      data: undefined,
      errors: null,
      errorId: null,
      problem: null,
      items: [],
      itemCount: 0,
      frame: null,
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    let stopListening: () => void = () => undefined;
    try {
      this.#change({});
      const { line, stream, action, args } = this.#exchange.request;
      await line.whenOpen(signal);
      const resource = line.resource(stream);
      const { result: call, sent } = line.tap.capture(() => resource["call"]?.(action, args, { signal }));
      this.#change({ standing: "sending", sent });
      if (sent !== null) stopListening = line.tap.listen(sent, (frame, at) => this.#hear(frame, at - sent.at));
      await (this.#exchange.request.isStream ? this.#drain(call) : this.#await(call));
    } catch (error) {
      this.#fail(error, signal);
    } finally {
      stopListening();
    }
  }

  async #await(call: Promise<unknown>): Promise<void> {
    const data = await call;
    this.#change({ standing: "done", data });
  }

  async #drain(call: AsyncGenerator<unknown, unknown, void>): Promise<void> {
    for (;;) {
      const step = await call.next();
      if (step.done === true) return this.#change({ standing: "done", data: step.value });
      const { items, itemCount } = this.#exchange;
      const change = {
        standing: "streaming",
        items: [...items, step.value].slice(-SHOWN_ITEMS),
        itemCount: itemCount + 1,
      } as const;
      this.#exchange = { ...this.#exchange, ...change };
      this.#tellSoon();
    }
  }

  #hear(frame: ServerFrame, duration: number): void {
    // What comes behind the answer are events.
    if (this.#exchange.standing === "done" || (frame.action !== this.#exchange.request.action && frame.status < 400)) return;
    this.#exchange = { ...this.#exchange, frame, status: frame.status, duration };
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return this.#change({ standing: "stopped" });
    if (error instanceof APIError)
      return this.#change({ standing: "failed", status: error.status, errors: error.errors, errorId: error.errorId });
    this.#change({ standing: "failed", problem: error instanceof Error ? error.message : String(error) });
  }

  /** A stream may be faster than eyes. */
  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#change({}), 60);
  }

  #change(change: Partial<Exchange>): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#exchange = { ...this.#exchange, ...change };
    this.#tell(this.#exchange);
  }
}
