import { isDeepStrictEqual } from "node:util";
import type { AnyModel } from "../model.ts";
import { pkKey } from "../pk-key.ts";
import type { Change, CommittedTransaction, LoggedRow, TouchedRow } from "./change.ts";
import type { LogEntry, LoggedTransaction } from "./change-log-store.ts";
import type { LogPlan } from "./log-plan.ts";

interface NetRow {
  readonly pk: unknown;
  before: LoggedRow | null;
  after: LoggedRow | null;
  last?: LoggedRow;
}

/** By primary key, in the order in which rows were touched first. */
type NetRows = Map<unknown, NetRow>;

/** What a transaction did in sum, see `Change`. */
export function netTransaction(plan: LogPlan, { id, position, entries }: LoggedTransaction): CommittedTransaction {
  const rows = new Map<AnyModel, NetRows>();
  const touched = new Map<AnyModel, Map<unknown, TouchedRow>>();
  const lost = new Set<AnyModel>();
  for (const entry of entries) {
    const models = plan.observed.get(entry.model) ?? [];
    const joins = plan.joins.get(entry.model) ?? [];
    if (entry.operation === "lost") for (const model of [...models, ...joins.map((end) => end.model)]) lost.add(model);
    else {
      for (const model of models) addEntry(rowsOf(rows, model), model, entry);
      for (const { model, column } of joins) touch(rowsOf(touched, model), model, column, entry);
    }
  }
  const changes = [...rows].flatMap(([model, net]) => changesOf(model, net));
  const alone = [...touched].flatMap(([model, all]) => [...all].filter(([key]) => !isChanged(rows.get(model)?.get(key))));
  return { id, position, changes, touched: alone.map(([, row]) => row), lost: [...lost] };
}

function rowsOf<T>(byModel: Map<AnyModel, Map<unknown, T>>, model: AnyModel): Map<unknown, T> {
  const known = byModel.get(model);
  if (known !== undefined) return known;
  const rows = new Map<unknown, T>();
  byModel.set(model, rows);
  return rows;
}

function addEntry(rows: NetRows, model: AnyModel, { before, after }: LogEntry): void {
  const name = model.pk.name;
  if (before !== null && after !== null && pkKey(before[name]) === pkKey(after[name]))
    return update(rows, after[name], before, after);
  if (before !== null) remove(rows, before[name], before);
  if (after !== null) insert(rows, after[name], after);
}

function insert(rows: NetRows, pk: unknown, after: LoggedRow): void {
  const known = rows.get(pkKey(pk));
  if (known === undefined) rows.set(pkKey(pk), { pk, before: null, after });
  // A trigger of the application may have changed the new row already, before our trigger told of its coming.
  else if (known.before !== null && known.after !== null && isDeepStrictEqual(known.before, after)) known.before = null;
  else known.after = after;
}

function update(rows: NetRows, pk: unknown, before: LoggedRow, after: LoggedRow): void {
  const known = rows.get(pkKey(pk));
  if (known === undefined) rows.set(pkKey(pk), { pk, before, after });
  else if (isNested(known, before, after)) known.before = before;
  else known.after = after;
}

/** Was what we know made by a trigger of the application, in answer to this update, and logged before it? */
function isNested(known: NetRow, before: LoggedRow, after: LoggedRow): boolean {
  return known.before !== null && isDeepStrictEqual(known.before, after) && !isDeepStrictEqual(known.after, before);
}

function remove(rows: NetRows, pk: unknown, before: LoggedRow): void {
  const known = rows.get(pkKey(pk));
  if (known === undefined) rows.set(pkKey(pk), { pk, before, after: null });
  else {
    known.after = null;
    known.last = before;
  }
}

function touch(rows: Map<unknown, TouchedRow>, model: AnyModel, column: string, { before, after }: LogEntry): void {
  for (const row of [before, after]) {
    const pk = row?.[column] ?? null;
    if (pk !== null && !rows.has(pkKey(pk))) rows.set(pkKey(pk), { model, pk });
  }
}

function changesOf(model: AnyModel, rows: NetRows): Change[] {
  return [...rows.values()].filter(isChanged).map(({ pk, before, after, last }) => {
    return after === null && last !== undefined ? { model, pk, before, after, last } : { model, pk, before, after };
  });
}

/** Not so for a row that came and went. */
function isChanged(row: NetRow | undefined): boolean {
  return row !== undefined && (row.before !== null || row.after !== null);
}
