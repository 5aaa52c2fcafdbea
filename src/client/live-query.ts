import { asError } from "./as-error.ts";
import { ConnectionError } from "./connection-error.ts";
import type { DehydratedQuery } from "./dehydrated-query.ts";
import type { OptimisticLayer } from "./optimistic-layer.ts";
import type { OptimisticLayers } from "./optimistic-layers.ts";
import { Observable } from "./observable.ts";
import type { Session } from "./session.ts";
import type { Begun, RowChange, Subscription, SubscriptionListener, SubscriptionRequest } from "./subscription.ts";

/**
 * Where live data stands. `idle`: nobody listens; `loading`: the first snapshot is on its way; `live`: as the server has it; `stale`: as the server had it when the
 * connection ended; `failed`: the server refused, see `error`.
 */
export type LiveStatus = "idle" | "loading" | "live" | "stale" | "failed";

/** What is known of live data. Never changed in place: as long as nothing changes it is the same object, and so is each part of it. */
export interface LiveSnapshot<T> {
  readonly status: LiveStatus;
  /** Undefined before the first snapshot. */
  readonly data: T | undefined;
  readonly error: Error | null;
}

export interface LiveQueryOptions {
  readonly session: Session;
  readonly request: SubscriptionRequest;
  /** Milliseconds from the last listener to the end of the subscription. */
  readonly gracePeriod: number;
  /** Changes that are on their way to the server. */
  readonly layers: OptimisticLayers;
  /** Called when it begins, and when it ends, to be listened to. */
  readonly onUse: (isUsed: boolean) => void;
}

/** Data of the server that stays as the server has it while somebody listens. */
export abstract class LiveQuery<T> implements SubscriptionListener {
  readonly #options: LiveQueryOptions;
  readonly #state: Observable<LiveSnapshot<T>>;
  #subscription: Subscription | null = null;
  /** Where the next subscription goes on. */
  #since: string | null = null;
  #hydrated: LiveSnapshot<T> | null = null;
  #pkField: string | undefined;
  #listeners = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveQueryOptions) {
    this.#options = options;
    this.#state = new Observable<LiveSnapshot<T>>({ status: "idle", data: undefined, error: null });
  }

  get request(): SubscriptionRequest {
    return this.#options.request;
  }

  /** What is known now: for `useSyncExternalStore` and its like. */
  readonly getSnapshot = (): LiveSnapshot<T> => this.#state.value;

  /** What the page that came from the server shows, if it came with data of this query (`hydrate`): for `useSyncExternalStore` and its like. */
  get hydrated(): LiveSnapshot<T> | null {
    return this.#hydrated;
  }

  get data(): T | undefined {
    return this.#state.value.data;
  }

  get status(): LiveStatus {
    return this.#state.value.status;
  }

  get error(): Error | null {
    return this.#state.value.error;
  }

  /** Calls `listener` after each change, and keeps the data live as long. @returns a function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#state.subscribe(listener);
    this.#listeners += 1;
    clearTimeout(this.#timer);
    if (this.#subscription === null) this.#begin();
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      stop();
      this.#listeners -= 1;
      if (this.#listeners === 0) this.#endLater();
    };
  };

  /** The data as the server has it, as soon as it is there. @throws what the server refused it with, a ConnectionError when the client is closed. */
  async ready(): Promise<T> {
    for await (const { status, data, error } of this) {
      if (status === "failed" && error !== null) throw error;
      if (status === "live" && data !== undefined) return data;
    }
    throw new ConnectionError("closed", "Live data has ended.");
  }

  /** Resolves when it is as the server has it, has failed, or nobody listens any more. */
  whenSettled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#state.subscribe(() => {
        if (this.status === "loading" || this.status === "stale") return;
        stop();
        resolve();
      });
    });
  }

  /** Every snapshot from now on, until it fails; those that come while the last one is looked at are left out but for the newest. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LiveSnapshot<T>, void, void> {
    let wake: () => void = () => undefined;
    const stop = this.subscribe(() => wake());
    try {
      for (;;) {
        const seen = this.#state.value;
        yield seen;
        if (seen.status === "failed") return;
        if (this.#state.value === seen) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
    }
  }

  /** Begins with what was known on the server. */
  hydrate({ data, position, pkField }: DehydratedQuery): void {
    this.#pkField = pkField;
    this.takeBegin({ data, goesOn: false, pkField });
    this.#since = position;
    this.#set("idle", null);
    this.#hydrated = { ...this.#state.value, status: "live" };
  }

  /** What a browser needs to go on from here; null when nothing is known, or the server tells no positions. */
  dehydrated(): DehydratedQuery | null {
    const position = this.#subscription?.position ?? null;
    const { data } = this.#state.value;
    if (position === null || data === undefined) return null;
    return { request: this.request, data: this.answer, position, pkField: this.#pkField };
  }

  begun(begun: Begun): void {
    this.#pkField = begun.pkField;
    this.takeBegin(begun);
    this.#set("live", null);
  }

  changed(changes: readonly RowChange[]): void {
    this.takeChanges(changes);
    this.#set(this.#state.value.status, null);
  }

  refused(error: unknown): void {
    const subscription = this.#subscription;
    // Who listens next tries again.
    this.#subscription = null;
    if (subscription !== null) this.#options.session.unsubscribe(subscription);
    this.#set("failed", asError(error));
  }

  lost(): void {
    if (this.#state.value.status === "live") this.#set("stale", null);
  }

  /** The client is closed: there is nothing left to end, and no timer has to keep the process running. */
  clientClosed(): void {
    clearTimeout(this.#timer);
  }

  /** Shows the data anew: there are other changes on their way to the server than before. */
  layersChanged(): void {
    this.#set(this.#state.value.status, this.#state.value.error);
  }

  /** What is known, as the server would answer. */
  protected abstract readonly answer: unknown;

  protected get layers(): readonly OptimisticLayer[] {
    return this.#options.layers.of(this.request.stream);
  }

  protected abstract takeBegin(begun: Begun): void;

  protected abstract takeChanges(changes: readonly RowChange[]): void;

  /** As it is to be seen; undefined before the first snapshot. */
  protected abstract readonly visible: T | undefined;

  #begin(): void {
    const { session, request, onUse } = this.#options;
    onUse(true);
    this.#set("loading", null);
    const since = this.#since;
    this.#since = null;
    this.#subscription = session.subscribe(request, this, since);
  }

  #endLater(): void {
    const { session, gracePeriod } = this.#options;
    if (session.socket.state.value.status !== "closed") this.#timer = setTimeout(() => this.#end(), gracePeriod);
  }

  #end(): void {
    const { session, onUse } = this.#options;
    const subscription = this.#subscription;
    this.#subscription = null;
    if (subscription !== null) session.unsubscribe(subscription);
    this.#set("idle", null);
    onUse(false);
  }

  #set(status: LiveStatus, error: Error | null): void {
    const { value } = this.#state;
    const data = this.visible;
    if (value.status !== status || value.data !== data || value.error !== error) this.#state.set({ status, data, error });
  }
}
