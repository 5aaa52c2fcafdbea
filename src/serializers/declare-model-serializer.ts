import type { AnyModel } from "../models/model.ts";
import type { Relation } from "../models/relations.ts";
import type { ModelColumn } from "../models/model-column.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { checkKwargNames, checkKwargs, fieldNames } from "./check-model-setup.ts";
import { fieldOfColumn, isReadOnlyColumn } from "./derive-field.ts";
import { fieldOfBelongsTo, fieldOfManyToMany } from "./derive-relation-field.ts";
import { BaseIntegerField } from "./fields/base-integer-field.ts";
import type { Field } from "./fields/field.ts";
import type { ExtraKwargs, ModelSerializerSetup } from "./model-serializer-options.ts";
import { SerializerDeclaration } from "./serializer-declaration.ts";
import { UniqueTogetherValidator } from "./validators/unique-together-validator.ts";
import type { Validator } from "./validators/validator.ts";

/** The fields and checks of a model serializer. @throws ImproperlyConfigured for a setup that cannot be meant. */
export function declareModelSerializer(model: AnyModel, setup: ModelSerializerSetup): SerializerDeclaration {
  const names = fieldNames(model, setup);
  checkKwargNames(model, setup, names);
  const sets = uniqueSets(model, setup, names);
  const fields = Object.fromEntries(names.map((name) => [name, declareField(model, setup, name, sets)]));
  for (const name of names)
    if (fields[name]?.writeOnly) noteSensitive(model, fields[name].source ?? sourceOf(model, setup, name));
  return new SerializerDeclaration(fields, model, setup.validators ?? sets.map((set) => togetherValidator(model, set)));
}

/** Columns that are unique together, each under the name of its field. */
type UniqueSet = ReadonlyMap<string, string>;

function declareField(model: AnyModel, setup: ModelSerializerSetup, name: string, sets: readonly UniqueSet[]): Field {
  const declared =
    setup.declaredFields !== undefined && Object.hasOwn(setup.declaredFields, name) ? setup.declaredFields[name] : undefined;
  if (declared !== undefined) return fitToColumn(declared, model.columns.get(declared.source ?? name));
  const given = kwargsOf(setup, name);
  const source = given.source ?? name;
  const column = model.columns.get(source);
  checkKwargs(model, name, column ?? null, given);
  if (column !== undefined) return fieldOfColumn(model, column, { ...togetherKwargs(column, sets, given), ...given });
  const relation: Relation | undefined = Object.hasOwn(model.relations, source) ? model.relations[source] : undefined;
  if (relation?.type === "manyToMany") return fieldOfManyToMany(name, relation, given);
  if (relation?.type === "belongsTo") return fieldOfBelongsTo(name, model, relation, given);
  throw new ImproperlyConfigured(
    `ModelSerializer(${model.name}): the source "${source}" of "${name}" is no column or relation. Declare the field instead.`,
  );
}

/** What clients may only write is kept out of the change log, whoever reads it. */
function noteSensitive(model: AnyModel, source: string): void {
  const column = model.columns.get(columnOf(model, source));
  if (column !== undefined && !column.primaryKey) model.sensitiveColumns.add(column.name);
}

/** A declared integer is kept within what its column can hold; the field that was handed in stays as it is. */
function fitToColumn(field: Field, column: ModelColumn | undefined): Field {
  if (column?.kind !== "integer" && column?.kind !== "bigint") return field;
  if (!(field instanceof BaseIntegerField) || field.readOnly) return field;
  return field.clone().limitToColumn(column.traits.integerEnd);
}

function kwargsOf(setup: ModelSerializerSetup, name: string): ExtraKwargs {
  const kwargs = setup.extraKwargs !== undefined && Object.hasOwn(setup.extraKwargs, name) ? (setup.extraKwargs[name] ?? {}) : {};
  return setup.readOnlyFields?.includes(name) ? { ...kwargs, readOnly: true } : kwargs;
}

/** The sets of which every column is a field. */
function uniqueSets(model: AnyModel, setup: ModelSerializerSetup, names: readonly string[]): readonly UniqueSet[] {
  const bySource = new Map(names.map((name) => [sourceOf(model, setup, name), name]));
  return model.uniqueTogether
    .filter((columns) => columns.every((column) => bySource.has(column)))
    .map((columns) => new Map(columns.map((column) => [column, bySource.get(column) ?? column])));
}

function sourceOf(model: AnyModel, setup: ModelSerializerSetup, name: string): string {
  return columnOf(model, setup.declaredFields?.[name]?.source ?? setup.extraKwargs?.[name]?.source ?? name);
}

/** The column that a source reads: its own, or that of a foreign key. */
function columnOf(model: AnyModel, source: string): string {
  const relation: Relation | undefined = Object.hasOwn(model.relations, source) ? model.relations[source] : undefined;
  return relation?.type === "belongsTo" ? relation.column : source;
}

/** To compare a set of columns all of them must be known: without a default they are required (DRF). */
function togetherKwargs(column: ModelColumn, sets: readonly UniqueSet[], given: ExtraKwargs): ExtraKwargs {
  const isMember = sets.some((set) => set.has(column.name));
  if (!isMember || given.readOnly || isReadOnlyColumn(column) || "required" in given || "default" in given) return {};
  if (column.defaultValue !== undefined) return { default: column.defaultValue };
  if (column.hasDefault) return {};
  return column.nullable ? { default: null } : { required: true };
}

function togetherValidator(model: AnyModel, set: UniqueSet): Validator {
  return new UniqueTogetherValidator(model.objects, [...set.keys()], [...set.values()]);
}
