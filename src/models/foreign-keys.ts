import type { Table } from "drizzle-orm";
import type { BelongsTo, Relations } from "./relations.ts";

type Columns<T extends Table> = T["_"]["columns"];

type PrimaryKey<T extends Table> = {
  [K in keyof Columns<T>]: Columns<T>[K]["_"]["isPrimaryKey"] extends true ? Columns<T>[K] : never;
}[keyof Columns<T>];

/**
 * The column of a foreign key. Where the type of a relation does not say which it is (`BelongsTo<typeof User>`, written out), what the key
 * points to stands for it.
 */
type ForeignKey<T extends Table, B> =
  B extends BelongsTo<infer M, infer C> ? (C extends keyof Columns<T> ? Columns<T>[C] : PrimaryKey<M["table"]>) : never;

/** A table's foreign keys by the names of their relations: `author` is the column `authorId`. */
export type ForeignKeys<T extends Table, R extends Relations> = {
  readonly [N in keyof R as R[N] extends BelongsTo ? Exclude<N, keyof Columns<T>> : never]: ForeignKey<T, R[N]>;
};
