import { loadRelated } from "../models/load-related.ts";
import type { AnyModel } from "../models/model.ts";
import type { Relation } from "../models/relations.ts";
import type { BoundField } from "./bound-field.ts";
import type { Field } from "./fields/field.ts";
import { ManyRelatedField } from "./fields/many-related-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import { valueAt } from "./row-reader.ts";

/**
 * The values that a field shows, one of each row, in order: follows the field's path with one query per relation on it. A to-many relation
 * gives a list of rows, ordered by primary key.
 */
export async function relatedValues(
  rows: readonly object[],
  { field, source }: BoundField,
  model: AnyModel | null,
): Promise<unknown[]> {
  let values: unknown[] = [...rows];
  let owner = model;
  for (const [step, key] of source.entries()) {
    const relation = relationOf(owner, key);
    const keysOnly = step === source.length - 1 && showsKeys(field);
    values =
      owner === null || relation === undefined
        ? values.map((value) => valueAt(value, [key]))
        : await follow(owner, key, relation, values, keysOnly);
    owner = relation === undefined ? null : relation.model();
  }
  return values;
}

function showsKeys(field: Field): boolean {
  return (
    field instanceof PrimaryKeyRelatedField ||
    (field instanceof ManyRelatedField && field.child instanceof PrimaryKeyRelatedField)
  );
}

function relationOf(model: AnyModel | null, name: string): Relation | undefined {
  return model !== null && Object.hasOwn(model.relations, name) ? model.relations[name] : undefined;
}

/** Rows that carry the related rows already, under the relation's name, are taken at their word. */
async function follow(
  model: AnyModel,
  name: string,
  relation: Relation,
  values: readonly unknown[],
  keysOnly: boolean,
): Promise<unknown[]> {
  const rows = values.filter(isObject).filter((row) => !Object.hasOwn(row, name));
  const related = await readRelated(model, name, relation, rows, keysOnly);
  return values.map((value) => {
    if (!isObject(value)) return value;
    return Object.hasOwn(value, name) ? Reflect.get(value, name) : related(value);
  });
}

/** Keys stand in the foreign key column or the join table: for them the other model is not asked. */
async function readRelated(
  model: AnyModel,
  name: string,
  relation: Relation,
  rows: readonly object[],
  keysOnly: boolean,
): Promise<(row: object) => unknown> {
  if (relation.type === "belongsTo" && keysOnly) return (row) => Reflect.get(row, relation.column);
  const related = await loadRelated(model, rows, name);
  if (relation.type === "belongsTo" || keysOnly) return (row) => related.get(row);
  const targets = await rowsByKey(relation.model(), [...related.values()].flatMap(asList));
  return (row) => asList(related.get(row)).flatMap((key) => targets.get(key) ?? []);
}

async function rowsByKey(model: AnyModel, keys: readonly unknown[]): Promise<ReadonlyMap<unknown, object>> {
  const rows: object[] = await model.objects.filterUntrusted({ pk__in: [...new Set(keys)] }).toArray();
  return new Map(rows.map((row) => [Reflect.get(row, model.pk.name), row]));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
