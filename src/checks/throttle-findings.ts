import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { actionsOf } from "../consumers/action-registry.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { BaseThrottle, ThrottleConsumer } from "../throttling/base-throttle.ts";
import { parseRate } from "../throttling/rate.ts";
import { ScopedRateThrottle } from "../throttling/scoped-rate-throttle.ts";
import { SimpleRateThrottle } from "../throttling/simple-rate-throttle.ts";
import type { Finding } from "./finding.ts";
import { notAClass } from "./permission-findings.ts";

/** Throttles that are no classes, that have no rate, and scopes of actions that there are not. */
export function throttleFindings(consumer: AsyncAPIConsumer & ThrottleConsumer): readonly Finding[] {
  const findings = consumer.throttleClasses.flatMap((kind: unknown, index) =>
    typeof kind === "function" ? [] : [notAClass(kind, `throttleClasses[${index}]`)],
  );
  if (findings.length > 0) return findings;
  const throttles = consumer.throttleClasses.map((Throttle) => new Throttle());
  return [...throttles.flatMap((throttle) => rateFindings(throttle, consumer)), ...scopeFindings(throttles, consumer)];
}

function rateFindings(throttle: BaseThrottle, consumer: AsyncAPIConsumer & ThrottleConsumer): readonly Finding[] {
  if (!(throttle instanceof SimpleRateThrottle)) return [];
  const messages = new Set<string>();
  for (const action of actionsOf(consumer).keys()) {
    const problem = problemOf(throttle, consumer, action);
    if (problem !== null) messages.add(problem);
  }
  return [...messages].map((problem) => ({
    code: "throttle_without_rate",
    level: "error",
    field: "throttleClasses",
    message: `${throttle.constructor.name} fails every request that it counts. ${problem}`,
    fix: `Give ${throttle.constructor.name} that rate, such as "10/min".`,
  }));
}

function problemOf(throttle: SimpleRateThrottle, consumer: ThrottleConsumer, action: string): string | null {
  try {
    const rate = throttle.getRate(consumer, action);
    if (rate !== null) parseRate(rate);
    return null;
  } catch (error) {
    // An override may want to know the user, who is not there yet.
    return error instanceof ImproperlyConfigured ? error.message : null;
  }
}

function scopeFindings(throttles: readonly BaseThrottle[], consumer: AsyncAPIConsumer & ThrottleConsumer): readonly Finding[] {
  const { throttleScope } = consumer;
  if (throttleScope === undefined) return [];
  if (!throttles.some((throttle) => throttle instanceof ScopedRateThrottle)) return [unread()];
  if (typeof throttleScope === "string") return [];
  const actions = [...actionsOf(consumer).keys()];
  const unknown = Object.keys(throttleScope).filter((action) => !actions.includes(action));
  return unknown.map((action) => ({
    code: "unknown_throttle_scope",
    level: "warning",
    field: `throttleScope: "${action}"`,
    message: `throttleScope names the action "${action}", which there is not: nothing is counted for it.`,
    fix: `Write the action's name as clients send it, one of: ${actions.join(", ")}.`,
  }));
}

function unread(): Finding {
  return {
    code: "unknown_throttle_scope",
    level: "warning",
    field: "throttleScope",
    message: "throttleScope is set, but no throttle of the consumer reads it: nothing is counted.",
    fix: "Add a subclass of ScopedRateThrottle to throttleClasses.",
  };
}
