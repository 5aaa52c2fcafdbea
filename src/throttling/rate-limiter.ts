import type { ParsedRate } from "./rate.ts";

/**
 * Counts requests per key: what a throttle needs of a limiter, and the shape of every class of `rate-limiter-flexible`.
 *
 * `consume` MUST resolve when the request is within the rate, and reject with an object that has `msBeforeNext` (milliseconds) when it is
 * not. It MUST reject with an `Error` when it could not count at all (a store that is away): the request is then answered 500, not allowed.
 */
export interface RateLimiter {
  consume(key: string): Promise<unknown>;
}

/** Makes the limiter of one throttle class and rate. `name` tells the limiters of a process apart in a shared store. */
export type RateLimiterFactory = (rate: ParsedRate, name: string) => RateLimiter;
