import { Model } from "../models/model.ts";
import { watchesRelations } from "./watches-relations.ts";

/** Puts the change log in place for the model of a consumer class, as far as the class itself tells which that is. */
export async function prepareObserved(consumerClass: { readonly prototype: object }): Promise<void> {
  const { prototype } = consumerClass;
  const queryset: unknown = Reflect.get(prototype, "queryset");
  const model: unknown = typeof queryset === "object" && queryset !== null ? Reflect.get(queryset, "model") : undefined;
  if (!(model instanceof Model)) return;
  const { changes } = model.database;
  changes.observe(model, { manyToMany: watchesRelations(prototype) });
  await changes.ready();
}
