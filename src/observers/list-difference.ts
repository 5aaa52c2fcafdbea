import type { LoggedRow } from "../models/change-log/change.ts";
import { pkKey } from "../models/pk-key.ts";
import type { RowEvent } from "./row-event.ts";

interface Comparison {
  readonly pkName: string;
  /** Is a row that is in both lists an update, also where it stands still? */
  readonly isChanged: (before: LoggedRow, after: LoggedRow, key: unknown) => boolean;
}

/** The events that turn one list into another, applied one after another. */
export function listDifference(before: readonly LoggedRow[], after: readonly LoggedRow[], comparison: Comparison): RowEvent[] {
  const { pkName, isChanged } = comparison;
  const keyOf = (row: LoggedRow): unknown => pkKey(row[pkName]);
  const old = new Map(before.map((row) => [keyOf(row), row]));
  const kept = new Set(after.map(keyOf));
  const events: RowEvent[] = [];
  for (const [key, row] of old) if (!kept.has(key)) events.push({ kind: "delete", pk: row[pkName], row: null, before: row });
  const current = before.map(keyOf).filter((key) => kept.has(key));
  for (const [index, row] of after.entries()) {
    const key = keyOf(row);
    const known = old.get(key);
    if (known === undefined) {
      current.splice(index, 0, key);
      events.push({ kind: "create", pk: row[pkName], row, before: null, index });
      continue;
    }
    const isMoved = current[index] !== key;
    if (isMoved) {
      current.splice(current.indexOf(key, index), 1);
      current.splice(index, 0, key);
    }
    if (isMoved || isChanged(known, row, key)) events.push({ kind: "update", pk: row[pkName], row, before: known, index });
  }
  return events;
}
