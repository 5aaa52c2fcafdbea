import type { ConsumerSettings } from "../consumers/settings.ts";
import { isSliced } from "../models/query.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { pkKey } from "../models/pk-key.ts";
import { CountSubscription } from "../observers/count-subscription.ts";
import { LiveSession } from "../observers/live-session.ts";
import type { LiveSubscription } from "../observers/live-subscription.ts";
import type { QueryTap } from "../observers/query-tap.ts";
import { encodeJson } from "../protocol/json.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { describeQueryset } from "./describe-queryset.ts";
import { type ExplainedChange, explainChange, explainCommit } from "./explain-change.ts";
import { explainNarrowings } from "./explain-narrowings.ts";
import { explainObjectPermissions, explainPermissions } from "./explain-permissions.ts";
import { explainQueryset, verdictOn } from "./explain-queryset.ts";
import { ExplanationSteps } from "./explanation-steps.ts";
import { type ExplainedTarget, findTarget } from "./find-target.ts";
import { eventsOf, liveSubscriptions } from "./inspect-connection.ts";
import type { Explanation, ExplainEventInput } from "./inspection.ts";

/** Why did a subscription hear nothing of a row? Every rule on the event's way is asked, as of now. Nothing is written. */
export async function explainEvent(
  registry: ConnectionRegistry,
  input: ExplainEventInput,
  settings: ConsumerSettings,
): Promise<Explanation> {
  const steps = new ExplanationSteps(settings);
  const target = await findTarget(steps, registry, input);
  const subscription = target === null ? null : await findSubscription(steps, target, input);
  const tap = subscription?.tap ?? null;
  if (target === null || subscription === null || tap === null) return steps.finish("");
  await tap.queryset.model.database.snapshot(() => explainSubscription(steps, { target, subscription, tap }, input));
  const told = tap.told === null ? "not known yet" : String(tap.told);
  return steps.finish(
    `It should have arrived: every rule on its way says yes. The subscription was told of everything up to ${told}.`,
  );
}

interface Followed {
  readonly target: ExplainedTarget;
  readonly subscription: LiveSubscription;
  readonly tap: QueryTap;
}

async function findSubscription(
  steps: ExplanationSteps,
  { consumer, stream }: ExplainedTarget,
  input: ExplainEventInput,
): Promise<LiveSubscription | null> {
  const open = liveSubscriptions({ session: consumer, stream });
  const mine = open.filter(({ requestId }) => encodeJson(requestId) === input.subscription);
  // One request id may follow several rows one by one.
  const subscription = mine.find(({ args }) => String(args["pk"]) === String(input.pk)) ?? mine[0] ?? null;
  await steps.ask("subscription", `request_id ${input.subscription}`, () => {
    const tap = subscription?.tap ?? null;
    if (subscription !== null && tap !== null)
      return { passed: true, detail: `${subscription.action} follows ${describeQueryset(tap.queryset)}.` };
    const ids = open.map(({ requestId }) => encodeJson(requestId)).slice(0, 20);
    return {
      passed: false,
      detail: `${consumer.constructor.name} has no such subscription of a list, a count or a row on this connection. It has: ${ids.length === 0 ? "none" : ids.join(", ")}.`,
    };
  });
  return subscription;
}

async function explainSubscription(steps: ExplanationSteps, followed: Followed, input: ExplainEventInput): Promise<void> {
  const { subscription, tap, target } = followed;
  const { consumer, args } = subscription;
  const change = await explainChange(
    steps,
    { tap, begun: LiveSession.known(consumer)?.beginningOf(subscription) ?? null },
    input.pk,
  );
  if (change === null) return;
  const kind = input.kind ?? change.kind;
  const visible = await explainQueryset(steps, consumer, args, change.judge);
  if (visible !== null) await explainNarrowings(steps, consumer, args, { visible, judge: change.judge });
  await explainFollowed(steps, followed, change, kind);
  // A new number is an update, whatever became of the row.
  await explainPermissions(steps, consumer, subscription instanceof CountSubscription ? "update" : kind, args);
  if (change.row !== null && !(subscription instanceof CountSubscription))
    await explainObjectPermissions(steps, consumer, kind, args, change.row);
  await explainCommit(steps, tap, change.last);
  await explainQueue(steps, target);
}

/** Is the row among those that the subscription follows? They were chosen when it began, or when it last looked again. */
async function explainFollowed(
  steps: ExplanationSteps,
  { subscription, tap }: Followed,
  { judge }: ExplainedChange,
  kind: string,
): Promise<void> {
  const { queryset } = tap;
  await steps.ask("subscription", "rows", async () => {
    const found = await verdictOn(judge, queryset.query.where, "The row");
    if (found.passed !== false) return found;
    return {
      passed: false,
      detail: `It follows ${describeQueryset(queryset)}, in which the row is not. What getQueryset gives is looked at when a subscription begins, and after revoke(user, { close: false }) or refresh().`,
    };
  });
  if (subscription instanceof CountSubscription && kind === "update")
    await steps.ask("subscription", subscription.action, () => ({
      passed: false,
      detail: "A count is told when rows enter or leave, not when one changes.",
    }));
  if (isSliced(queryset.query) && judge.exists)
    await steps.ask("window", describeQueryset(queryset), () => explainWindow(queryset, judge.pk));
}

async function explainWindow(queryset: AnyQuerySet, pk: unknown) {
  const { name } = queryset.model.pk;
  const rows: readonly object[] = await queryset.values(name).toArray();
  const isInside = rows.some((row) => pkKey(Reflect.get(row, name)) === pkKey(pk));
  const { offset, limit } = queryset.query;
  const window = `rows ${offset + 1} to ${limit === null ? "the last" : offset + limit}`;
  return { passed: isInside, detail: `The row is ${isInside ? "" : "not "}among ${window} of the list.` };
}

/** Events wait while the peer does not read, and while it is owed a snapshot. */
async function explainQueue(steps: ExplanationSteps, { known }: ExplainedTarget): Promise<void> {
  const { bytes, size } = eventsOf(known)?.queued ?? { bytes: 0, size: 0 };
  await steps.ask("connection", "reader", () => {
    if (size === 0) return { passed: true, detail: "Nothing waits for its reader." };
    const before = `${known.seen.bufferedBytes} bytes that the reader has not taken`;
    return { passed: false, detail: `It is on its way: ${size} events (${bytes} bytes) wait behind ${before}.` };
  });
}
