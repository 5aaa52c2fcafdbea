import type { ConsumerSettings } from "../consumers/settings.ts";
import { encodeJson } from "../protocol/json.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { describeQueryset } from "./describe-queryset.ts";
import { explainLive, type FollowedSubscription } from "./explain-live.ts";
import { explainObserver } from "./explain-observer.ts";
import { ExplanationSteps } from "./explanation-steps.ts";
import { type ExplainedTarget, findTarget } from "./find-target.ts";
import { liveSubscriptions } from "./inspect-connection.ts";
import type { Explanation, ExplainEventInput } from "./inspection.ts";
import { describeObserved, type ObservedSubscription, observedSubscriptions } from "./observed-subscriptions.ts";

/** Why did a subscription hear nothing of a row? Every rule on the event's way is asked, as of now. Nothing is written. */
export async function explainEvent(
  registry: ConnectionRegistry,
  input: ExplainEventInput,
  settings: ConsumerSettings,
): Promise<Explanation> {
  const steps = new ExplanationSteps(settings);
  const target = await findTarget(steps, registry, input);
  const found = target === null ? null : await findSubscription(steps, target, input);
  if (target === null || found === null) return steps.finish("");
  const explain = isLive(found) ? explainLive(steps, target, found, input) : explainObserver(steps, target, found, input);
  return steps.finish(await explain);
}

type Found = FollowedSubscription | ObservedSubscription;

async function findSubscription(
  steps: ExplanationSteps,
  { consumer, stream }: ExplainedTarget,
  input: ExplainEventInput,
): Promise<Found | null> {
  const place = { session: consumer, stream };
  const live = liveSubscriptions(place).flatMap((subscription) => {
    const { tap } = subscription;
    return tap === null ? [] : [{ subscription, tap }];
  });
  const open: readonly Found[] = [...live, ...observedSubscriptions(place)];
  const mine = open.filter((one) => isMeant(one, input));
  // One request id may follow several rows one by one.
  const found = mine.find(({ subscription: { args } }) => String(args["pk"]) === String(input.pk)) ?? mine[0] ?? null;
  await steps.ask("subscription", `request_id ${input.subscription}`, () => {
    if (found !== null) return { passed: true, detail: `${found.subscription.action} follows ${describeFound(found)}.` };
    const ids = [...new Set(open.map(({ subscription }) => encodeJson(subscription.requestId)))].slice(0, 20);
    return {
      passed: false,
      detail: `${consumer.constructor.name} has no such subscription on this connection. It has: ${ids.length === 0 ? "none" : ids.join(", ")}.`,
    };
  });
  return found;
}

function isMeant({ subscription }: Found, input: ExplainEventInput): boolean {
  const { requestId, action } = subscription;
  return encodeJson(requestId) === input.subscription && (input.subscribedBy === undefined || input.subscribedBy === action);
}

function isLive(found: Found): found is FollowedSubscription {
  return "tap" in found;
}

function describeFound(found: Found): string {
  return isLive(found) ? describeQueryset(found.tap.queryset) : describeObserved(found);
}
