import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import type { ThrottleConsumer } from "./base-throttle.ts";
import { clientIdentity } from "./client-identity.ts";
import type { Rate } from "./rate.ts";
import { SimpleRateThrottle } from "./simple-rate-throttle.ts";

/**
 * Names rates once and lets consumers pick them. Actions that pick the same name are counted together, per user or address. An action
 * that picks none is not counted.
 *
 * ```ts
 * class Scoped extends ScopedRateThrottle { override readonly rates = { burst: "5/s", uploads: "20/day" } as const; }
 * class FileConsumer extends ... {
 *   override readonly throttleClasses = [Scoped];
 *   readonly throttleScope = { create: "uploads", list: "burst" };   // or one name for every action
 * }
 * ```
 */
export abstract class ScopedRateThrottle extends SimpleRateThrottle {
  abstract readonly rates: Readonly<Record<string, Rate | null>>;

  /** @throws ImproperlyConfigured when the consumer picks a name that `rates` does not have. */
  override getRate(consumer: ThrottleConsumer, action: string): Rate | null {
    const name = scopeName(consumer, action);
    if (name === null) return null;
    const rate = Object.hasOwn(this.rates, name) ? this.rates[name] : undefined;
    if (rate !== undefined) return rate;
    throw new ImproperlyConfigured(
      `Expected throttleScope to be one of ${Object.keys(this.rates).join(", ")}, got "${name}". Add it to the rates of ${this.constructor.name}.`,
    );
  }

  override getCacheKey(scope: Scope, consumer: ThrottleConsumer, action: string): string | null {
    return `${clientIdentity(scope)}:${scopeName(consumer, action)}`;
  }
}

function scopeName(consumer: ThrottleConsumer, action: string): string | null {
  const chosen = consumer.throttleScope;
  if (chosen === undefined || typeof chosen === "string") return chosen ?? null;
  return Object.hasOwn(chosen, action) ? (chosen[action] ?? null) : null;
}
