import type { LoggedRow } from "../models/change-log/change.ts";
import type { ModelAction } from "./model-observer-options.ts";

/** What a change of a row is to one group. */
export interface GroupChange {
  readonly group: string;
  readonly action: ModelAction;
}

/** DCRF's rule: leaving a group is a delete there, coming to one a create. Deletes go first. */
export function groupChanges(
  groupsForSignal: (row: LoggedRow) => Iterable<string>,
  before: LoggedRow | null,
  after: LoggedRow | null,
): readonly GroupChange[] {
  const old = new Set(before === null ? [] : groupsForSignal(before));
  const now = new Set(after === null ? [] : groupsForSignal(after));
  const left = [...old].filter((group) => !now.has(group)).map((group) => ({ group, action: "delete" }) as const);
  const present = [...now].map((group) => ({ group, action: old.has(group) ? "update" : "create" }) as const);
  return [...left, ...present];
}
