import type { Table } from "drizzle-orm";
import type { AnyModel } from "./model.ts";

/** A foreign key: many rows of this model point to one row of `model`. */
export interface BelongsTo<M extends AnyModel = AnyModel, C extends string = string> {
  readonly type: "belongsTo";
  readonly model: () => M;
  /** Property key of the foreign key column in this model's table. */
  readonly column: C;
}

/** Rows of two models joined by the rows of a third table. */
export interface ManyToMany<M extends AnyModel = AnyModel> {
  readonly type: "manyToMany";
  readonly model: () => M;
  readonly through: Table;
  /** Property key in `through` that points to this model. */
  readonly source: string;
  /** Property key in `through` that points to `model`. */
  readonly target: string;
}

export type Relation = BelongsTo | ManyToMany;
export type Relations = Readonly<Record<string, Relation>>;

/**
 * Declares a foreign key. Lookups reach through it, `filter({ author__username: "x" })`, and its name stands for the key itself:
 * `filter({ author: 1 })` is `filter({ authorId: 1 })`.
 *
 * @param model the model pointed to; a function, so that models may be declared in any order.
 * @param column the property key of the foreign key column.
 */
export function belongsTo<M extends AnyModel, const C extends string>(model: () => M, column: C): BelongsTo<M, C> {
  return { type: "belongsTo", model, column };
}

/**
 * Declares a many-to-many relation through a join table.
 *
 * @param source the property key in `through` that points to the model being declared.
 * @param target the property key in `through` that points to `model`.
 */
export function manyToMany<M extends AnyModel, T extends Table>(
  model: () => M,
  through: T,
  source: keyof T["_"]["columns"] & string,
  target: keyof T["_"]["columns"] & string,
): ManyToMany<M> {
  return { type: "manyToMany", model, through, source, target };
}
