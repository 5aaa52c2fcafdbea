import { apiErrorOf } from "./api-error-of.ts";
import { Arrivals } from "./arrivals.ts";
import { ConnectionError } from "./connection-error.ts";
import { isLastPage } from "./is-last-page.ts";
import { TimeoutError } from "./timeout-error.ts";
import type { ServerFrame } from "./server-message.ts";

/** What to ask of the server, and how. */
export interface CallRequest {
  readonly stream: string | null;
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** May it be sent again when its answer was lost? */
  readonly isRepeatable: boolean;
  /** Milliseconds from sending to the answer. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the answer before anything that came behind it is looked at. */
  readonly onAnswer?: ((data: unknown) => void) | undefined;
}

/** Who carries calls to the server. */
export interface CallCarrier {
  /** The caller does not want the answer any more. */
  cancel(call: Call): void;
}

/** One request and its answer, or its answers. */
export class Call {
  readonly id: number;
  readonly request: CallRequest;
  readonly answer: Promise<unknown>;
  readonly items = new Arrivals<unknown>();
  /** Was it sent over the present connection? */
  isSent = false;
  /** A new token was asked for on its behalf. */
  hasReauthenticated = false;
  /** Are its answers taken one by one? */
  isStreamed = false;
  #isOver = false;
  #hasItems = false;
  readonly #carrier: CallCarrier;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve: (data: unknown) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  readonly #abort = (): void => this.cancel(this.request.signal?.reason);

  constructor(id: number, request: CallRequest, carrier: CallCarrier) {
    this.id = id;
    this.request = request;
    this.#carrier = carrier;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    request.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** `users.create`, for messages. */
  get name(): string {
    const { stream, action } = this.request;
    return stream === null ? action : `${stream}.${action}`;
  }

  get payload(): Readonly<Record<string, unknown>> {
    return { ...this.request.args, action: this.request.action, request_id: this.id };
  }

  sent(): void {
    const { timeout } = this.request;
    this.isSent = true;
    clearTimeout(this.#timer);
    if (Number.isFinite(timeout)) this.#timer = setTimeout(() => this.cancel(new TimeoutError(this.name, timeout)), timeout);
  }

  /** Takes an answer. @returns whether that was the last one. */
  take(frame: ServerFrame): boolean {
    if (frame.status === 206) this.#takeItem(frame.data);
    else if (frame.status >= 400 || frame.errors.length > 0) this.fail(apiErrorOf(frame, this.name));
    else if (this.isStreamed && this.request.action === "list" && frame.data !== null) this.#takePage(frame.data);
    else this.#finish(frame.data);
    return this.#isOver;
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#over();
    this.#reject(error);
    this.items.end(error instanceof Error ? error : new DOMException(String(error), "AbortError"));
  }

  /** The connection ended. @returns whether the call goes on over the next one. */
  survives(): boolean {
    clearTimeout(this.#timer);
    if (!this.isSent || (this.request.isRepeatable && !this.#hasItems)) {
      this.isSent = false;
      return true;
    }
    this.fail(
      new ConnectionError(
        "answer_lost",
        `The connection ended before ${this.name} was answered; whether it was run is not known. Look before you call it again, or pass { idempotencyKey } for an action that takes one.`,
      ),
    );
    return false;
  }

  /** The caller does not want the answer any more. */
  cancel(reason: unknown): void {
    if (this.#isOver) return;
    this.#carrier.cancel(this);
    this.fail(reason);
  }

  #takeItem(item: unknown): void {
    this.#hasItems = true;
    clearTimeout(this.#timer);
    this.items.push(item);
  }

  /** Without the sub-protocol a streamed list has no end of its own (PROTOCOL.md 6.2). */
  #takePage(page: unknown): void {
    this.#takeItem(page);
    if (isLastPage(page)) this.#finish(undefined);
  }

  #finish(data: unknown): void {
    this.#over();
    this.request.onAnswer?.(data);
    this.#resolve(data);
    this.items.end();
  }

  #over(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener("abort", this.#abort);
  }
}
