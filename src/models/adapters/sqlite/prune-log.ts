import type { Retention } from "../../change-log/change-log-store.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Entries that one step removes at most: a writer waits no longer than it takes. */
const STEP = 1000;

/** Removes the oldest entries that are no longer kept, and notes how far; the newest entry always stays. */
export function pruneLogStep(connection: SqliteConnection, { maxAge, maxRows }: Retention): { pruned: number; more: boolean } {
  const [first, last] = (connection.first(`SELECT min("offset"), max("offset") FROM restwave_change`, []) ?? []).map(Number);
  if (first === undefined || last === undefined || first === last) return { pruned: 0, more: false };
  const end = Math.min(first + STEP, last);
  const tooMany = last - Math.min(maxRows, last);
  const tooOld = Date.now() - maxAge;
  const kept = connection.first(
    `SELECT min("offset") FROM restwave_change WHERE "offset" >= ? AND "offset" < ? AND "offset" > ? AND at >= ?`,
    [first, end, tooMany, tooOld],
  );
  const until = kept?.[0] === null || kept === undefined ? end : Number(kept[0]);
  if (until === first) return { pruned: 0, more: false };
  connection.run(`UPDATE restwave_meta SET value = ? WHERE key = 'pruned'`, [until - 1]);
  const pruned = connection.run(`DELETE FROM restwave_change WHERE "offset" < ?`, [until]);
  return { pruned, more: until === end };
}
