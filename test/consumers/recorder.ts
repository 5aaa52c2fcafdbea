import type {
  Instrumentation,
  RefusedConnection,
  RequestOutcome,
  SeenConnection,
  SeenRequest,
  SeenSubscription,
} from "../../src/index.ts";
import type { APIException } from "../../src/protocol/exceptions.ts";

/** Keeps all that an instrumentation is told, in order, and lets a test wait for it. */
export class Recorder implements Instrumentation {
  readonly told: string[] = [];
  readonly opened: SeenConnection[] = [];
  readonly closed: { readonly connection: SeenConnection; readonly code: number }[] = [];
  readonly refused: RefusedConnection[] = [];
  readonly started: SeenRequest[] = [];
  readonly finished: { readonly request: SeenRequest; readonly outcome: RequestOutcome }[] = [];
  readonly frames: { readonly connection: SeenConnection; readonly error: APIException }[] = [];
  readonly subscribed: SeenSubscription[] = [];
  readonly unsubscribed: SeenSubscription[] = [];
  readonly sent: {
    readonly connection: SeenConnection;
    readonly frames: number;
    readonly bytes: number;
    readonly lag: number | null;
  }[] = [];
  readonly resets: SeenConnection[] = [];
  #waiting: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  connectionOpened(connection: SeenConnection): void {
    this.opened.push(connection);
    this.#note("opened");
  }

  connectionClosed(connection: SeenConnection, code: number): void {
    this.closed.push({ connection, code });
    this.#note("closed");
  }

  connectionRefused(refused: RefusedConnection): void {
    this.refused.push(refused);
    this.#note("refused");
  }

  requestStarted(request: SeenRequest): void {
    this.started.push(request);
    this.#note(`started ${request.action}`);
  }

  aroundRequest<T>(request: SeenRequest, run: () => T): T {
    this.#note(`around ${request.action}`);
    return run();
  }

  requestFinished(request: SeenRequest, outcome: RequestOutcome): void {
    this.finished.push({ request, outcome });
    this.#note(`finished ${request.action} ${outcome.status}`);
  }

  frameRefused(connection: SeenConnection, error: APIException): void {
    this.frames.push({ connection, error });
    this.#note(`frame ${error.status}`);
  }

  subscriptionOpened(subscription: SeenSubscription): void {
    this.subscribed.push(subscription);
    this.#note(`subscribed ${subscription.action}`);
  }

  subscriptionClosed(subscription: SeenSubscription): void {
    this.unsubscribed.push(subscription);
    this.#note(`unsubscribed ${subscription.action}`);
  }

  eventsSent(
    connection: SeenConnection,
    sent: { readonly frames: number; readonly bytes: number; readonly lag: number | null },
  ): void {
    this.sent.push({ connection, ...sent });
    this.#note(`sent ${sent.frames}`);
  }

  subscriptionReset(connection: SeenConnection): void {
    this.resets.push(connection);
    this.#note("reset");
  }

  /** Resolves when the test is true, now or once something more was told. */
  until(isOver: () => boolean): Promise<void> {
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isOver, resolve }));
  }

  /** Resolves when every connection that was opened has ended. */
  untilQuiet(): Promise<void> {
    return this.until(() => this.opened.length > 0 && this.closed.length === this.opened.length);
  }

  #note(text: string): void {
    this.told.push(text);
    const over = this.#waiting.filter(({ isOver }) => isOver());
    this.#waiting = this.#waiting.filter((waiter) => !over.includes(waiter));
    for (const { resolve } of over) resolve();
  }
}
