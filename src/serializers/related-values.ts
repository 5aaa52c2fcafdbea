import type { AnyModel } from "../models/model.ts";
import type { BelongsTo, ManyToMany, Relation } from "../models/relations.ts";
import type { BoundField } from "./bound-field.ts";
import { joinModel } from "./join-model.ts";
import { valueAt } from "./row-reader.ts";

/**
 * The values that a field shows, one of each row, in order: follows the field's path with one query per relation on it. A to-many relation
 * gives a list of rows, ordered by primary key.
 */
export async function relatedValues(rows: readonly object[], { source }: BoundField, model: AnyModel | null): Promise<unknown[]> {
  let values: unknown[] = [...rows];
  let owner = model;
  for (const key of source) {
    const relation = relationOf(owner, key);
    values =
      owner === null || relation === undefined
        ? values.map((value) => valueAt(value, [key]))
        : await follow(owner, key, relation, values);
    owner = relation === undefined ? null : relation.model();
  }
  return values;
}

function relationOf(model: AnyModel | null, name: string): Relation | undefined {
  return model !== null && Object.hasOwn(model.relations, name) ? model.relations[name] : undefined;
}

/** Rows that carry the related rows already, under the relation's name, are taken at their word. */
async function follow(model: AnyModel, name: string, relation: Relation, values: readonly unknown[]): Promise<unknown[]> {
  const rows = values.filter(isObject).filter((row) => !Object.hasOwn(row, name));
  const related = relation.type === "belongsTo" ? await parentsOf(relation, rows) : await manyOf(model, relation, rows);
  return values.map((value) => {
    if (!isObject(value)) return value;
    return Object.hasOwn(value, name) ? Reflect.get(value, name) : related(value);
  });
}

async function parentsOf({ model, column }: BelongsTo, rows: readonly object[]): Promise<(row: object) => unknown> {
  const target = model();
  const parents = await rowsByKey(
    target,
    rows.map((row): unknown => Reflect.get(row, column)),
  );
  return (row) => parents.get(Reflect.get(row, column)) ?? null;
}

async function manyOf(model: AnyModel, relation: ManyToMany, rows: readonly object[]): Promise<(row: object) => unknown> {
  const { source, target } = relation;
  const keys = rows.map((row): unknown => Reflect.get(row, model.pk.name));
  const links = await inChunks(keys, (chunk) =>
    joinModel(model, relation)
      .objects.filterUntrusted({ [`${source}__in`]: chunk })
      .toArray(),
  );
  const related = await rowsByKey(
    relation.model(),
    links.map((link): unknown => Reflect.get(link, target)),
  );
  const linksOfRow = groupBy(links, source);
  const places = new Map([...related.keys()].map((key, index) => [key, index]));
  const place = (link: object): number => places.get(Reflect.get(link, target)) ?? 0;
  return (row) => {
    const mine = linksOfRow.get(Reflect.get(row, model.pk.name)) ?? [];
    return mine
      .toSorted((left, right) => place(left) - place(right))
      .map((link) => related.get(Reflect.get(link, target)) ?? null);
  };
}

function groupBy(rows: readonly object[], name: string): ReadonlyMap<unknown, object[]> {
  const groups = new Map<unknown, object[]>();
  for (const row of rows) {
    const key: unknown = Reflect.get(row, name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
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
