import type { ActionContext } from "./action-context.ts";
import { runningAction } from "./running-action.ts";

const kept = new WeakMap<ActionContext, unknown[]>();

/** From now on the rows that an action was allowed to touch are noted. @returns their primary keys, as they come; those of an earlier attempt are dropped. */
export function keepJudgedRows(context: ActionContext): readonly unknown[] {
  const rows: unknown[] = [];
  kept.set(context, rows);
  return rows;
}

/** Notes that the running action was allowed to touch this row, where somebody wants to know. */
export function noteJudgedRow(pk: unknown): void {
  const context = runningAction();
  if (context !== undefined) kept.get(context)?.push(pk);
}
