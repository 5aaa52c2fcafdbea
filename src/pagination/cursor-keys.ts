import { FieldError } from "../models/errors.ts";
import type { ResolvedOrdering } from "../models/lookup-resolver.ts";
import type { AnyModel } from "../models/model.ts";
import type { ModelColumn } from "../models/model-column.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";

/** One column that a list is ordered by. */
export interface CursorKey {
  readonly column: ModelColumn;
  readonly descending: boolean;
}

/**
 * The columns of an ordering, ended by the primary key, so that no two rows have the same place.
 *
 * @throws ImproperlyConfigured for what a row does not hold itself or what cannot be compared.
 */
export function cursorKeys(model: AnyModel, ordering: readonly string[]): readonly CursorKey[] {
  const keys = ordering.map((key) => cursorKey(model, key));
  const last = keys.findIndex(({ column }) => column === model.pk);
  // Nothing after the primary key can make a difference.
  return last === -1 ? [...keys, { column: model.pk, descending: false }] : keys.slice(0, last + 1);
}

/** The keys as `orderBy` takes them. */
export function orderingOf(keys: readonly CursorKey[]): readonly string[] {
  return keys.map(({ column, descending }) => (descending ? `-${column.name}` : column.name));
}

/** The same list from its end. */
export function reversed(keys: readonly CursorKey[]): readonly CursorKey[] {
  return keys.map(({ column, descending }) => ({ column, descending: !descending }));
}

/** The row's place in the list. */
export function valuesOf(keys: readonly CursorKey[], row: object): readonly unknown[] {
  return keys.map(({ column }): unknown => Reflect.get(row, column.name));
}

function cursorKey(model: AnyModel, key: string): CursorKey {
  const { column, path, descending } = resolve(model, key);
  if (path.length === 0 && column.kind !== "binary") return { column, descending };
  throw new ImproperlyConfigured(
    `CursorPagination of ${model.name}: expected an ordering by columns of ${model.name} that can be compared, got "${key}". Order by another column.`,
  );
}

function resolve(model: AnyModel, key: string): ResolvedOrdering {
  try {
    return model.resolver.ordering(key);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new ImproperlyConfigured(
      `CursorPagination of ${model.name}: cannot order by "${key}". Name a column of ${model.name}.`,
      { cause: error },
    );
  }
}
