import { APIError } from "./api-error.ts";
import type { Begun, RowChange, SubscriptionListener } from "./subscription.ts";

/** For a server that answers `subscribe_instance` without the row (DCRF): reads it behind each answer, and keeps the changes that come meanwhile for after it. */
export class RetrievingListener implements SubscriptionListener {
  readonly #inner: SubscriptionListener;
  readonly #retrieve: () => Promise<unknown>;
  readonly #isWanted: () => boolean;
  /** Null: the row is known. */
  #waiting: RowChange[] | null = null;

  /** @param isWanted whether anybody is still subscribed. */
  constructor(inner: SubscriptionListener, retrieve: () => Promise<unknown>, isWanted: () => boolean) {
    this.#inner = inner;
    this.#retrieve = retrieve;
    this.#isWanted = isWanted;
  }

  begun(begun: Begun): void {
    this.#waiting = null;
    if (begun.goesOn || begun.data !== null) return this.#inner.begun(begun);
    const waiting: RowChange[] = [];
    this.#waiting = waiting;
    const isOver = (): boolean => this.#waiting !== waiting || !this.#isWanted();
    const known = (data: unknown): void => {
      if (isOver()) return;
      this.#waiting = null;
      this.#inner.begun({ ...begun, data });
      if (waiting.length > 0) this.#inner.changed(waiting);
    };
    this.#retrieve().then(known, (error: unknown) => {
      if (error instanceof APIError && error.status === 404) known(null);
      else if (!isOver()) this.refused(error);
    });
  }

  changed(changes: readonly RowChange[]): void {
    if (this.#waiting === null) this.#inner.changed(changes);
    else this.#waiting.push(...changes);
  }

  refused(error: unknown): void {
    this.#waiting = null;
    this.#inner.refused(error);
  }

  lost(): void {
    this.#waiting = null;
    this.#inner.lost();
  }
}
