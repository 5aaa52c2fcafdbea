import type { EventItem } from "restwave/client";
import { Store } from "../state/store.ts";
import type { JsonObject } from "./json.ts";
import type { Line } from "./line.ts";
import type { SentRequest } from "./frames.ts";

/** What to subscribe to. */
export interface WatchRequest {
  readonly resource: string;
  readonly line: Line;
  readonly stream: string | null;
  readonly action: string;
  readonly args: JsonObject;
  /** The action that ends it, or null. */
  readonly unsubscribe: string | null;
}

/** A subscription that somebody began on this page; it lasts while the page is left for another. */
export interface Watch extends WatchRequest {
  readonly id: number;
  readonly status: "subscribing" | "subscribed" | "failed" | "stopped";
  readonly error: unknown;
  /** The answer of the subscribing action. */
  readonly answer: unknown;
  readonly events: number;
  readonly sent: SentRequest | null;
}

/** The subscriptions that were begun by hand, newest first. */
export class Watches {
  readonly all = new Store<readonly Watch[]>([]);
  readonly #stops = new Map<number, () => void>();
  #ids = 0;

  /** @returns the id of the new one. */
  start(request: WatchRequest): number {
    this.#ids += 1;
    const id = this.#ids;
    const made: Watch = { ...request, id, status: "subscribing", error: null, answer: undefined, events: 0, sent: null };
    this.all.set([made, ...this.all.get().filter(({ status }) => status !== "stopped")]);
    void this.#begin(made);
    return id;
  }

  stop(id: number): void {
    this.#stops.get(id)?.();
    this.#stops.delete(id);
    this.#change(id, { status: "stopped" });
  }

  forget(id: number): void {
    this.stop(id);
    this.all.set(this.all.get().filter((watch) => watch.id !== id));
  }

  /** All end with their connections. */
  clear(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.all.set([]);
  }

  async #begin({ id, line, stream, action, args, unsubscribe }: Watch): Promise<void> {
    const controller = new AbortController();
    this.#stops.set(id, () => controller.abort());
    try {
      await line.whenOpen(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) this.#change(id, { status: "failed", error });
      return;
    }
    const events = line.resource(stream).events(action, args, unsubscribe === null ? {} : { unsubscribe });
    const { result: stop, sent } = line.tap.capture(() =>
      events.subscribe(
        (item) => this.#take(id, item),
        (error) => this.#change(id, { status: "failed", error }),
      ),
    );
    this.#stops.set(id, stop);
    this.#change(id, { sent });
  }

  #take(id: number, item: EventItem): void {
    if (item.kind === "subscribed") this.#change(id, { status: "subscribed", answer: item.data });
    else if (item.kind === "event") this.#change(id, { events: (this.#find(id)?.events ?? 0) + 1 });
  }

  #find(id: number): Watch | undefined {
    return this.all.get().find((watch) => watch.id === id);
  }

  #change(id: number, change: Partial<Watch>): void {
    this.all.set(this.all.get().map((watch) => (watch.id === id ? { ...watch, ...change } : watch)));
  }
}
