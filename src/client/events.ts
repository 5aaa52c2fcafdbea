import type { ConsumerEvent } from "../consumers/events-of.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import { Arrivals } from "./arrivals.ts";
import { ConnectionError } from "./connection-error.ts";
import { EventSubscription, type EventsRequest } from "./event-subscription.ts";
import type { Session } from "./session.ts";
import { throwUncaught } from "./throw-uncaught.ts";

/** How events are subscribed to. */
export interface EventsOptions<Action extends string = string> {
  /**
   * The action that ends the subscription, by its name on the wire: called with the same arguments and the same `request_id`. Without it the server goes on until the
   * connection ends, and what it sends is dropped.
   */
  readonly unsubscribe?: Action;
  /** Ends the subscription, which fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the server may take to subscribe. Default: the client's. */
  readonly timeout?: number;
}

/**
 * What comes of a subscription, in order. `subscribed`: the action's answer, at the start and on each new connection; `event`: what the server sent; `missed`:
 * events may have been missed here, since there was no connection or more came than were taken: read again what you show.
 */
export type EventItem<Event = ConsumerEvent, Answer = unknown> =
  ({ readonly kind: "event" } & Event) | { readonly kind: "subscribed"; readonly data: Answer } | { readonly kind: "missed" };

/** Items that wait for who iterates. Of more, all are given up for a `missed`. */
const MAX_WAITING = 1000;

/** Events of the server, for those who listen. Each has a subscription of their own. */
export class Events<Event = ConsumerEvent, Answer = unknown> {
  readonly #session: Session;
  readonly #request: EventsRequest;

  constructor(session: Session, request: EventsRequest) {
    this.#session = session;
    this.#request = request;
  }

  /** What is subscribed to, as text: the same for equal names and arguments. */
  get key(): string {
    const { stream, action, args, unsubscribe } = this.#request;
    return canonicalJson([stream, action, args, unsubscribe]);
  }

  /** The client that is asked; for `useEvents`. */
  get source(): object {
    return this.#session;
  }

  /**
   * Subscribes, and calls `listener` with each item.
   *
   * @param onError called once when the server refuses, now or on a later connection, when the client is closed, or by the signal: it has ended
   * then. Default: an uncaught error, unless the client was closed.
   * @returns a function that ends it.
   */
  subscribe(listener: (item: EventItem<Event, Answer>) => void, onError: (error: unknown) => void = uncaught): () => void {
    // What the server sends is of these types: its observers and its action say so.
    const subscription = new EventSubscription(
      this.#session,
      this.#request,
      (item) => listener(item as EventItem<Event, Answer>),
      onError,
    );
    return () => subscription.stop();
  }

  /** Subscribes, and gives each item. At most 1,000 wait to be taken. Leaving the loop unsubscribes. @throws what `subscribe` gives its `onError`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<EventItem<Event, Answer>, void, void> {
    const items = new Arrivals<EventItem<Event, Answer>>();
    const stop = this.subscribe(
      (item) => {
        if (items.size >= MAX_WAITING) {
          items.clear();
          items.push({ kind: "missed" });
        }
        items.push(item);
      },
      (error) => items.end(error),
    );
    try {
      for (let item = await items.next(); item !== undefined; item = await items.next()) yield item.value;
    } finally {
      stop();
    }
  }
}

function uncaught(error: unknown): void {
  if (!(error instanceof ConnectionError)) throwUncaught(error);
}
