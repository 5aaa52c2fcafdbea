import { IntegrityError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import type { ManyToMany, Relation } from "../models/relations.ts";
import { joinModel } from "./join-model.ts";

/**
 * Makes each many-to-many relation of a row hold exactly the given primary keys. Call it inside `database.atomic`.
 *
 * @throws IntegrityError whose column is the relation's name.
 */
export async function writeRelations(
  model: AnyModel,
  row: object,
  relations: readonly (readonly [string, readonly unknown[]])[],
): Promise<void> {
  for (const [name, keys] of relations) {
    const relation: Relation | undefined = model.relations[name];
    if (relation?.type !== "manyToMany") continue;
    try {
      await setRelated(model, row, relation, keys);
    } catch (error) {
      throw error instanceof IntegrityError ? new IntegrityError(error.kind, [name], { cause: error.cause }) : error;
    }
  }
}

/** Links that stay are not touched: whoever watches the join table sees only what changes. */
async function setRelated(model: AnyModel, row: object, relation: ManyToMany, keys: readonly unknown[]): Promise<void> {
  const { source, target } = relation;
  const owner: unknown = Reflect.get(row, model.pk.name);
  const links = joinModel(model, relation).objects;
  const mine = links.filterUntrusted({ [source]: owner });
  const present = new Set((await mine.toArray()).map((link: object): unknown => Reflect.get(link, target)));
  const wanted = new Set(keys);
  const dropped = [...present].filter((key) => !wanted.has(key));
  const added = [...wanted].filter((key) => !present.has(key));
  if (dropped.length > 0) await mine.filterUntrusted({ [`${target}__in`]: dropped }).delete();
  if (added.length > 0) await links.bulkCreate(added.map((key) => ({ [source]: owner, [target]: key })));
}
