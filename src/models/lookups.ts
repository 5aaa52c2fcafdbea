import type { Column, Table } from "drizzle-orm";
import type { BelongsTo, Relations } from "./relations.ts";

type Columns<T extends Table> = T["_"]["columns"];
type Key<T extends Table> = keyof Columns<T> & string;
type Data<C extends Column> = C["_"]["data"];
type DataOf<T extends Table, K extends Key<T>> = Data<Columns<T>[K]>;

/** Columns whose values are texts, but of numbers or times: they are compared, not searched. */
type NoText = "SQLiteNumeric" | "PgNumeric" | "PgTimestampString" | "PgDateString" | "PgTime";
type IsText<C extends Column> = C["_"]["dataType"] extends "string"
  ? C["_"]["columnType"] extends NoText
    ? false
    : true
  : false;
type IsOrdered<C extends Column> = C["_"]["dataType"] extends "json" | "buffer" | "boolean" | "array" ? false : true;

type TextKey<T extends Table> = { [K in Key<T>]: IsText<Columns<T>[K]> extends true ? K : never }[Key<T>];
type OrderedKey<T extends Table> = { [K in Key<T>]: IsOrdered<Columns<T>[K]> extends true ? K : never }[Key<T>];
type PkKey<T extends Table> = { [K in Key<T>]: Columns<T>[K]["_"]["isPrimaryKey"] extends true ? K : never }[Key<T>];

type TextLookup = "iexact" | "contains" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith";
type OrderLookup = "gt" | "gte" | "lt" | "lte";

/** The lookups of one table's columns, each key with `P` before it. */
type ColumnLookups<T extends Table, P extends string> = {
  readonly [K in Key<T> as `${P}${K}`]?: DataOf<T, K> | null;
} & {
  readonly [K in Key<T> as `${P}${K}__exact`]?: DataOf<T, K> | null;
} & {
  readonly [K in Key<T> as `${P}${K}__in`]?: readonly DataOf<T, K>[];
} & {
  readonly [K in Key<T> as `${P}${K}__isnull`]?: boolean;
} & {
  readonly [K in TextKey<T> as `${P}${K}__${TextLookup}`]?: string;
} & {
  readonly [K in OrderedKey<T> as `${P}${K}__${OrderLookup}`]?: DataOf<T, K>;
} & {
  readonly [K in OrderedKey<T> as `${P}${K}__range`]?: readonly [DataOf<T, K>, DataOf<T, K>];
} & PkLookups<T, P>;

type PkLookups<T extends Table, P extends string> = [PkKey<T>] extends [never]
  ? unknown
  : { readonly [K in `${P}pk` | `${P}pk__exact`]?: DataOf<T, PkKey<T>> | null } & {
      readonly [K in `${P}pk__in`]?: readonly DataOf<T, PkKey<T>>[];
    } & { readonly [K in `${P}pk__${OrderLookup}`]?: DataOf<T, PkKey<T>> };

type Intersect<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;

/** Relations can be followed this many steps by the type checker; querysets themselves set no limit. */
type Depth = [1, 1, 1];

type RelationLookups<R extends Relations, P extends string, D extends readonly unknown[]> = D extends readonly [
  unknown,
  ...infer Rest,
]
  ? Intersect<
      {
        [N in keyof R & string]: R[N] extends BelongsTo<infer M>
          ? ColumnLookups<M["table"], `${P}${N}__`> & RelationLookups<M["relations"], `${P}${N}__`, Rest>
          : {};
      }[keyof R & string]
    >
  : unknown;

/**
 * What `filter` takes for a table: `{ email__icontains: "x", id__in: [1, 2], author__username: "y", pk: 1 }`. A wrong column, lookup or
 * type of value does not compile.
 */
export type Lookups<T extends Table, R extends Relations> = ColumnLookups<T, ""> &
  (string extends keyof R ? unknown : [keyof R] extends [never] ? unknown : RelationLookups<R, "", Depth>);

type ColumnOrdering<T extends Table, P extends string> = `${P}${Key<T> | "pk"}`;

type RelationOrdering<R extends Relations, P extends string, D extends readonly unknown[]> = D extends readonly [
  unknown,
  ...infer Rest,
]
  ? {
      [N in keyof R & string]: R[N] extends BelongsTo<infer M>
        ? ColumnOrdering<M["table"], `${P}${N}__`> | RelationOrdering<M["relations"], `${P}${N}__`, Rest>
        : never;
    }[keyof R & string]
  : never;

type OrderingName<T extends Table, R extends Relations> =
  ColumnOrdering<T, ""> | (string extends keyof R ? string : [keyof R] extends [never] ? never : RelationOrdering<R, "", Depth>);

/** What `orderBy` takes: a name, or a name after `-` for descending order. */
export type OrderingKey<T extends Table, R extends Relations> = OrderingName<T, R> | `-${OrderingName<T, R>}`;
