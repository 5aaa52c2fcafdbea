import type { Position } from "../models/change-log/position.ts";
import type { LiveQuery } from "./live-query.ts";
import type { RowEvent } from "./row-event.ts";
import type { Moment } from "./event-slot.ts";

/** What a subscriber has not seen, transaction by transaction. */
export type MissedEvents = readonly { readonly moment: Moment; readonly events: readonly RowEvent[] }[];

/** What happened to a query's rows since `from`. Called inside a snapshot. @returns null when that cannot be told. */
export async function missedEvents(query: LiveQuery, from: Position): Promise<MissedEvents | null> {
  const { model } = query;
  const transactions = await model.database.changes.since(from);
  if (transactions === null) return null;
  const past = await query.copyAt(from, transactions);
  if (past === null) return null;
  const missed: { moment: Moment; events: readonly RowEvent[] }[] = [];
  for (const transaction of transactions) {
    if (transaction.lost.includes(model)) return null;
    if (query.watchesRelations && transaction.touched.some((touched) => touched.model === model)) return null;
    const changes = transaction.changes.filter((change) => change.model === model);
    if (changes.length === 0) continue;
    const events = await past.apply(transaction, changes);
    if (events === "lost") return null;
    if (events.length > 0) missed.push({ moment: transaction, events });
  }
  return missed;
}
