import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { WatchedConnection } from "../consumers/watched-connection.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { WatchedSubscription } from "./watched-subscription.ts";

/** Who subscribes to an observer, by which request. */
export interface ObserverRequest {
  readonly consumer: AsyncAPIConsumer;
  /** The observer's name in snake_case. */
  readonly action: string;
  /** null: none was named. */
  readonly requestId: RequestId;
}

/** What one request, or all that named none, listen to on one observer of a connection. */
export class ObserverSubscription implements ObserverRequest {
  readonly consumer: AsyncAPIConsumer;
  readonly action: string;
  readonly requestId: RequestId;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly #groups: Set<string>;
  #watched: WatchedSubscription | null = null;

  constructor({ consumer, action, requestId }: ObserverRequest, groups: readonly string[]) {
    this.consumer = consumer;
    this.action = action;
    this.requestId = requestId;
    this.startedAt = consumer["connection"].settings.clock();
    this.#groups = new Set(groups);
    WatchedConnection.whenOpen(consumer["connection"], () => {
      if (this.#groups.size > 0) this.#watched = WatchedSubscription.open(this);
    });
  }

  get groups(): readonly string[] {
    return [...this.#groups];
  }

  get args(): MessageArguments {
    return { groups: this.groups };
  }

  join(groups: readonly string[]): void {
    for (const group of groups) this.#groups.add(group);
  }

  /** @returns whether it was the last group: the subscription has ended. */
  leave(group: string): boolean {
    if (!this.#groups.delete(group) || this.#groups.size > 0) return false;
    this.#watched?.close();
    return true;
  }
}
