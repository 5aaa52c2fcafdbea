import type { AnyModel } from "../models/model.ts";
import type { BelongsTo, ManyToMany, Relation } from "../models/relations.ts";
import type { BoundField } from "./bound-field.ts";
import type { Field } from "./fields/field.ts";
import { ManyRelatedField } from "./fields/many-related-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import { joinModel } from "./join-model.ts";
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
  const related = await (keysOnly ? keysOf : rowsOf)(model, relation, rows);
  return values.map((value) => {
    if (!isObject(value)) return value;
    return Object.hasOwn(value, name) ? Reflect.get(value, name) : related(value);
  });
}

async function rowsOf(model: AnyModel, relation: Relation, rows: readonly object[]): Promise<(row: object) => unknown> {
  return relation.type === "belongsTo" ? parentsOf(relation, rows) : manyOf(model, relation, rows);
}

/** Keys stand in the foreign key column or the join table: the other model is not asked. */
async function keysOf(model: AnyModel, relation: Relation, rows: readonly object[]): Promise<(row: object) => unknown> {
  if (relation.type === "manyToMany") return linkedKeys(model, relation, rows);
  return (row) => Reflect.get(row, relation.column);
}

async function parentsOf({ model, column }: BelongsTo, rows: readonly object[]): Promise<(row: object) => unknown> {
  const target = model();
  const parents = await rowsByKey(
    target,
    rows.map((row): unknown => Reflect.get(row, column)),
  );
  return (row) => parents.get(Reflect.get(row, column)) ?? null;
}

async function manyOf(model: AnyModel, relation: ManyToMany, rows: readonly object[]): Promise<(row: object) => unknown[]> {
  const keys = await linkedKeys(model, relation, rows);
  const related = await rowsByKey(relation.model(), rows.flatMap(keys));
  return (row) => keys(row).flatMap((key) => related.get(key) ?? []);
}

/** The primary keys that the join table has for each row, in order. */
async function linkedKeys(model: AnyModel, relation: ManyToMany, rows: readonly object[]): Promise<(row: object) => unknown[]> {
  const { source, target } = relation;
  const { objects } = joinModel(model, relation);
  const own = (row: object): unknown => Reflect.get(row, model.pk.name);
  const links = await inChunks(rows.map(own), (chunk) => objects.filterUntrusted({ [`${source}__in`]: chunk }).toArray());
  const keys = new Map(rows.map((row): [unknown, unknown[]] => [own(row), []]));
  for (const link of links) keys.get(Reflect.get(link, source))?.push(Reflect.get(link, target));
  for (const some of keys.values()) some.sort(compareKeys);
  return (row) => keys.get(own(row)) ?? [];
}

/** By primary key, in the order of primary keys. */
async function rowsByKey(model: AnyModel, keys: readonly unknown[]): Promise<ReadonlyMap<unknown, object>> {
  const name = model.pk.name;
  const wanted = keys.filter((key) => key !== null && key !== undefined);
  const rows = await inChunks(wanted, (chunk) => model.objects.filterUntrusted({ [`${name}__in`]: chunk }).toArray());
  const sorted = rows.toSorted((left, right) => compareKeys(Reflect.get(left, name), Reflect.get(right, name)));
  return new Map(sorted.map((row) => [Reflect.get(row, name), row]));
}

/** Databases limit how many values one statement may carry. */
const CHUNK = 500;

async function inChunks(keys: readonly unknown[], read: (chunk: readonly unknown[]) => Promise<object[]>): Promise<object[]> {
  const unique = [...new Set(keys)];
  const rows: object[] = [];
  for (let start = 0; start < unique.length; start += CHUNK) rows.push(...(await read(unique.slice(start, start + CHUNK))));
  return rows;
}

function compareKeys(left: unknown, right: unknown): number {
  if (isOrderable(left) && isOrderable(right)) return left < right ? -1 : Number(left > right);
  return 0;
}

function isOrderable(value: unknown): value is number | bigint | string {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
