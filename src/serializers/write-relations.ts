import { IntegrityError } from "../models/errors.ts";
import { setRelated } from "../models/load-related.ts";
import type { AnyModel } from "../models/model.ts";

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
    if (model.relations[name]?.type !== "manyToMany") continue;
    try {
      await setRelated(model, Reflect.get(row, model.pk.name), name, keys);
    } catch (error) {
      throw error instanceof IntegrityError ? new IntegrityError(error.kind, [name], { cause: error.cause }) : error;
    }
  }
}
