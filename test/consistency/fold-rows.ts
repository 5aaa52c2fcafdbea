import type { LogEntry, Row } from "./subscription-log.ts";

/** The rows that a log leads to, by primary key. */
export function foldRows(entries: readonly LogEntry[]): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const entry of entries) {
    if (entry.kind === "snapshot") rows.clear();
    if (entry.kind === "snapshot") for (const row of entry.rows) rows.set(row.id, row);
    if (entry.kind !== "event") continue;
    if (entry.action === "delete") rows.delete(entry.pk);
    else rows.set(entry.row.id, entry.row);
  }
  return rows;
}
