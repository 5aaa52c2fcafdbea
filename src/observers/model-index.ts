import type { Change } from "../models/change-log/change.ts";
import type { AnyModel } from "../models/model.ts";
import type { Comparable } from "../models/predicate.ts";
import { type Equality, equalityForm, equalityKey, equalityOf } from "./equality.ts";
import type { LiveQuery } from "./live-query.ts";

/** The queries that fix one column, by its value. */
interface ColumnIndex {
  readonly form: (value: unknown) => Comparable;
  readonly byKey: Map<Comparable, Set<LiveQuery>>;
}

/** The live queries of one model, found by the rows that may matter to them: cost follows matches, not queries. */
export class ModelIndex {
  readonly #model: AnyModel;
  readonly #columns = new Map<string, ColumnIndex>();
  /** Those that fix no column. */
  readonly #others = new Set<LiveQuery>();
  readonly #all = new Map<LiveQuery, Equality | null>();

  constructor(model: AnyModel) {
    this.#model = model;
  }

  get all(): Iterable<LiveQuery> {
    return this.#all.keys();
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  add(query: LiveQuery): void {
    const equality = equalityOf(this.#model, query.where);
    this.#all.set(query, equality);
    if (equality === null) return void this.#others.add(query);
    const index = this.#indexOf(equality.column);
    for (const key of equality.keys) {
      const found = index.byKey.get(key);
      if (found === undefined) index.byKey.set(key, new Set([query]));
      else found.add(query);
    }
  }

  delete(query: LiveQuery): void {
    const equality = this.#all.get(query);
    this.#all.delete(query);
    if (this.#others.delete(query) || equality === undefined || equality === null) return;
    const index = this.#indexOf(equality.column);
    for (const key of equality.keys) {
      const found = index.byKey.get(key);
      found?.delete(query);
      if (found?.size === 0) index.byKey.delete(key);
    }
    if (index.byKey.size === 0) this.#columns.delete(equality.column);
  }

  /** Every query to which the change may matter. */
  *matching(change: Change): Iterable<LiveQuery> {
    yield* this.#others;
    for (const [column, { form, byKey }] of this.#columns) {
      const before = equalityKey(form, change.before, column);
      const after = equalityKey(form, change.after, column);
      if (before !== undefined) yield* byKey.get(before) ?? [];
      if (after !== undefined && after !== before) yield* byKey.get(after) ?? [];
    }
  }

  #indexOf(column: string): ColumnIndex {
    const known = this.#columns.get(column);
    if (known !== undefined) return known;
    const made: ColumnIndex = { form: equalityForm(this.#model, column), byKey: new Map() };
    this.#columns.set(column, made);
    return made;
  }
}
