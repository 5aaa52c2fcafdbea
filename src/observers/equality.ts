import type { AnyModel } from "../models/model.ts";
import { type Comparable, comparableForm, setKey } from "../models/predicate.ts";
import type { LoggedRow } from "../models/change-log/change.ts";
import type { Condition, Where } from "../models/where.ts";

/** A column of a model that a query fixes to one or some values. */
export interface Equality {
  /** Property key. */
  readonly column: string;
  readonly keys: readonly Comparable[];
}

/** Most values of an `in` that are indexed one by one. */
const MAX_KEYS = 1000;

/** The condition by which a query's rows are found fastest: every row that matches has one of these values. Null when there is none. */
export function equalityOf(model: AnyModel, where: Where | null): Equality | null {
  const logged = model.database.changes.loggedColumns(model);
  const candidates = conditionsOf(where).filter((condition) => isEquality(condition) && logged.has(condition.column));
  const [best] = candidates.toSorted((left, right) => weightOf(model, left) - weightOf(model, right));
  if (best === undefined) return null;
  const values: readonly unknown[] = best.lookup === "in" && Array.isArray(best.value) ? best.value : [best.value];
  const form = equalityForm(model, best.column);
  return { column: best.column, keys: [...new Set(values.map(form))] };
}

/** A value of a column, so that equal values are one key of a Map. */
export function equalityForm(model: AnyModel, column: string): (value: unknown) => Comparable {
  const form = comparableForm(model.resolver.lookup(column).column);
  return (value) => setKey(form(value));
}

/** The key of a row's value; undefined when it has none. */
export function equalityKey(form: (value: unknown) => Comparable, row: LoggedRow | null, column: string): Comparable | undefined {
  const value = row?.[column];
  return value === null || value === undefined ? undefined : form(value);
}

function conditionsOf(where: Where | null): readonly Condition[] {
  if (where === null) return [];
  if (where.type === "condition") return [where];
  return where.type === "and" ? where.children.flatMap(conditionsOf) : [];
}

function isEquality({ lookup, path, value }: Condition): boolean {
  if (path.length > 0) return false;
  return lookup === "exact" || (lookup === "in" && Array.isArray(value) && value.length <= MAX_KEYS);
}

function weightOf(model: AnyModel, { column, lookup, value }: Condition): number {
  const count = lookup === "in" && Array.isArray(value) ? value.length : 1;
  const found = model.columns.get(column);
  if (found?.unique === true) return count;
  // A flag splits rows in two at best.
  return found?.kind === "boolean" ? 3000 + count : 1000 + count;
}
