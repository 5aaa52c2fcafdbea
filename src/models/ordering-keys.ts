import type { AnyQuerySet } from "./queryset.ts";

/** The order in which a queryset's rows come, for `orderByUntrusted`: the model's own included, reversal worked in. */
export function orderingKeys({ query, model }: AnyQuerySet): readonly string[] {
  const keys: readonly string[] = query.ordering ?? model.ordering;
  return query.reversed ? keys.map((key) => (key.startsWith("-") ? key.slice(1) : `-${key}`)) : keys;
}
