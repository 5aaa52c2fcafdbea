import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { SeenSubscription } from "../consumers/instrumentation.ts";
import { WatchedConnection } from "../consumers/watched-connection.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** What begins. */
interface Subscribed {
  readonly consumer: AsyncAPIConsumer;
  readonly action: string;
  readonly args: MessageArguments;
  readonly requestId: RequestId;
}

/** A subscription that somebody watches. */
export class WatchedSubscription implements SeenSubscription {
  readonly connection: WatchedConnection;
  readonly consumer: string;
  readonly stream: string | null;
  readonly action: string;
  readonly requestId: RequestId;
  readonly args: MessageArguments;
  readonly startedAt: number;
  #isOpen = true;

  private constructor(connection: WatchedConnection, { consumer, action, args, requestId }: Subscribed) {
    this.connection = connection;
    this.consumer = consumer.constructor.name;
    this.stream = consumer["connection"].streamName ?? null;
    this.action = action;
    this.requestId = requestId;
    this.args = args;
    this.startedAt = connection.settings.clock();
  }

  /** It has begun. Null where nobody watches. */
  static open(subscription: Subscribed): WatchedSubscription | null {
    const connection = WatchedConnection.of(subscription.consumer["connection"]);
    if (connection === null) return null;
    const made = new WatchedSubscription(connection, subscription);
    connection.tell((instrumentation) => instrumentation.subscriptionOpened?.(made));
    return made;
  }

  /** It has ended. Told once. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.connection.tell((instrumentation) => instrumentation.subscriptionClosed?.(this));
  }
}
