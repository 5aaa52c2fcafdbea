import type { Lookups, OrderingKey } from "../models/lookups.ts";
import type { AnyModel } from "../models/model.ts";
import type { LookupName } from "../models/where.ts";
import type { MethodFilter } from "./method-filter.ts";

type LookupsOf<M extends AnyModel> = Lookups<M["table"], M["relations"]>;

/** The model's columns, `pk`, and the columns that its foreign keys lead to: `"email"`, `"author__username"`. */
export type ColumnPath<M extends AnyModel> = Exclude<OrderingKey<M["table"], M["relations"]>, `-${string}`>;

/** The lookups of one column: `"icontains"` is one of a text column and none of a number. */
type LookupsAt<M extends AnyModel, P extends string> = {
  [L in LookupName]: `${P}__${L}` extends keyof LookupsOf<M> ? L : never;
}[LookupName];

/** What `FilterSet` takes as `fields`. */
export type FilterFields<M extends AnyModel> = {
  readonly [P in ColumnPath<M>]?: readonly LookupsAt<M, P>[];
};

type WireName<P extends string, L> = L extends "exact" ? P | `${P}__exact` : L extends string ? `${P}__${L}` : never;

type NameAt<F, P extends keyof F & string> = F[P] extends readonly (infer L)[] ? WireName<P, L> : never;

type WireNames<F> = { [P in keyof F & string]: NameAt<F, P> }[keyof F & string];

type ValueOf<C> = C extends MethodFilter<infer V> ? V : never;

/**
 * What a client may send under `filters`.
 *
 * Example: the fields `{ email: ["icontains"], id: ["exact", "in"] }` give
 * `{ email__icontains?: string; id?: number; id__exact?: number; id__in?: readonly number[] }`.
 */
export type FiltersOf<M extends AnyModel, F, C> = {
  [N in WireNames<F>]?: N extends keyof LookupsOf<M> ? NonNullable<LookupsOf<M>[N]> : never;
} & { [N in keyof C]?: ValueOf<C[N]> };
