import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import { BaseThrottle, type ThrottleConsumer, type ThrottleForecast } from "./base-throttle.ts";
import { MemoryRateLimiter } from "./memory-rate-limiter.ts";
import { parseRate, type Rate } from "./rate.ts";
import type { RateLimiter, RateLimiterFactory } from "./rate-limiter.ts";

/** The counters of a process: one set per throttle class, so that all connections share it and two classes never do. */
const limitersByClass = new WeakMap<object, Map<Rate, RateLimiter>>();

/**
 * Allows so many requests per period and key. A subclass says the rate and who is counted:
 *
 * ```ts
 * class PerRoom extends SimpleRateThrottle {
 *   override readonly rate = "20/min";
 *   override getCacheKey(scope: Scope) { return `room:${scope.pathParams.room}`; }
 * }
 * ```
 *
 * A window begins with a key's first request and ends after the period; a refused request counts too, but lengthens nothing.
 * Counters belong to the class and to the process; give `createLimiter` a store such as `RateLimiterRedis` to share them between processes.
 */
export abstract class SimpleRateThrottle extends BaseThrottle {
  /** Requests per period. `null`: no limit. Must be set, unless `getRate` is overridden. */
  readonly rate: Rate | null | undefined = undefined;

  /** Makes the limiter of this class for one rate, once per process. Default: counts in memory, for at most 50,000 keys. */
  readonly createLimiter: RateLimiterFactory = (rate) => new MemoryRateLimiter(rate);

  #wait: number | null = null;

  /** What is counted together; `null` lets the request pass uncounted. */
  abstract getCacheKey(scope: Scope, consumer: ThrottleConsumer, action: string, args: MessageArguments): string | null;

  /** The rate for this request; `null`: no limit. @throws ImproperlyConfigured when the class sets no `rate`. */
  getRate(_consumer: ThrottleConsumer, _action: string): Rate | null {
    if (this.rate !== undefined) return this.rate;
    throw new ImproperlyConfigured(
      `Expected ${this.constructor.name} to set a rate, got none. Add: override readonly rate = "10/min";`,
    );
  }

  override async allowRequest(
    scope: Scope,
    consumer: ThrottleConsumer,
    action: string,
    args: MessageArguments,
  ): Promise<boolean> {
    this.#wait = null;
    const rate = this.getRate(consumer, action);
    const key = rate === null ? null : this.getCacheKey(scope, consumer, action, args);
    if (rate === null || key === null) return true;
    this.#wait = await waitOf(this.#limiterFor(rate), key);
    return this.#wait === null;
  }

  override wait(): number | null {
    return this.#wait;
  }

  override async foresee(
    scope: Scope,
    consumer: ThrottleConsumer,
    action: string,
    args: MessageArguments,
  ): Promise<ThrottleForecast | null> {
    const rate = this.getRate(consumer, action);
    const key = rate === null ? null : this.getCacheKey(scope, consumer, action, args);
    if (rate === null || key === null) return { allows: true, detail: "Such requests are not counted." };
    const limiter = this.#limiterFor(rate);
    if (limiter.get === undefined) return null;
    const { requests } = parseRate(rate);
    const { consumedPoints = 0, msBeforeNext = 0 } = (await limiter.get(key)) ?? {};
    const counted = `${Math.min(consumedPoints, requests)} of ${rate} were made`;
    if (consumedPoints < requests) return { allows: true, detail: `${counted}.` };
    return { allows: false, detail: `${counted}; the next is let through in ${Math.ceil(Math.max(msBeforeNext, 0) / 1000)} s.` };
  }

  #limiterFor(rate: Rate): RateLimiter {
    const limiters = limitersByClass.get(this.constructor) ?? new Map<Rate, RateLimiter>();
    limitersByClass.set(this.constructor, limiters);
    const limiter = limiters.get(rate) ?? this.createLimiter(parseRate(rate), `${this.constructor.name}:${rate}`);
    limiters.set(rate, limiter);
    return limiter;
  }
}

/** Seconds to wait, or null when the request is within the rate. */
async function waitOf(limiter: RateLimiter, key: string): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal;
    return Math.max(refusal.msBeforeNext, 0) / 1000;
  }
}

function isRefusal(value: unknown): value is { readonly msBeforeNext: number } {
  if (typeof value !== "object" || value === null || value instanceof Error) return false;
  return "msBeforeNext" in value && typeof value.msBeforeNext === "number";
}
