import type { ForeignKeys } from "../models/foreign-keys.ts";
import type { Lookups, OrderingKey } from "../models/lookups.ts";
import type { AnyModel } from "../models/model.ts";
import type { BelongsTo } from "../models/relations.ts";
import type { LookupName } from "../models/where.ts";
import type { ToJson } from "../models/to-json.ts";
import type { MethodFilter } from "./method-filter.ts";

type LookupsOf<M extends AnyModel> = Lookups<M["table"], M["relations"]>;

/** The model's columns, its foreign keys, `pk`, and what its foreign keys lead to: `"email"`, `"author"`, `"author__username"`. */
export type ColumnPath<M extends AnyModel> = Exclude<OrderingKey<M["table"], M["relations"]>, `-${string}`>;

type KeysOf<M extends AnyModel> = ForeignKeys<M["table"], M["relations"]>;

/** The type of the column at the end of a path. */
type ColumnAt<M extends AnyModel, P extends string> = P extends keyof M["table"]["_"]["columns"]
  ? M["table"]["_"]["columns"][P]["_"]
  : P extends keyof KeysOf<M>
    ? KeysOf<M>[P]["_"]
    : P extends `${infer N}__${infer Rest}`
      ? M["relations"][N] extends BelongsTo<infer Related>
        ? ColumnAt<Related, Rest>
        : unknown
      : unknown;

/** JSON and arrays are NULL or not; nobody compares them. */
type IsCompared<C> = C extends { readonly dataType: "json" | "array" } ? false : true;

/** The lookups of one column, of all that the model has: `"icontains"` is one of a text column and none of a number. */
type LookupsAt<M extends AnyModel, P extends string, Known> =
  IsCompared<ColumnAt<M, P>> extends false ? "isnull" : { [L in LookupName]: `${P}__${L}` extends Known ? L : never }[LookupName];

/** `Known` is there so that the compiler lists all of the model's lookups once, and not for each of them. */
type FieldsWith<M extends AnyModel, Known> = {
  readonly [P in ColumnPath<M>]?: readonly LookupsAt<M, P, Known>[];
};

/** What `FilterSet` takes as `fields`. */
export type FilterFields<M extends AnyModel> = FieldsWith<M, keyof LookupsOf<M>>;

/** Refuses what names no column: TypeScript lets a type parameter have more keys than its constraint. */
export type FieldsCheck<M extends AnyModel, F> = string extends keyof F
  ? unknown
  : { readonly [P in Exclude<keyof F, ColumnPath<M>>]: never };

type WireName<P extends string, L> = L extends "exact" ? P | `${P}__exact` : L extends string ? `${P}__${L}` : never;

type NameAt<F, P extends keyof F & string> = F[P] extends readonly (infer L)[] ? WireName<P, L> : never;

type WireNames<F> = { [P in keyof F & string]: NameAt<F, P> }[keyof F & string];

type MethodValue<C> = C extends MethodFilter<infer V> ? V : never;

/** A value as JSON holds it; no JSON value stands for bytes. */
type Sent<V> = V extends Uint8Array ? never : ToJson<V>;

type SentValue<V> = V extends null | undefined
  ? never
  : V extends readonly unknown[]
    ? { readonly [I in keyof V]: Sent<V[I]> }
    : Sent<V>;

/** The column of the model's own table that a name stands for, as far as its type says. */
type OwnColumn<M extends AnyModel, P extends string> = P extends keyof KeysOf<M>
  ? M["relations"][P] extends BelongsTo<AnyModel, infer C>
    ? C
    : unknown
  : P;

/** Null where a row can have it: in a column that can be NULL, or behind a relation, whose row may be missing. */
type NullAt<M extends AnyModel, P extends string> = P extends "pk"
  ? never
  : OwnColumn<M, P> extends keyof M["table"]["_"]["columns"]
    ? M["table"]["_"]["columns"][OwnColumn<M, P>]["_"] extends { readonly notNull: true }
      ? never
      : null
    : null;

/** Null asks for NULL; only equality takes it. */
type NullOf<M extends AnyModel, F, N extends string> = N extends keyof F
  ? NullAt<M, N>
  : N extends `${infer P}__${"exact" | "iexact"}`
    ? NullAt<M, P>
    : never;

type LookupValue<M extends AnyModel, F, N extends string> = N extends keyof LookupsOf<M>
  ? SentValue<LookupsOf<M>[N]> | NullOf<M, F, N>
  : never;

declare const noName: unique symbol;

/** The filters of a set that has none. Not `{}`, in which TypeScript finds no name too many. */
export interface NoFilters {
  readonly [noName]?: never;
}

type NamedFilters<M extends AnyModel, F, C, N extends string> = [N] extends [never]
  ? NoFilters
  : string extends N
    ? Readonly<Record<string, unknown>>
    : { [K in N]?: K extends keyof C ? MethodValue<C[K]> : LookupValue<M, F, K> };

/**
 * What a client may send under `filters`, as JSON holds it: moments, days and decimals are texts, and bytes cannot be sent.
 *
 * Example: the fields `{ email: ["icontains"], id: ["exact", "in"] }` give
 * `{ email__icontains?: string; id?: number; id__exact?: number; id__in?: readonly number[] }`.
 */
export type FiltersOf<M extends AnyModel, F, C> = NamedFilters<M, F, C, WireNames<F> | (keyof C & string)>;
