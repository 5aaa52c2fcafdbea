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
  /** Who takes the events that come under the request once it is answered. Such a call ends by its error, or when it is cancelled. */
  readonly events?: CallEvents;
  /** For a request that may be streamed: the items that the server may be ahead of who takes them. */
  readonly window?: number | undefined;
}

/** Who takes the events that come under a request. */
export interface CallEvents {
  /** The action that ends them, if there is one. */
  readonly unsubscribe: string | undefined;
  readonly isUnanswered: boolean;
  /** On each connection, before its events. */
  answered(data: unknown): void;
  event(frame: ServerFrame): void;
  /** There is no connection; it is asked again over the next one. */
  lost(): void;
}

/** Who carries calls to the server. */
export interface CallCarrier {
  /** The caller does not want the answer any more. */
  cancel(call: Call): void;
  /** The caller has taken so many items. */
  grant(call: Call, items: number): void;
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
  /** Has the subscribing request been answered on this connection? */
  isSubscribed = false;
  #isAwaited = false;
  #taken = 0;
  /** Events that have overtaken the answer. */
  #early: ServerFrame[] = [];
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
    const { args, action, window } = this.request;
    return { ...args, action, request_id: this.id, ...(window === undefined ? {} : { stream_credit: window }) };
  }

  sent(): void {
    const { timeout, events } = this.request;
    this.isSent = true;
    clearTimeout(this.#timer);
    if (events?.isUnanswered === true) return this.#subscribed(events, null);
    if (Number.isFinite(timeout)) this.#timer = setTimeout(() => this.cancel(new TimeoutError(this.name, timeout)), timeout);
  }

  /** Takes an answer. @returns whether that was the last one. */
  take(frame: ServerFrame): boolean {
    const { events, action } = this.request;
    if (frame.status >= 400 || frame.errors.length > 0) this.fail(apiErrorOf(frame, this.name));
    else if (events !== undefined) this.#takeEvent(events, frame, action);
    else if (frame.status === 206) this.#takeItem(frame.data);
    else if (this.isStreamed && this.request.action === "list" && frame.data !== null) this.#takePage(frame.data);
    else this.#finish(frame.data);
    return this.#isOver;
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#over();
    this.#reject(error);
    this.items.end(error);
  }

  /** The next item; undefined at the end. */
  async next(): Promise<{ readonly value: unknown } | undefined> {
    const item = await this.items.next();
    if (item !== undefined) this.#took(1);
    return item;
  }

  /** Somebody waits for the end: items that nobody takes one by one are not kept. */
  awaited(): void {
    this.#isAwaited = true;
    this.#dropItems();
  }

  /** The connection ended. @returns whether the call goes on over the next one. */
  survives(): boolean {
    clearTimeout(this.#timer);
    if (!this.isSent || (this.request.isRepeatable && !this.#hasItems)) {
      this.isSent = false;
      this.isSubscribed = false;
      this.#early = [];
      this.request.events?.lost();
      return true;
    }
    this.fail(
      new ConnectionError(
        "answer_lost",
        `The connection ended before ${this.name} was answered: it may have been run. Look before you call it again, or pass { idempotencyKey } where one is taken.`,
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
    this.#dropItems();
  }

  #dropItems(): void {
    if (!this.#isAwaited || this.isStreamed) return;
    const { size } = this.items;
    this.items.clear();
    this.#took(size);
  }

  /** Half of the window at once is as good as one by one. */
  #took(items: number): void {
    const { window } = this.request;
    if (window === undefined || this.#isOver) return;
    this.#taken += items;
    if (this.#taken < window / 2) return;
    this.#carrier.grant(this, this.#taken);
    this.#taken = 0;
  }

  #takeEvent(events: CallEvents, frame: ServerFrame, action: string): void {
    if (this.isSubscribed) events.event(frame);
    else if (frame.action === action) this.#subscribed(events, frame.data);
    else this.#early.push(frame);
  }

  #subscribed(events: CallEvents, data: unknown): void {
    clearTimeout(this.#timer);
    this.isSubscribed = true;
    events.answered(data);
    for (const frame of this.#early.splice(0)) events.event(frame);
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
