import type { MessageArguments } from "../protocol/arguments.ts";
import type { APIException } from "../protocol/exceptions.ts";
import type { RequestId } from "../protocol/request-id.ts";
import type { Scope } from "../protocol/scope.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { ConsumerSession } from "./connection.ts";
import type { Logger } from "./logger.ts";
import type { ThrownDescription } from "./describe-thrown.ts";

export type { Refusal } from "../protocol/refusal.ts";

/**
 * Watches a server: metrics, traces, logs and the explorer's inspector are made of it. Every member is optional and is called at once, in
 * the order of what happens. What happens on one connection: `connectionOpened` first, `connectionClosed` last.
 *
 * A member MUST return quickly, MUST NOT change what it is given, and MUST NOT keep it beyond `connectionClosed` of its connection. One that throws
 * fails nothing: the error is logged.
 */
export interface Instrumentation {
  /** A client is connected: its socket is open, or its HTTP request has begun. */
  connectionOpened?(connection: SeenConnection): void;
  /** It has ended, and so has all that was begun on it; `code` is the close code of the socket (1000 for HTTP that ended in order). */
  connectionClosed?(connection: SeenConnection, code: number): void;
  /** A handshake, or an HTTP request, was answered with an error before a consumer took it. */
  connectionRefused?(refused: RefusedConnection): void;
  /** A request was read and is about to be checked. */
  requestStarted?(request: SeenRequest): void;
  /**
   * Runs a request: permissions, throttles, action and answer, a stream to its end. MUST call `run` exactly once, before it returns, and return what
   * it returns: a promise that never rejects. For tracing contexts.
   */
  aroundRequest?<T>(request: SeenRequest, run: () => T): T;
  /** It has its answer; for a stream, its last. Called exactly once for each that was started. */
  requestFinished?(request: SeenRequest, outcome: RequestOutcome): void;
  /** A frame could not be read as a request (bad JSON, no action, too many requests at once): it was answered with this. */
  frameRefused?(connection: SeenConnection, error: APIException): void;
  /**
   * A subscription began or ended: of `subscribe_list`, `subscribe_count` and `subscribe_instance`, or of a request to a `modelObserver` or an
   * `observer`.
   */
  subscriptionOpened?(subscription: SeenSubscription): void;
  subscriptionClosed?(subscription: SeenSubscription): void;
  /**
   * Events of live subscriptions left for a socket, joined in one write. `lag`: milliseconds since their commit was read from the change log; null where
   * they are of no one commit (missed ones, merged ones, a reset).
   */
  eventsSent?(
    connection: SeenConnection,
    sent: { readonly frames: number; readonly bytes: number; readonly lag: number | null },
  ): void;
  /** A subscription got everything afresh: its events were too many, lost or could not be worked out, or its user's rights have changed. */
  subscriptionReset?(connection: SeenConnection): void;
}

/** A connection as its watchers see it. The same object for all that happens on it, its multiplexed streams included. */
export interface SeenConnection {
  /** Unique in this process. */
  readonly id: string;
  readonly scope: Scope;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** What drives it: the consumer, or the multiplexer. */
  readonly session: ConsumerSession;
  /** Bytes that wait for the peer to take them, now. */
  readonly bufferedBytes: number;
  /** Bytes of events, about, that wait until the peer has taken those, now. */
  readonly queuedEventBytes: number;
  /** Where the server writes its log. */
  readonly logger: Logger;
}

export interface RefusedConnection {
  readonly path: string;
  readonly status: number;
  readonly error: APIException;
  /** The permission that said no, by name; null when it was something else. */
  readonly refusedBy: string | null;
  /** Where the server writes its log. */
  readonly logger: Logger;
}

/** A request as its watchers see it. The same object from start to finish. */
export interface SeenRequest {
  readonly connection: SeenConnection;
  /** The consumer's class name: `"UserConsumer"`. */
  readonly consumer: string;
  /** The name of the stream on a multiplexed socket, or null. */
  readonly stream: string | null;
  /** As the client named it, at most 128 characters. Unknown names too: see {@link isKnown}. A frame that names none is no request. */
  readonly action: string;
  /** Is it an action of the consumer? Only then may it be a label of a metric. */
  readonly isKnown: boolean;
  readonly requestId: RequestId;
  readonly args: MessageArguments;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface RequestOutcome {
  /** The status of the answer; 499 for one that was cancelled. */
  readonly status: number;
  /** Milliseconds. */
  readonly duration: number;
  /** What the client was told; null for success. */
  readonly error: APIException | null;
  /** The id under which an unexpected error (500) is in the log, or null. */
  readonly errorId: string | null;
  /** Who said no, if a permission or a throttle did. */
  readonly refusal: Refusal | null;
  /** What was thrown where `status` is 500 or more, as the log describes it (nothing of a database driver's message); else null. */
  readonly thrown: ThrownDescription | null;
}

/** A subscription as its watchers see it. The same object from start to end. */
export interface SeenSubscription {
  readonly connection: SeenConnection;
  readonly consumer: string;
  readonly stream: string | null;
  /** The action that began it; for observers their name in snake_case. */
  readonly action: string;
  readonly requestId: RequestId;
  /** For observers `{ groups }`, those that it began with. */
  readonly args: MessageArguments;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
