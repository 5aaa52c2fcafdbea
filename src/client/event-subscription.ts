import type { Call, CallEvents } from "./call.ts";
import type { EventItem } from "./events.ts";
import type { ServerFrame } from "./server-message.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

/** What is subscribed to, and how. */
export interface EventsRequest {
  readonly stream: string | null;
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly unsubscribe: string | undefined;
  /** Milliseconds from sending to the answer. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Does the server not answer the action (DCRF)? It counts as subscribed when it is sent. */
  readonly isUnanswered: boolean;
}

/** One subscription to events, over as many connections as it takes. */
export class EventSubscription implements CallEvents {
  readonly unsubscribe: string | undefined;
  readonly isUnanswered: boolean;
  readonly #listener: (item: EventItem) => void;
  readonly #onError: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #call: Call;
  #wasSubscribed = false;
  #isOver = false;
  readonly #abort = (): void => {
    this.stop();
    this.#onError(this.#signal?.reason);
  };

  constructor(session: Session, request: EventsRequest, listener: (item: EventItem) => void, onError: (error: unknown) => void) {
    const { unsubscribe, isUnanswered, signal, ...asked } = request;
    this.unsubscribe = unsubscribe;
    this.isUnanswered = isUnanswered;
    this.#signal = signal;
    this.#listener = listener;
    this.#onError = onError;
    signal?.addEventListener("abort", this.#abort, { once: true });
    // One that is sent cannot just be cancelled: the server may have subscribed by then.
    const early = signal?.aborted === true ? signal : undefined;
    this.#call = session.call({ ...asked, signal: early, isRepeatable: true, events: this });
    this.#call.answer.catch((error: unknown) => {
      if (this.#isOver) return;
      this.#end();
      onError(error);
    });
  }

  stop(): void {
    if (this.#isOver) return;
    this.#end();
    const { isSent, isSubscribed } = this.#call;
    // Else by the answer.
    if (isSubscribed || !isSent || this.unsubscribe === undefined) this.#leave();
  }

  answered(data: unknown): void {
    if (this.#isOver) return this.#leave();
    if (this.#wasSubscribed) this.#tell({ kind: "missed" });
    this.#wasSubscribed = true;
    this.#tell({ kind: "subscribed", data });
  }

  event({ action, data }: ServerFrame): void {
    this.#tell({ kind: "event", action: typeof action === "string" ? action : "", data });
  }

  lost(): void {
    if (this.#isOver) this.#leave();
  }

  #tell(item: EventItem): void {
    if (!this.#isOver) tell(() => this.#listener(item));
  }

  #end(): void {
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.#abort);
  }

  #leave(): void {
    this.#call.cancel(null);
  }
}
