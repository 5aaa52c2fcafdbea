import { isSliced } from "../models/query.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { pkKey } from "../models/pk-key.ts";
import { CountSubscription } from "../observers/count-subscription.ts";
import { LiveSession } from "../observers/live-session.ts";
import type { LiveSubscription } from "../observers/live-subscription.ts";
import type { QueryTap } from "../observers/query-tap.ts";
import { describeQueryset } from "./describe-queryset.ts";
import { type ExplainedChange, explainChange, explainCommit } from "./explain-change.ts";
import { explainNarrowings } from "./explain-narrowings.ts";
import { explainObjectPermissions, explainPermissions } from "./explain-permissions.ts";
import { explainQueryset, verdictOn } from "./explain-queryset.ts";
import { explainQueue } from "./explain-queue.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";
import type { ExplainedTarget } from "./find-target.ts";
import type { ExplainEventInput } from "./inspection.ts";

/** A list, a row or a count that is followed. */
export interface FollowedSubscription {
  readonly subscription: LiveSubscription;
  readonly tap: QueryTap;
}

/** Why did a live list, row or count hear nothing of a row? @returns what to say when no rule said no. */
export async function explainLive(
  steps: ExplanationSteps,
  target: ExplainedTarget,
  followed: FollowedSubscription,
  input: ExplainEventInput,
): Promise<string> {
  const { tap } = followed;
  await tap.queryset.model.database.snapshot(() => explainRow(steps, target, followed, input));
  const told = tap.told === null ? "not known yet" : String(tap.told);
  return `It should have arrived: every rule on its way says yes. The subscription was told of everything up to ${told}.`;
}

async function explainRow(
  steps: ExplanationSteps,
  target: ExplainedTarget,
  followed: FollowedSubscription,
  input: ExplainEventInput,
): Promise<void> {
  const { subscription, tap } = followed;
  const { consumer, args } = subscription;
  const { model } = tap.queryset;
  const begun = LiveSession.known(consumer)?.beginningOf(subscription) ?? tap.from;
  const rows = { model, begun, read: tap.from, reaches: tap.query.reaches.length > 0 };
  const change = await explainChange(steps, rows, input.pk);
  if (change === null) return;
  const kind = input.kind ?? change.kind;
  const visible = await explainQueryset(steps, consumer, args, change.judge);
  if (visible !== null) await explainNarrowings(steps, consumer, args, { visible, judge: change.judge });
  await explainFollowed(steps, followed, change, kind);
  // A new number is an update, whatever became of the row.
  await explainPermissions(steps, consumer, subscription instanceof CountSubscription ? "update" : kind, args);
  if (change.row !== null && !(subscription instanceof CountSubscription))
    await explainObjectPermissions(steps, consumer, kind, args, change.row);
  await explainCommit(steps, rows, change.last);
  await explainQueue(steps, target);
}

/** Is the row among those that the subscription follows? They were chosen when it began, or when it last looked again. */
async function explainFollowed(
  steps: ExplanationSteps,
  { subscription, tap }: FollowedSubscription,
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
