import { Throttled } from "../protocol/exceptions.ts";
import type { RequestId } from "../protocol/request-id.ts";
import type { ActionContext } from "./action-context.ts";
import type { RequestKind } from "./request-kind.ts";

/** How many requests may be under way at once, and how many more that subscribe. */
export interface RequestLimits {
  readonly maxInFlight: number;
  readonly maxSubscriptions: number;
}

/** The requests of one connection that are under way: how many, how to end them, and when they have ended. */
export class RunningRequests {
  private readonly limits: RequestLimits;
  private readonly kinds = new Map<ActionContext, RequestKind | "stream">();
  private subscriptions = 0;
  private unnamed = 0;
  private waiting: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  constructor(limits: RequestLimits) {
    this.limits = limits;
  }

  /**
   * Why one more is not taken (429), or null. Requests that subscribe have a limit of their own, so that a client which comes back may ask for all
   * its subscriptions at once.
   */
  refusalOf(kind: RequestKind): Throttled | null {
    const { maxInFlight, maxSubscriptions } = this.limits;
    if (kind === "subscription") return this.subscriptions < maxSubscriptions ? null : tooManySubscriptions(maxSubscriptions);
    if (this.kinds.size - this.subscriptions + this.unnamed < maxInFlight) return null;
    return new Throttled(null, `Expected at most ${maxInFlight} requests under way at one consumer.`);
  }

  /** Counts a request while the name of its action is still being found. */
  async countWhile<T>(naming: Promise<T>): Promise<T> {
    this.unnamed += 1;
    try {
      return await naming;
    } finally {
      this.unnamed -= 1;
      // Not at once: the request is added in the promise jobs that follow.
      setImmediate(() => this.wake());
    }
  }

  add(context: ActionContext, kind: RequestKind): void {
    if (kind === "subscription") this.subscriptions += 1;
    this.kinds.set(context, kind);
  }

  /** From now on it is a stream: it may last, and nobody who waits for answers waits for it. */
  markStream(context: ActionContext): void {
    if (this.kinds.get(context) === "request") this.kinds.set(context, "stream");
    this.wake();
  }

  delete(context: ActionContext): void {
    context.noteAnswer();
    if (this.kinds.get(context) === "subscription") this.subscriptions -= 1;
    this.kinds.delete(context);
    if (this.waiting.length > 0) this.wake();
  }

  /** Cancels what the test names; gives how many that were. */
  cancel(matches: (context: ActionContext) => boolean): number {
    const chosen = [...this.kinds.keys()].filter((context) => !context.cancelled && matches(context));
    for (const context of chosen) context.cancel();
    return chosen.length;
  }

  /** The client has room for so many more items of the streams of this request. */
  grant(requestId: RequestId, items: number): void {
    for (const context of this.kinds.keys()) if (context.requestId === requestId) context.credit?.grant(items);
  }

  /** Null when every request that has committed something is answered; else resolves when those of now are. */
  whenCommitsAnswered(): Promise<void> | null {
    if (this.kinds.size === 0) return null;
    const owing = [...this.kinds.keys()].filter((context) => context.owesAnswer);
    if (owing.length === 0) return null;
    return new Promise((resolve) => {
      let left = owing.length;
      const settle = (): void => {
        left -= 1;
        if (left === 0) resolve();
      };
      for (const context of owing) context.onAnswered(settle);
    });
  }

  /** Resolves when the requests of this id that are under way have their first answers. */
  async whenRequestAnswered(requestId: RequestId, asking: ActionContext): Promise<void> {
    const meant = [...this.kinds.keys()].filter((context) => context !== asking && context.requestId === requestId);
    await Promise.all(meant.map((context) => new Promise<void>((resolve) => context.onAnswered(resolve))));
  }

  /** Resolves when no request is under way; streams are not waited for. */
  whenAnswered(): Promise<void> {
    return this.when(() => this.unnamed === 0 && [...this.kinds.values()].every((kind) => kind === "stream"));
  }

  /** Resolves when neither request nor stream is under way. */
  whenEmpty(): Promise<void> {
    return this.when(() => this.kinds.size + this.unnamed === 0);
  }

  private when(isOver: () => boolean): Promise<void> {
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ isOver, resolve }));
  }

  private wake(): void {
    const over = this.waiting.filter((waiter) => waiter.isOver());
    this.waiting = this.waiting.filter((waiter) => !over.includes(waiter));
    for (const waiter of over) waiter.resolve();
  }
}

/** One more subscription than a consumer may have on one connection. */
export function tooManySubscriptions(maxSubscriptions: number): Throttled {
  return new Throttled(null, `Expected at most ${maxSubscriptions} subscriptions of one consumer on one connection.`);
}
