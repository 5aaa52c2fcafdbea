import type { LoggedRow } from "../models/change-log/change.ts";
import { BoundModelObserver } from "../observers/bound-model-observer.ts";
import type { GroupChange } from "../observers/group-changes.ts";
import type { ObserverSubscription } from "../observers/observer-subscription.ts";
import { type ExplainedChange, explainChange, explainCommit } from "./explain-change.ts";
import { explainPermissions, explainRowPermissions } from "./explain-permissions.ts";
import { explainQueue } from "./explain-queue.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";
import type { ExplainedTarget } from "./find-target.ts";
import type { ExplainEventInput } from "./inspection.ts";
import { type AnyModelObserver, describeGroups, type ObservedSubscription } from "./observed-subscriptions.ts";

/** Why did a subscription to an observer hear nothing? @returns what to say when no rule said no. */
export async function explainObserver(
  steps: ExplanationSteps,
  target: ExplainedTarget,
  { observer, subscription }: ObservedSubscription,
  input: ExplainEventInput,
): Promise<string> {
  const { action } = observer;
  if (observer instanceof BoundModelObserver) {
    const row = { target, observer, subscription };
    await observer.model.database.snapshot(() => explainRow(steps, row, input));
    return `Every rule on its way says yes: ${action} was given it. What is sent then is up to the observer, where it has a handle of its own.`;
  }
  await explainPermissions(steps, target.consumer, action, {});
  return `Every rule says yes: ${action} is given each signal that goes to its groups. Whether there was one cannot be told: signals leave no trace.`;
}

interface ObservedRow {
  readonly target: ExplainedTarget;
  readonly observer: AnyModelObserver;
  readonly subscription: ObserverSubscription;
}

async function explainRow(
  steps: ExplanationSteps,
  { target, observer, subscription }: ObservedRow,
  input: ExplainEventInput,
): Promise<void> {
  const { model, from, manyToMany } = observer;
  const rows = { model, begun: from, read: null, reaches: manyToMany };
  const change = await explainChange(steps, rows, input.pk);
  if (change === null) return;
  const kind = await explainGroups(steps, { observer, subscription, change }, input.kind);
  await explainPermissions(steps, target.consumer, kind, {});
  const row = change.row ?? lastSeen(change);
  if (row !== null) await explainRowPermissions(steps, target.consumer, kind, {}, row);
  await explainCommit(steps, rows, change.last);
  await explainQueue(steps, target);
}

interface GroupedRow {
  readonly observer: AnyModelObserver;
  readonly subscription: ObserverSubscription;
  readonly change: ExplainedChange;
}

/** Is the change for one of the subscription's groups? @returns what it is there: a row that changes group leaves one and comes to another. */
async function explainGroups(
  steps: ExplanationSteps,
  { observer, subscription, change }: GroupedRow,
  expected: GroupChange["action"] | undefined,
): Promise<GroupChange["action"]> {
  let kind = expected ?? change.kind;
  await steps.ask("subscription", "groups", () => {
    const { before, after } = statesOf(observer, change);
    const all = observer.groupChanges(before, after);
    const heard = all.filter(({ group }) => subscription.groups.includes(group));
    const fitting = heard.find(({ action }) => expected === undefined || action === expected);
    if (fitting !== undefined) {
      kind = fitting.action;
      return { passed: true, detail: `In group ${JSON.stringify(fitting.group)} it is told as ${kind}.` };
    }
    const [other] = heard;
    if (other !== undefined)
      return {
        passed: false,
        detail: `In group ${JSON.stringify(other.group)} it is told as ${other.action}, not as ${expected}.`,
      };
    const groups = describeGroups(all.map(({ group }) => group));
    return { passed: false, detail: `The row is in ${groups}; this listens to ${describeGroups(subscription.groups)}.` };
  });
  return kind;
}

interface RowStates {
  readonly before: LoggedRow | null;
  readonly after: LoggedRow | null;
}

/** The row before and after its last change; where that is not known, as it is. As the log shows it, which is what observers are given. */
function statesOf({ model }: AnyModelObserver, { row, last }: ExplainedChange): RowStates {
  if (last !== null && last !== "unknown") return { before: last.change.before, after: last.change.after };
  const logged = model.database.changes.loggedColumns(model);
  const now = row === null ? null : Object.fromEntries(Object.entries(row).filter(([name]) => logged.has(name)));
  return { before: now, after: now };
}

/** A row that is gone, as it was when it was last told of. */
function lastSeen({ last }: ExplainedChange): LoggedRow | null {
  return last === null || last === "unknown" ? null : (last.change.last ?? last.change.before);
}
