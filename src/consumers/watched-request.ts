import { AsyncLocalStorage } from "node:async_hooks";
import type { MessageArguments } from "../protocol/arguments.ts";
import { APIException } from "../protocol/exceptions.ts";
import { refusalOf, type Refusal } from "../protocol/refusal.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { type ActionContext, RequestCancelled } from "./action-context.ts";
import type { Connection } from "./connection.ts";
import { describeThrown, type ThrownDescription } from "./describe-thrown.ts";
import type { RequestOutcome, SeenRequest } from "./instrumentation.ts";
import { runAround } from "./run-around.ts";
import { WatchedConnection } from "./watched-connection.ts";

const running = new AsyncLocalStorage<WatchedRequest>();

/** Longest name of an action that is told. */
const MAX_ACTION_LENGTH = 128;

/** What a request is, as it was read. */
export interface ReadRequest {
  readonly consumer: object;
  readonly context: ActionContext;
  readonly isKnown: boolean;
  readonly args: MessageArguments;
}

/** A request that somebody watches: from when it was read until it has its answer. */
export class WatchedRequest implements SeenRequest {
  readonly connection: WatchedConnection;
  readonly consumer: string;
  readonly stream: string | null;
  readonly action: string;
  readonly isKnown: boolean;
  readonly requestId: RequestId;
  readonly args: MessageArguments;
  readonly startedAt: number;
  readonly #context: ActionContext;
  readonly #owner: object;
  readonly #begun = performance.now();
  #status: number | null = null;
  #error: APIException | null = null;
  #errorId: string | null = null;
  #refusal: Refusal | null = null;
  #thrown: ThrownDescription | null = null;

  private constructor(connection: WatchedConnection, { consumer, context, isKnown, args }: ReadRequest, stream: string | null) {
    this.connection = connection;
    this.consumer = consumer.constructor.name;
    this.stream = stream;
    this.action = context.action.slice(0, MAX_ACTION_LENGTH);
    this.isKnown = isKnown;
    this.requestId = context.requestId;
    this.args = args;
    this.startedAt = connection.settings.clock();
    this.#context = context;
    this.#owner = consumer;
  }

  /** Null where nobody watches. */
  static start(connection: Connection, read: ReadRequest): WatchedRequest | null {
    const carrier = WatchedConnection.of(connection);
    if (carrier === null) return null;
    const made = new WatchedRequest(carrier, read, connection.streamName ?? null);
    carrier.tell((instrumentation) => instrumentation.requestStarted?.(made));
    return made;
  }

  /** The request that this code serves; null outside of one, and where nobody watches. */
  static ofCode(): WatchedRequest | null {
    return running.getStore() ?? null;
  }

  /** The same, if it is one of `consumer`. */
  static running(consumer: object): WatchedRequest | null {
    const found = running.getStore();
    return found !== undefined && found.#owner === consumer ? found : null;
  }

  /** Runs the request: what it calls, and what that awaits, finds it. */
  run<T>(run: () => T): T {
    return running.run(this, () => runAround(this.connection.settings, this, run));
  }

  /** An answer was sent. */
  answered(status: number): void {
    this.#status = status;
  }

  /** It is answered for an error. */
  failed(error: unknown): void {
    this.#refusal = refusalOf(error);
    if (error instanceof APIException) this.#error = error;
    if (!(error instanceof APIException) || error.status >= 500) this.#thrown = describeThrown(error);
  }

  /** The error is told the client as this, and under this id in the log. */
  failedAs(error: APIException, errorId: string | null = null): void {
    this.#error = error;
    this.#errorId = errorId;
  }

  /** It has its last answer, or gets none. */
  finish(): void {
    const outcome = this.#outcome();
    this.connection.tell((instrumentation) => instrumentation.requestFinished?.(this, outcome));
  }

  #outcome(): RequestOutcome {
    const duration = performance.now() - this.#begun;
    const known = { duration, errorId: this.#errorId, refusal: this.#refusal, thrown: this.#thrown };
    // A stream that is cancelled just ends.
    const isCut = this.#context.cancelled && (this.#status === null || this.#status === PARTIAL);
    if (isCut && this.#error === null) return { ...known, status: CANCELLED.status, error: CANCELLED };
    return { ...known, status: this.#status ?? this.#error?.status ?? 200, error: this.#error };
  }
}

/** The status of an item of a stream. */
const PARTIAL = 206;
const CANCELLED = new RequestCancelled();
