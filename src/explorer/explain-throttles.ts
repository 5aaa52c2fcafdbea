import type { ActionDefinition } from "../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { LiveSession } from "../observers/live-session.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { BaseThrottle } from "../throttling/base-throttle.ts";
import type { RegisteredConnection } from "./connection-registry.ts";
import type { ExplanationSteps, Finding } from "./explanation-steps.ts";

/** Would the throttles let such a request through now? Nothing is counted. */
export async function explainThrottles(
  steps: ExplanationSteps,
  { consumer, known }: { readonly consumer: AsyncAPIConsumer; readonly known: RegisteredConnection },
  definition: ActionDefinition,
  args: MessageArguments,
): Promise<void> {
  for (const Throttle of consumer.throttleClasses) {
    const lately = known.throttled.get(Throttle.name);
    await steps.ask("throttle", Throttle.name, () =>
      foresee(new Throttle(), { consumer, action: definition.name, args, lately }),
    );
  }
  if (definition.subscribes) await steps.ask("throttle", "maxSubscriptions", () => roomFor(consumer));
}

interface Asked {
  readonly consumer: AsyncAPIConsumer;
  readonly action: string;
  readonly args: MessageArguments;
  /** When it last refused a request of the connection. */
  readonly lately: number | undefined;
}

async function foresee(throttle: BaseThrottle, { consumer, action, args, lately }: Asked): Promise<Finding> {
  const forecast = await throttle.foresee(consumer.scope, consumer, action, args);
  const before =
    lately === undefined ? "" : ` It last refused a request of this connection at ${new Date(lately).toISOString()}.`;
  if (forecast === null) return { passed: null, detail: `It cannot tell without counting a request.${before}` };
  return { passed: forecast.allows, detail: forecast.detail + before };
}

function roomFor(consumer: AsyncAPIConsumer): Finding {
  const { maxSubscriptions } = consumer["connection"].settings;
  const size = consumer instanceof GenericConsumer ? (LiveSession.known(consumer)?.subscriptions.length ?? 0) : 0;
  return { passed: size < maxSubscriptions, detail: `${size} of ${maxSubscriptions} subscriptions are open.` };
}
