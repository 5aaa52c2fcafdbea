import type { CommittedTransaction, LoggedRow } from "../models/change-log/change.ts";
import type { Position } from "../models/change-log/position.ts";
import type { AnyModel } from "../models/model.ts";
import type { Predicate } from "../models/predicate.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { Where } from "../models/where.ts";
import { pkKey } from "../models/pk-key.ts";
import type { RowOrder } from "./row-order.ts";

/** Rows of a model that satisfy a condition, in an order. */
export interface OrderedRows {
  readonly model: AnyModel;
  readonly where: Where | null;
  readonly matches: Predicate;
  readonly order: RowOrder;
}

/**
 * The first `count` of the rows as they were at `position`: the database tells what is, the change log what was changed since.
 *
 * @param known what was committed since, where the present snapshot has read it already.
 * @returns the columns that the log holds; null when the log cannot tell any more.
 */
export function rowsAt(
  rows: OrderedRows,
  position: Position,
  count: number,
  known?: readonly CommittedTransaction[],
): Promise<LoggedRow[] | null> {
  const { model, order } = rows;
  return model.database.snapshot(async () => {
    const missed = known ?? (await model.database.changes.since(position));
    const originals = originalsBefore(model, missed);
    if (originals === null) return null;
    const present = await readFirst(rows, count + originals.size);
    const unchanged = present.filter((row) => !originals.has(pkKey(row[model.pk.name])));
    const restored = [...originals.values()].filter((row) => row !== null && rows.matches(row)).filter(isRow);
    if (restored.length === 0) return unchanged.slice(0, count);
    const keyed = [...unchanged, ...restored].map((row) => ({ row, key: order.keyOf(row) }));
    keyed.sort((left, right) => order.compare(left.key, right.key));
    return keyed.slice(0, count).map(({ row }) => row);
  });
}

/** One row of each of these primary keys as it was at `position`; null when the log cannot tell any more. */
export function rowsByPkAt(model: AnyModel, pks: readonly unknown[], position: Position): Promise<LoggedRow[] | null> {
  return model.database.snapshot(async () => {
    const originals = originalsBefore(model, await model.database.changes.since(position));
    if (originals === null) return null;
    const present: LoggedRow[] = await loggedValues(model, model.objects.filterUntrusted({ pk__in: pks })).toArray();
    const unchanged = present.filter((row) => !originals.has(pkKey(row[model.pk.name])));
    const restored = pks.map((pk) => originals.get(pkKey(pk)) ?? null).filter(isRow);
    return [...unchanged, ...restored];
  });
}

function isRow(row: LoggedRow | null): row is LoggedRow {
  return row !== null;
}

/** Every row that was changed since, as it was before the first change: null where there was none. */
function originalsBefore(model: AnyModel, missed: readonly CommittedTransaction[] | null): Map<unknown, LoggedRow | null> | null {
  if (missed === null || missed.some(({ lost }) => lost.includes(model))) return null;
  const originals = new Map<unknown, LoggedRow | null>();
  for (const change of missed.flatMap(({ changes }) => changes)) {
    const key = pkKey(change.pk);
    if (change.model === model && !originals.has(key)) originals.set(key, change.before);
  }
  return originals;
}

function readFirst({ model, where, order }: OrderedRows, count: number): Promise<LoggedRow[]> {
  const all: AnyQuerySet = where === null ? model.objects.all() : model.objects.where(where);
  const ordered = all.orderByUntrusted(order.keys);
  return loggedValues(model, Number.isFinite(count) ? ordered.slice(0, count) : ordered).toArray();
}

/** Reads what the log holds and nothing else, so that rows look the same wherever they come from. */
export function loggedValues(model: AnyModel, queryset: AnyQuerySet): AnyQuerySet {
  return queryset.values(...model.database.changes.loggedColumns(model));
}
