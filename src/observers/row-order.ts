import type { LoggedRow } from "../models/change-log/change.ts";
import type { AnyModel } from "../models/model.ts";
import { type Comparable, comparableForm, compareValues } from "../models/predicate.ts";
import { orderingKeys } from "../models/ordering-keys.ts";
import { isSliced } from "../models/query.ts";
import type { AnyQuerySet } from "../models/queryset.ts";

/** What a row is sorted by; null sorts before every value. */
export type OrderKey = readonly (Comparable | null)[];

/** A total order of a model's rows: that of a queryset, rows that are equal in it by primary key. Agrees with the database. */
export class RowOrder {
  /** For `orderByUntrusted`. */
  readonly keys: readonly string[];
  /** Property keys of the columns that it looks at. */
  readonly columns: readonly string[];
  readonly #terms: readonly { readonly read: (row: LoggedRow) => Comparable | null; readonly sign: 1 | -1 }[];

  private constructor(model: AnyModel, keys: readonly string[]) {
    const resolved = keys.map((key) => model.resolver.ordering(key));
    this.keys = keys;
    this.columns = resolved.map(({ column }) => column.name);
    this.#terms = resolved.map(({ column, descending }) => {
      const form = comparableForm(column);
      const read = (row: LoggedRow): Comparable | null => {
        const value = row[column.name];
        return value === null || value === undefined ? null : form(value);
      };
      return { read, sign: descending ? -1 : 1 };
    });
  }

  /** @returns null when rows are ordered through a relation: only the database can tell then. */
  static of(queryset: AnyQuerySet): RowOrder | null {
    const keys = totalOrdering(queryset);
    const { model } = queryset;
    return keys.some((key) => model.resolver.ordering(key).path.length > 0) ? null : new RowOrder(model, keys);
  }

  keyOf(row: LoggedRow): OrderKey {
    return this.#terms.map(({ read }) => read(row));
  }

  compare(left: OrderKey, right: OrderKey): number {
    for (const [index, { sign }] of this.#terms.entries()) {
      const order = compareNullable(left[index] ?? null, right[index] ?? null);
      if (order !== 0) return order * sign;
    }
    return 0;
  }
}

function compareNullable(left: Comparable | null, right: Comparable | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  return compareValues(left, right);
}

/** The keys by which a queryset's rows have one order only: its own, then the primary key. */
export function totalOrdering(queryset: AnyQuerySet): readonly string[] {
  const own = orderingKeys(queryset);
  const pk: string = queryset.model.pk.name;
  const isThere = own.some((key) => ["pk", pk].includes(key.replace(/^-/, "")));
  return isThere ? own : [...own, pk];
}

/** Do events of these rows say where a row stands: has the list an order, or is it a page? */
export function placesRows({ isOrdered, query }: AnyQuerySet): boolean {
  return isOrdered || isSliced(query);
}

/** The same rows in one order only; a page stays as it is. */
export function inTotalOrder(queryset: AnyQuerySet): AnyQuerySet {
  return isSliced(queryset.query) ? queryset : queryset.orderByUntrusted(totalOrdering(queryset));
}
