import type { Table } from "drizzle-orm";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { Model, type AnyModel } from "./model.ts";
import type { BelongsTo, ManyToMany, Relation } from "./relations.ts";

type Row = object;

/**
 * Reads what rows of a model are related to, with one query for all of them.
 *
 * @returns by row: for `belongsTo` the row pointed to, or null; for `manyToMany` the primary keys of the targets, in their order.
 * @throws ImproperlyConfigured when the model has no such relation.
 */
export async function loadRelated(model: AnyModel, rows: readonly Row[], relationName: string): Promise<Map<Row, unknown>> {
  const relation = relationOf(model, relationName);
  return relation.type === "belongsTo" ? loadParents(model, rows, relation) : loadTargets(model, rows, relation);
}

/**
 * Makes a many-to-many relation of one row hold exactly these target keys. Links that stay are not touched. Runs in one transaction.
 *
 * @throws ImproperlyConfigured when the model has no such relation; IntegrityError when a target does not exist.
 */
export async function setRelated(model: AnyModel, pk: unknown, relationName: string, pks: readonly unknown[]): Promise<void> {
  const relation = relationOf(model, relationName);
  if (relation.type !== "manyToMany")
    throw new ImproperlyConfigured(`Expected "${relationName}" of ${model.name} to be a many-to-many relation.`);
  const { source, target } = relation;
  const links = throughModel(model, relation.through).objects;
  await model.database.atomic(async () => {
    const mine = links.filterUntrusted({ [source]: pk });
    const present = new Set((await mine.toArray()).map((link: Row): unknown => Reflect.get(link, target)));
    const wanted = new Set(pks);
    const dropped = [...present].filter((key) => !wanted.has(key));
    const added = [...wanted].filter((key) => !present.has(key));
    if (dropped.length > 0) await mine.filterUntrusted({ [`${target}__in`]: dropped }).delete();
    if (added.length > 0) await links.bulkCreate(added.map((key) => ({ [source]: pk, [target]: key })));
  });
}

function relationOf(model: AnyModel, name: string): Relation {
  const relation: Relation | undefined = Object.hasOwn(model.relations, name) ? model.relations[name] : undefined;
  if (relation !== undefined) return relation;
  throw new ImproperlyConfigured(`${model.name} has no relation "${name}". Declare it in database.model(table, { relations }).`);
}

async function loadParents(model: AnyModel, rows: readonly Row[], relation: BelongsTo): Promise<Map<Row, unknown>> {
  const target = relation.model();
  const key = model.columns.get(relation.column)?.references?.column ?? target.pk.name;
  const keys = distinctKeys(rows, relation.column);
  const parents: Row[] = keys.length === 0 ? [] : await target.objects.filterUntrusted({ [`${key}__in`]: keys }).toArray();
  const byKey = new Map(parents.map((parent) => [Reflect.get(parent, key) as unknown, parent]));
  return new Map(rows.map((row) => [row, byKey.get(Reflect.get(row, relation.column)) ?? null]));
}

async function loadTargets(
  model: AnyModel,
  rows: readonly Row[],
  { through, source, target }: ManyToMany,
): Promise<Map<Row, unknown>> {
  const pk = model.pk.name;
  const keys = distinctKeys(rows, pk);
  const all = throughModel(model, through).objects;
  const links: Row[] =
    keys.length === 0
      ? []
      : await all
          .filterUntrusted({ [`${source}__in`]: keys })
          .orderByUntrusted([target])
          .toArray();
  const bySource = new Map<unknown, unknown[]>(keys.map((key) => [key, []]));
  for (const link of links) bySource.get(Reflect.get(link, source))?.push(Reflect.get(link, target));
  return new Map(rows.map((row) => [row, bySource.get(Reflect.get(row, pk)) ?? []]));
}

function distinctKeys(rows: readonly Row[], name: string): unknown[] {
  const keys = new Set(rows.map((row): unknown => Reflect.get(row, name)));
  return [...keys].filter((key) => key !== null && key !== undefined);
}

const throughModels = new WeakMap<AnyModel, Map<Table, AnyModel>>();

/** The join table as a model of its own, made once per model: shapes and decoders are kept with it. */
function throughModel(model: AnyModel, through: Table): AnyModel {
  const known = throughModels.get(model) ?? new Map<Table, AnyModel>();
  throughModels.set(model, known);
  const made: AnyModel = known.get(through) ?? new Model(model.database, through);
  known.set(through, made);
  return made;
}
