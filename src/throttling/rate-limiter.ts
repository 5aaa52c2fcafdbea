import type { ParsedRate } from "./rate.ts";

/**
 * Counts requests per key: what a throttle needs of a limiter, and the shape of every class of `rate-limiter-flexible`.
 *
 * `consume` MUST resolve when the request is within the rate, and reject with an object that has `msBeforeNext` (milliseconds) when it is
 * not. It MUST reject with an `Error` when it could not count at all (a store that is away): the request is then answered 500, not allowed.
 */
export interface RateLimiter {
  consume(key: string): Promise<unknown>;
  /**
   * What was counted of a key in its present window, without counting; null where there is none. Optional: without it nobody can tell what the next
   * request would meet.
   */
  get?(key: string): Promise<CountedRequests | null>;
}

/** What a limiter has counted of a key. */
export interface CountedRequests {
  readonly consumedPoints: number;
  /** Milliseconds until the window ends. */
  readonly msBeforeNext: number;
}

/** Makes the limiter of one throttle class and rate. `name` tells the limiters of a process apart in a shared store. */
export type RateLimiterFactory = (rate: ParsedRate, name: string) => RateLimiter;
