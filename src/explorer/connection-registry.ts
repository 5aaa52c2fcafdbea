import type {
  Instrumentation,
  RefusedConnection,
  RequestOutcome,
  SeenConnection,
  SeenRequest,
  SeenSubscription,
} from "../consumers/instrumentation.ts";
import { isExplorerPath } from "./explorer-path.ts";

/** What is known of an open connection besides itself. */
export interface RegisteredConnection {
  readonly seen: SeenConnection;
  requests: number;
  failures: number;
  eventFrames: number;
  /** When a throttle last refused a request of it, by the throttle's name. Milliseconds since the epoch. */
  readonly throttled: Map<string, number>;
  readonly subscriptions: Set<SeenSubscription>;
}

/** A handshake that was refused. */
export interface RefusedHandshake extends RefusedConnection {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const MAX_REFUSED = 20;

/** Who is connected: an instrumentation that only notes. The explorer's own connections are not noted. */
export class ConnectionRegistry implements Instrumentation {
  /** In the order in which they were opened. */
  readonly #connections = new Map<SeenConnection, RegisteredConnection>();
  readonly #clock: () => number;
  #refused: readonly RefusedHandshake[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Newest first. */
  get connections(): readonly RegisteredConnection[] {
    return [...this.#connections.values()].toReversed();
  }

  /** The last handshakes that were refused, newest first. */
  get refused(): readonly RefusedHandshake[] {
    return this.#refused;
  }

  connectionOpened(seen: SeenConnection): void {
    if (isExplorerPath(seen.scope.path)) return;
    const noted = {
      seen,
      requests: 0,
      failures: 0,
      eventFrames: 0,
      throttled: new Map(),
      subscriptions: new Set<SeenSubscription>(),
    };
    this.#connections.set(seen, noted);
  }

  connectionClosed(seen: SeenConnection): void {
    this.#connections.delete(seen);
  }

  connectionRefused(refused: RefusedConnection): void {
    if (isExplorerPath(refused.path)) return;
    this.#refused = [{ ...refused, at: this.#clock() }, ...this.#refused].slice(0, MAX_REFUSED);
  }

  requestFinished({ connection }: SeenRequest, { status, refusal }: RequestOutcome): void {
    const known = this.#connections.get(connection);
    if (known === undefined) return;
    known.requests += 1;
    if (status >= 400) known.failures += 1;
    if (refusal?.by === "throttle") known.throttled.set(refusal.name, this.#clock());
  }

  subscriptionOpened(subscription: SeenSubscription): void {
    this.#connections.get(subscription.connection)?.subscriptions.add(subscription);
  }

  subscriptionClosed(subscription: SeenSubscription): void {
    this.#connections.get(subscription.connection)?.subscriptions.delete(subscription);
  }

  eventsSent(seen: SeenConnection, { frames }: { readonly frames: number }): void {
    const known = this.#connections.get(seen);
    if (known !== undefined) known.eventFrames += frames;
  }
}
