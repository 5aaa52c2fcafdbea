import { Model, type AnyModel } from "../models/model.ts";
import type { ManyToMany } from "../models/relations.ts";

const joinModels = new WeakMap<ManyToMany, AnyModel>();

/** The rows of a many-to-many relation's join table, read and written like those of any model. */
export function joinModel(model: AnyModel, relation: ManyToMany): AnyModel {
  const known = joinModels.get(relation);
  if (known !== undefined) return known;
  const made: AnyModel = new Model(model.database, relation.through);
  joinModels.set(relation, made);
  return made;
}
