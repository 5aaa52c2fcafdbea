import type { ActionContext } from "../consumers/action-context.ts";
import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { replyWithData, type Reply } from "../consumers/reply.ts";
import { tooManySubscriptions } from "../consumers/running-requests.ts";
import { liveSubprotocol } from "../protocol/live-subprotocol.ts";
import type { Position } from "../models/change-log/position.ts";
import type { LiveSubscription } from "./live-subscription.ts";

const sessions = new WeakMap<AnyGenericConsumer, LiveSession>();

/** The subscriptions of one consumer of one connection. */
export class LiveSession {
  readonly #consumer: AnyGenericConsumer;
  readonly #subscriptions = new Map<string, LiveSubscription>();
  /** What the subscribers' first snapshots had seen, as they were told. */
  readonly #beginnings = new WeakMap<LiveSubscription, string>();
  #hasEnded = false;

  private constructor(consumer: AnyGenericConsumer) {
    this.#consumer = consumer;
    consumer.followCommits();
    consumer.whenEnded(() => this.#endAll());
  }

  static of(consumer: AnyGenericConsumer): LiveSession {
    const known = sessions.get(consumer);
    if (known !== undefined) return known;
    const made = new LiveSession(consumer);
    sessions.set(consumer, made);
    return made;
  }

  /** That of a consumer which has ever subscribed. */
  static known(consumer: AnyGenericConsumer): LiveSession | undefined {
    return sessions.get(consumer);
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** What is followed now. */
  get subscriptions(): readonly LiveSubscription[] {
    return [...this.#subscriptions.values()];
  }

  /** What a subscriber had seen when it began; null where that is not known. */
  beginningOf(subscription: LiveSubscription): Position | null {
    const [text] = this.#beginnings.get(subscription)?.split("~") ?? [];
    return subscription.tap?.queryset.model.database.changes.parsePosition(text) ?? null;
  }

  /**
   * Begins a subscription under a name; one of the same name ends, since the client starts anew. Answers 201 with the snapshot and its position,
   * or with null when the events that were missed since `since` follow.
   *
   * @throws Throttled (429) when the connection has as many as it may.
   */
  async open<T>(name: string, subscription: LiveSubscription, context: ActionContext, since: unknown): Promise<Reply<T | null>> {
    const { maxSubscriptions } = this.#consumer["connection"].settings;
    if (!this.#subscriptions.has(name) && this.#subscriptions.size >= maxSubscriptions) {
      throw tooManySubscriptions(maxSubscriptions);
    }
    this.#subscriptions.get(name)?.end();
    this.#subscriptions.set(name, subscription);
    if (this.#hasEnded) subscription.end();
    try {
      const { content, position, isReset } = await subscription.open(context, since);
      this.#beginnings.set(subscription, position);
      const isResumable = since !== undefined && since !== null;
      const extra = { position, ...(isResumable ? { reset: isReset } : {}), ...this.#rowKey(subscription) };
      return replyWithData<T | null>(wrapped(content), 201, extra);
    } catch (error) {
      if (this.#subscriptions.get(name) === subscription) this.#subscriptions.delete(name);
      throw error;
    }
  }

  /** Ends the subscriptions whose name the test accepts. @returns how many. */
  close(matches: (name: string) => boolean): number {
    const names = [...this.#subscriptions.keys()].filter(matches);
    for (const name of names) {
      this.#subscriptions.get(name)?.end();
      this.#subscriptions.delete(name);
    }
    return names.length;
  }

  async refresh(): Promise<void> {
    await Promise.all([...this.#subscriptions.values()].map((subscription) => subscription.refresh()));
  }

  /** Tells a client that folds events by which field rows are told apart. */
  #rowKey({ pkField }: LiveSubscription): { readonly pk_field?: string } {
    const isLive = this.#consumer.scope.subprotocol === liveSubprotocol;
    return isLive && pkField !== undefined ? { pk_field: pkField } : {};
  }

  #endAll(): void {
    this.#hasEnded = true;
    this.close(() => true);
  }
}

function wrapped(content: unknown): object | null {
  return typeof content === "object" ? content : null;
}
