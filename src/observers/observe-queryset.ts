import type { AnyQuerySet } from "../models/queryset.ts";
import { orderingModels, relatedModels } from "./related-models.ts";
import { totalOrdering } from "./row-order.ts";

/** Has every model observed that decides which rows a queryset has, or in which order. */
export function observeQueryset(queryset: AnyQuerySet, watchesRelations: boolean): void {
  const { model, query } = queryset;
  const { changes } = model.database;
  changes.observe(model, { manyToMany: watchesRelations });
  for (const reached of relatedModels(model, query.where)) changes.observe(reached);
  for (const reached of orderingModels(model, totalOrdering(queryset))) changes.observe(reached);
}
