import { RateLimiterMemory } from "rate-limiter-flexible";
import type { ParsedRate } from "./rate.ts";
import type { CountedRequests, RateLimiter } from "./rate-limiter.ts";

/** Keys that one limiter remembers. About 10 MB when full. */
export const MAX_REMEMBERED_KEYS = 50_000;

/**
 * Counts in this process's memory, in windows that begin with a key's first request. When more keys than `maxKeys` are alive, the one that
 * was used longest ago is forgotten and begins anew. Its timers never keep the process alive. Time is `Date.now`, as
 * `rate-limiter-flexible` reads it: no other clock can be given.
 */
export class MemoryRateLimiter implements RateLimiter {
  readonly #limiter: RateLimiterMemory;
  readonly #maxKeys: number;
  /** In order of last use: a Map keeps the order of insertion. */
  readonly #keys = new Map<string, true>();

  constructor(rate: ParsedRate, maxKeys: number = MAX_REMEMBERED_KEYS) {
    this.#limiter = new RateLimiterMemory({ points: rate.requests, duration: rate.seconds });
    this.#maxKeys = maxKeys;
  }

  async consume(key: string): Promise<unknown> {
    await this.#touch(key);
    return this.#limiter.consume(key);
  }

  get(key: string): Promise<CountedRequests | null> {
    return this.#limiter.get(key);
  }

  async #touch(key: string): Promise<void> {
    this.#keys.delete(key);
    this.#keys.set(key, true);
    if (this.#keys.size <= this.#maxKeys) return;
    const [oldest] = this.#keys.keys();
    if (oldest === undefined) return;
    this.#keys.delete(oldest);
    await this.#limiter.delete(oldest);
  }
}
