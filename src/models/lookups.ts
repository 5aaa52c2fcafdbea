import type { Column, Table } from "drizzle-orm";
import type { ForeignKeys } from "./foreign-keys.ts";
import type { BelongsTo, Relations } from "./relations.ts";

type Columns<T extends Table> = T["_"]["columns"];

/** What one model's lookups name, by name: columns, and foreign keys by the names of their relations. */
type Fields = Readonly<Record<string, Column>>;
type FieldsOf<T extends Table, R extends Relations> = string extends keyof R
  ? Columns<T>
  : [keyof R] extends [never]
    ? Columns<T>
    : Columns<T> & ForeignKeys<T, R>;

type Key<F extends Fields> = keyof F & string;
type Data<F extends Fields, K extends Key<F>> = F[K]["_"]["data"];

/** Columns whose values are texts, but of numbers or times: they are compared, not searched. */
type NoText = "SQLiteNumeric" | "PgNumeric" | "PgTimestampString" | "PgDateString" | "PgTime";
type IsText<C extends Column> = C["_"]["dataType"] extends "string"
  ? C["_"]["columnType"] extends NoText
    ? false
    : true
  : false;
type IsOrdered<C extends Column> = C["_"]["dataType"] extends "json" | "buffer" | "boolean" | "array" ? false : true;

type TextKey<F extends Fields> = { [K in Key<F>]: IsText<F[K]> extends true ? K : never }[Key<F>];
type OrderedKey<F extends Fields> = { [K in Key<F>]: IsOrdered<F[K]> extends true ? K : never }[Key<F>];
type PkKey<F extends Fields> = { [K in Key<F>]: F[K]["_"]["isPrimaryKey"] extends true ? K : never }[Key<F>];

type TextLookup = "iexact" | "contains" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith";
type OrderLookup = "gt" | "gte" | "lt" | "lte";

/** The lookups of one model's own columns `C` and of its fields `F`, each key with `P` before it. A relation's name is a key, not a text. */
type FieldLookups<C extends Fields, F extends Fields, P extends string> = {
  readonly [K in Key<F> as `${P}${K}`]?: Data<F, K> | null;
} & {
  readonly [K in Key<F> as `${P}${K}__exact`]?: Data<F, K> | null;
} & {
  readonly [K in Key<F> as `${P}${K}__in`]?: readonly Data<F, K>[];
} & {
  readonly [K in Key<F> as `${P}${K}__isnull`]?: boolean;
} & {
  readonly [K in TextKey<C> as `${P}${K}__${TextLookup}`]?: string;
} & {
  readonly [K in OrderedKey<F> as `${P}${K}__${OrderLookup}`]?: Data<F, K>;
} & {
  readonly [K in OrderedKey<F> as `${P}${K}__range`]?: readonly [Data<F, K>, Data<F, K>];
} & PkLookups<C, P>;

type PkLookups<C extends Fields, P extends string> = [PkKey<C>] extends [never]
  ? unknown
  : { readonly [K in `${P}pk` | `${P}pk__exact`]?: Data<C, PkKey<C>> | null } & {
      readonly [K in `${P}pk__in`]?: readonly Data<C, PkKey<C>>[];
    } & { readonly [K in `${P}pk__${OrderLookup}`]?: Data<C, PkKey<C>> };

type ModelLookups<T extends Table, R extends Relations, P extends string> = FieldLookups<Columns<T>, FieldsOf<T, R>, P>;

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
          ? ModelLookups<M["table"], M["relations"], `${P}${N}__`> & RelationLookups<M["relations"], `${P}${N}__`, Rest>
          : {};
      }[keyof R & string]
    >
  : unknown;

/**
 * What `filter` takes for a table: `{ email__icontains: "x", id__in: [1, 2], author__username: "y", author: 1, pk: 1 }`. A wrong column,
 * lookup or type of value does not compile.
 */
export type Lookups<T extends Table, R extends Relations> = ModelLookups<T, R, ""> &
  (string extends keyof R ? unknown : [keyof R] extends [never] ? unknown : RelationLookups<R, "", Depth>);

type FieldOrdering<T extends Table, R extends Relations, P extends string> = `${P}${Key<FieldsOf<T, R>> | "pk"}`;

type RelationOrdering<R extends Relations, P extends string, D extends readonly unknown[]> = D extends readonly [
  unknown,
  ...infer Rest,
]
  ? {
      [N in keyof R & string]: R[N] extends BelongsTo<infer M>
        ? FieldOrdering<M["table"], M["relations"], `${P}${N}__`> | RelationOrdering<M["relations"], `${P}${N}__`, Rest>
        : never;
    }[keyof R & string]
  : never;

type OrderingName<T extends Table, R extends Relations> =
  | FieldOrdering<T, R, "">
  | (string extends keyof R ? string : [keyof R] extends [never] ? never : RelationOrdering<R, "", Depth>);

/** What `orderBy` takes: a name, or a name after `-` for descending order. */
export type OrderingKey<T extends Table, R extends Relations> = OrderingName<T, R> | `-${OrderingName<T, R>}`;
