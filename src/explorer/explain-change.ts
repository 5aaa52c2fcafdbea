import type { Change, CommittedTransaction } from "../models/change-log/change.ts";
import type { AnyModel } from "../models/model.ts";
import type { Position } from "../models/change-log/position.ts";
import { parsePk } from "../models/parse-pk.ts";
import { pkKey } from "../models/pk-key.ts";
import { LiveHub } from "../observers/live-hub.ts";
import type { ExplanationSteps } from "./explanation-steps.ts";
import { RowJudge } from "./row-judge.ts";

/** What happened to a row. */
export interface ExplainedChange {
  readonly kind: "create" | "update" | "delete";
  readonly judge: RowJudge;
  /** As it is now; null when it is gone. */
  readonly row: object | null;
  readonly last: LastChange | "unknown" | null;
}

/** What was last committed of a row. */
export interface LastChange {
  readonly change: Change;
  readonly transaction: CommittedTransaction;
}

/** What a subscription follows. */
export interface FollowedRows {
  readonly model: AnyModel;
  /** What it had seen when it began. */
  readonly begun: Position | null;
  /** What it has been told without events: when it began, or was read again. */
  readonly read: Position | null;
  /** Can a change of another row be one of these? */
  readonly reaches: boolean;
}

/** Is the model observed, does the row exist, and did it change since the subscription began? @returns null when there is nothing to tell of. */
export async function explainChange(
  steps: ExplanationSteps,
  { model, begun }: FollowedRows,
  given: unknown,
): Promise<ExplainedChange | null> {
  const { changes } = model.database;
  await steps.ask("change_log", model.name, () =>
    changes.models.includes(model)
      ? { passed: true, detail: "The change log observes it." }
      : { passed: false, detail: "The change log does not observe it: nobody hears of its changes." },
  );
  const pk = parsePk(model, given);
  const row: object | null = pk === undefined ? null : await model.objects.filterUntrusted({ [model.pk.name]: pk }).first();
  const last = pk === undefined ? null : await lastChange(begun, model, pk);
  await explainExistence(steps, { row, last, shown: `${model.pk.name} ${String(given)}` });
  if (steps.isRefused) return null;
  const change = last === null || last === "unknown" ? null : last.change;
  const judge = new RowJudge(model, pk, { exists: row !== null, logged: change?.before ?? change?.last ?? null });
  return { kind: kindOf(change, row), judge, row, last };
}

interface Existence {
  readonly row: object | null;
  readonly last: LastChange | "unknown" | null;
  readonly shown: string;
}

async function explainExistence(steps: ExplanationSteps, { row, last, shown }: Existence): Promise<void> {
  await steps.ask("row", shown, () => {
    if (row !== null) return { passed: true, detail: "It is in the table." };
    if (last === "unknown")
      return { passed: null, detail: "It is not in the table. Whether it was deleted lately is not known." };
    if (last === null)
      return { passed: false, detail: "It is not in the table, and was not deleted since the subscription began." };
    return { passed: true, detail: `It was deleted, at ${String(last.transaction.position)}.` };
  });
}

/** Was anything of the row committed since the subscription began, and was the subscriber told? */
export async function explainCommit(
  steps: ExplanationSteps,
  { model, read, reaches }: FollowedRows,
  last: LastChange | "unknown" | null,
): Promise<void> {
  await steps.ask("change_log", "changes", () => {
    if (last === "unknown")
      return { passed: null, detail: "So much has happened since the subscription began that the log does not tell." };
    if (last === null && reaches)
      return {
        passed: null,
        detail: "Nothing of the row itself was committed since the subscription began; it may have come or gone by another row.",
      };
    if (last === null) return { passed: false, detail: "Nothing of this row was committed since the subscription began." };
    const { id, position } = last.transaction;
    const isRead = read?.includes(id) === true;
    if (!isRead && LiveHub.of(model.database).position?.includes(id) !== true)
      return { passed: false, detail: `It was committed at ${String(position)} and is about to be told.` };
    const how = isRead ? ", which the subscriber was told when the subscription was read again" : "";
    return { passed: true, detail: `It was last changed at ${String(position)}${how}.` };
  });
}

/** What was last committed of a row since the subscription began; null: nothing. */
async function lastChange(from: Position | null, model: AnyModel, pk: unknown): Promise<LastChange | "unknown" | null> {
  const transactions = from === null ? null : await model.database.changes.since(from);
  if (transactions === null || transactions.some(({ lost }) => lost.includes(model))) return "unknown";
  const key = pkKey(pk);
  for (const transaction of transactions.toReversed()) {
    const change = transaction.changes.find((one) => one.model === model && pkKey(one.pk) === key);
    if (change !== undefined) return { change, transaction };
  }
  return null;
}

function kindOf(change: Change | null, row: object | null): ExplainedChange["kind"] {
  if (row === null) return "delete";
  return change !== null && change.before === null ? "create" : "update";
}
