import type { RequestId } from "../protocol/request-id.ts";
import type { ActionContext } from "./action-context.ts";

type Kind = "request" | "stream";

/** The requests of one connection that are under way: how many, how to end them, and when they have ended. */
export class RunningRequests {
  private readonly kinds = new Map<ActionContext, Kind>();
  private unnamed = 0;
  private waiting: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  get size(): number {
    return this.kinds.size + this.unnamed;
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

  add(context: ActionContext): void {
    this.kinds.set(context, "request");
  }

  /** From now on it is a stream: it may last, and nobody who waits for answers waits for it. */
  markStream(context: ActionContext): void {
    if (this.kinds.has(context)) this.kinds.set(context, "stream");
    this.wake();
  }

  delete(context: ActionContext): void {
    context.noteAnswer();
    this.kinds.delete(context);
    if (this.waiting.length > 0) this.wake();
  }

  /** Cancels what the test names; gives how many that were. */
  cancel(matches: (context: ActionContext) => boolean): number {
    const chosen = [...this.kinds.keys()].filter((context) => !context.cancelled && matches(context));
    for (const context of chosen) context.cancel();
    return chosen.length;
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
    return this.when(() => this.unnamed === 0 && ![...this.kinds.values()].includes("request"));
  }

  /** Resolves when neither request nor stream is under way. */
  whenEmpty(): Promise<void> {
    return this.when(() => this.size === 0);
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
