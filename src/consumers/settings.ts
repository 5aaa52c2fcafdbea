import type { ChannelLayer } from "../layers/channel-layer.ts";
import { defaultChannelLayer } from "../layers/default-channel-layer.ts";
import type { PermissionClass } from "../permissions/base-permission.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";
import type { Clock } from "../throttling/clock.ts";
import type { AuthenticateToken } from "./authenticate-token.ts";
import type { Instrumentation } from "./instrumentation.ts";
import { consoleLogger, type Logger, toSafeLogger } from "./logger.ts";
import { randomUUID } from "node:crypto";

/** What holds for every consumer of a server unless the consumer says otherwise. All are options of `serve` and `attach`. */
export interface ConsumerSettings {
  /** Permissions of consumers that declare none. Default: none, so everything is allowed (DCRF). */
  readonly defaultPermissionClasses: readonly PermissionClass[];
  /** Throttles of consumers that declare none. Default: none. */
  readonly defaultThrottleClasses: readonly (new () => BaseThrottle)[];
  /** Requests that may be under way at one consumer of one connection at once, besides those that subscribe; one more is answered 429. Default 100. */
  readonly maxInFlight: number;
  /** Levels of nesting that a frame may have; a deeper one is answered 400. Default 1000. */
  readonly maxDepth: number;
  /**
   * `false`: actions of a connection run side by side and are answered as they finish; the writing model actions and
   * those that follow one row keep the order among themselves. `true`: every action waits for the one before it, as DCRF does. Default false. A consumer's own `ordered` wins.
   */
  readonly ordered: boolean;
  /** Milliseconds for which the answer to a request with an `idempotency_key` is kept; sent again later, it is run again. Default 24 hours. */
  readonly idempotencyRetention: number;
  /** Carries messages between connections, jobs and processes. Default: one in memory, which all servers of the process share. */
  readonly channelLayer: ChannelLayer;
  /** Says whose a token is that a client sends over an open connection, with the action `authenticate`. Default null: there is no such action. */
  readonly authenticateToken: AuthenticateToken | null;
  /** Subscriptions that one consumer of one connection may have; one more is answered 429. Default 1000. */
  readonly maxSubscriptions: number;
  /**
   * Bytes of events, about, that may wait for a slow reader; beyond it they are merged by row, then replaced by a fresh snapshot that is sent
   * when the reader has caught up. Default 1 MiB.
   */
  readonly maxQueuedEventBytes: number;
  /**
   * Where errors of the application are written, with the id that the client was given: name, message, code, stack and causes, but nothing that
   * a database driver says. Default: one JSON line per entry on stderr.
   */
  readonly logger: Logger;
  /** Who watches what happens: metrics, traces, logs of requests, the explorer. Default: nobody. */
  readonly instrumentations: readonly Instrumentation[];
  /** Makes the ids of errors and channels. */
  readonly ids: () => string;
  /** Milliseconds since the epoch. */
  readonly clock: Clock;
}

const defaults: ConsumerSettings = Object.freeze({
  defaultPermissionClasses: [],
  defaultThrottleClasses: [],
  maxInFlight: 100,
  maxDepth: 1000,
  ordered: false,
  maxSubscriptions: 1000,
  maxQueuedEventBytes: 1024 * 1024,
  channelLayer: defaultChannelLayer,
  authenticateToken: null,
  idempotencyRetention: 24 * 60 * 60 * 1000,
  logger: consoleLogger,
  instrumentations: [],
  ids: randomUUID,
  clock: Date.now,
});

/** Completes a partial choice with the defaults. */
export function resolveSettings(given: Partial<ConsumerSettings> = {}): ConsumerSettings {
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: ConsumerSettings = { ...defaults, ...Object.fromEntries(chosen) };
  return Object.freeze({ ...settings, logger: toSafeLogger(settings.logger) });
}
