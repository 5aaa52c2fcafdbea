import type { PermissionClass } from "../permissions/base-permission.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";
import type { Clock } from "../throttling/clock.ts";
import { consoleLogger, type Logger, toSafeLogger } from "./logger.ts";
import { randomUUID } from "node:crypto";

/** What holds for every consumer of a server unless the consumer says otherwise. All are options of `serve` and `attach`. */
export interface ConsumerSettings {
  /** Permissions of consumers that declare none. Default: none, so everything is allowed (DCRF). */
  readonly defaultPermissionClasses: readonly PermissionClass[];
  /** Throttles of consumers that declare none. Default: none. */
  readonly defaultThrottleClasses: readonly (new () => BaseThrottle)[];
  /** Requests that may be under way at one consumer of one connection at once; one more is answered 429. Default 100. */
  readonly maxInFlight: number;
  /** Levels of nesting that a frame may have; a deeper one is answered 400. Default 1000. */
  readonly maxDepth: number;
  /**
   * `false`: actions of a connection run side by side and are answered as they finish; the writing model actions keep the order among
   * themselves. `true`: every action waits for the one before it, as DCRF does. Default false. A consumer's own `ordered` wins.
   */
  readonly ordered: boolean;
  /**
   * Where errors of the application are written, with the id that the client was given: name, message, code, stack and causes, but nothing that
   * a database driver says. Default: one JSON line per entry on stderr.
   */
  readonly logger: Logger;
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
  logger: consoleLogger,
  ids: randomUUID,
  clock: Date.now,
});

/** Completes a partial choice with the defaults. */
export function resolveSettings(given: Partial<ConsumerSettings> = {}): ConsumerSettings {
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: ConsumerSettings = { ...defaults, ...Object.fromEntries(chosen) };
  return Object.freeze({ ...settings, logger: toSafeLogger(settings.logger) });
}
