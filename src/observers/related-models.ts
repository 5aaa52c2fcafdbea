import type { AnyModel } from "../models/model.ts";
import { conditionsOf, type Where } from "../models/where.ts";

/** The models that conditions reach through relations. */
export function relatedModels(model: AnyModel, where: Where | null): readonly AnyModel[] {
  return conditionsOf(where).flatMap(({ name }) => model.resolver.lookup(name).steps.map(({ target }) => target));
}

/** The models that an ordering reaches through relations. */
export function orderingModels(model: AnyModel, keys: readonly string[]): readonly AnyModel[] {
  return keys.flatMap((key) => model.resolver.ordering(key).steps.map(({ target }) => target));
}
