import type { CursorKey } from "./cursor-keys.ts";

/** Lookups that must all hold. */
export type Alternative = Readonly<Record<string, unknown>>;

/**
 * The rows behind a place in a list: those that satisfy one of the alternatives. For the order `name, id` and the place `("b", 7)` they are
 * `name > "b"`, and `name = "b", id > 7`. NULL comes before every value, as querysets order it.
 *
 * @param inclusive whether a row at the very place belongs to them.
 */
export function rowsBehind(keys: readonly CursorKey[], values: readonly unknown[], inclusive: boolean): readonly Alternative[] {
  const alternatives: Alternative[] = [];
  let same: Alternative = {};
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? null;
    for (const further of behind(key, value)) alternatives.push({ ...same, ...further });
    same = { ...same, ...at(key, value) };
  }
  return inclusive ? [...alternatives, same] : alternatives;
}

/** What all rows behind a place have in common: lets the database begin in the middle of an index on the first column. */
export function rangeBehind([first]: readonly CursorKey[], [value]: readonly unknown[]): Alternative {
  if (first === undefined || value === null || value === undefined || first.column.kind === "boolean") return {};
  if (!first.descending) return { [`${first.column.name}__gte`]: value };
  return first.column.nullable ? {} : { [`${first.column.name}__lte`]: value };
}

function at({ column }: CursorKey, value: unknown): Alternative {
  return value === null ? { [`${column.name}__isnull`]: true } : { [column.name]: value };
}

function behind({ column, descending }: CursorKey, value: unknown): readonly Alternative[] {
  const isNull = { [`${column.name}__isnull`]: true };
  if (value === null) return descending ? [] : [{ [`${column.name}__isnull`]: false }];
  if (!descending) return above(column, value);
  return column.nullable ? [...below(column, value), isNull] : below(column, value);
}

function above(column: CursorKey["column"], value: unknown): readonly Alternative[] {
  if (column.kind !== "boolean") return [{ [`${column.name}__gt`]: value }];
  return value === false ? [{ [column.name]: true }] : [];
}

function below(column: CursorKey["column"], value: unknown): readonly Alternative[] {
  if (column.kind !== "boolean") return [{ [`${column.name}__lt`]: value }];
  return value === true ? [{ [column.name]: false }] : [];
}
