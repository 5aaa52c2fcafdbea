import type { AnyModel } from "../models/model.ts";
import type { FieldsCheck, FilterFields, FiltersOf } from "./filter-fields.ts";
import type { MethodFilter } from "./method-filter.ts";

/** A whitelist of filters: the base of what `FilterSet` makes. */
export class BaseFilterSet<Filters extends object = object> {
  /** Exists for the type checker alone: what a client sends under `filters`. */
  declare readonly types: { readonly filters: Filters };

  readonly model: AnyModel;
  /** Column, or path through relations, to its lookups. */
  readonly fields: Readonly<Record<string, readonly string[] | undefined>>;
  /** Filters that are a function. */
  readonly methods: Readonly<Record<string, MethodFilter>>;

  constructor(model: AnyModel, fields: BaseFilterSet["fields"], methods: BaseFilterSet["methods"]) {
    this.model = model;
    this.fields = fields;
    this.methods = methods;
  }
}

/** What `filterSetClass` holds. */
export type FilterSetClass = new () => BaseFilterSet;

/** What `FilterSet` is made from. */
export interface FilterSetOptions<M extends AnyModel, F, C> {
  /** Columns, or paths through relations, with the lookups that a client may use on each. */
  readonly fields?: F & FilterFields<M> & FieldsCheck<M, F>;
  /** Filters with a name and a meaning of their own. */
  readonly filters?: C;
}

/**
 * Makes a whitelist of what a client may filter by. A column or a lookup that the model does not have does not compile.
 *
 * ```ts
 * class UserFilter extends FilterSet(User, {
 *   fields: { email: ["exact", "icontains"], id: ["in", "gt"], team__name: ["exact"] },
 *   filters: { active: methodFilter(z.boolean(), (queryset, active) => queryset.filter({ isActive: active })) },
 * }) {}
 * ```
 *
 * A client then sends `{"action": "list", "filters": {"email__icontains": "@example.com", "id__in": [1, 2], "active": true}}`; a name without
 * a lookup means `exact`. All filters must hold.
 */
export function FilterSet<
  M extends AnyModel,
  const F extends FilterFields<M> = Record<never, never>,
  const C extends Readonly<Record<string, MethodFilter>> = Record<never, never>,
>(model: M, options: FilterSetOptions<M, F, C>): new () => BaseFilterSet<FiltersOf<M, F, C>> {
  const { fields = {}, filters = {} } = options;
  return class DeclaredFilterSet extends BaseFilterSet<FiltersOf<M, F, C>> {
    constructor() {
      super(model, fields, filters);
    }
  };
}
