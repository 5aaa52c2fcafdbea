import type { AnyModel } from "../models/model.ts";
import type { ModelColumn } from "../models/model-column.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { ExtraKwargs, ModelSerializerSetup } from "./model-serializer-options.ts";

/** The names of the fields, in order. @throws ImproperlyConfigured for names that the model does not have and for options that contradict each other. */
export function fieldNames(model: AnyModel, setup: ModelSerializerSetup): readonly string[] {
  const { fields, exclude } = setup;
  if ((fields === undefined) === (exclude === undefined)) {
    throw new ImproperlyConfigured(
      `ModelSerializer(${model.name}): expected either fields (a list of names or "__all__") or exclude.`,
    );
  }
  const all = knownNames(model, setup);
  if (fields === "__all__") return all.filter((name) => relationType(model, name) !== "belongsTo");
  if (fields !== undefined) return checkedFields(model, setup, fields);
  for (const name of exclude ?? []) assertKnown(model, setup, name, "exclude");
  return all.filter((name) => !exclude?.includes(name) && relationType(model, name) !== "belongsTo");
}

function checkedFields(model: AnyModel, setup: ModelSerializerSetup, fields: readonly string[]): readonly string[] {
  for (const name of fields) assertKnown(model, setup, name, "fields");
  const doubled = fields.find((name, index) => fields.indexOf(name) !== index);
  if (doubled !== undefined)
    throw new ImproperlyConfigured(`ModelSerializer(${model.name}): "${doubled}" is listed twice in fields. Remove one.`);
  const unlisted = Object.keys(setup.declaredFields ?? {}).find((name) => !fields.includes(name));
  if (unlisted === undefined) return fields;
  throw new ImproperlyConfigured(
    `ModelSerializer(${model.name}): the declared field "${unlisted}" is not in fields. Add it there.`,
  );
}

function assertKnown(model: AnyModel, setup: ModelSerializerSetup, name: string, option: string): void {
  const known = knownNames(model, setup);
  if (known.includes(name) || setup.extraKwargs?.[name]?.source !== undefined) return;
  throw new ImproperlyConfigured(
    `ModelSerializer(${model.name}): ${option} names "${name}", which is no column, relation or declared field. Expected one of: ${known.join(", ")}.`,
  );
}

function knownNames(model: AnyModel, setup: ModelSerializerSetup): readonly string[] {
  return [...new Set([...model.columns.keys(), ...Object.keys(setup.declaredFields ?? {}), ...Object.keys(model.relations)])];
}

function relationType(model: AnyModel, name: string): string | undefined {
  return Object.hasOwn(model.relations, name) ? model.relations[name]?.type : undefined;
}

/** @throws ImproperlyConfigured for `extraKwargs` and `readOnlyFields` of fields that are not there or were written out. */
export function checkKwargNames(model: AnyModel, setup: ModelSerializerSetup, names: readonly string[]): void {
  const given = [...Object.keys(setup.extraKwargs ?? {}), ...(setup.readOnlyFields ?? [])];
  for (const name of given) {
    if (setup.declaredFields !== undefined && Object.hasOwn(setup.declaredFields, name)) {
      throw new ImproperlyConfigured(
        `ModelSerializer(${model.name}): "${name}" is a declared field. Set its options there, not in extraKwargs.`,
      );
    }
    if (names.includes(name)) continue;
    throw new ImproperlyConfigured(
      `ModelSerializer(${model.name}): extraKwargs or readOnlyFields name "${name}", which is not among the fields (${names.join(", ")}).`,
    );
  }
}

const COMMON = [
  "readOnly",
  "writeOnly",
  "required",
  "default",
  "allowNull",
  "source",
  "label",
  "helpText",
  "initial",
  "validators",
  "errorMessages",
  "choices",
];
const TEXT = ["allowBlank", "trimWhitespace", "minLength", "maxLength"];
const NUMBER = ["minValue", "maxValue"];

/** @throws ImproperlyConfigured for an option that such a field does not have, or that contradicts another one. */
export function checkKwargs(model: AnyModel, name: string, column: ModelColumn | null, kwargs: ExtraKwargs): void {
  const allowed = column === null ? [...COMMON, "allowEmpty"] : [...COMMON, ...optionsOf(column)];
  const stranger = Object.keys(kwargs).find((key) => !allowed.includes(key));
  const where = `ModelSerializer(${model.name}): extraKwargs of "${name}"`;
  if (stranger !== undefined) {
    const kind = column === null ? "a relation" : `a ${column.kind} column`;
    throw new ImproperlyConfigured(
      `${where} has "${stranger}", which makes no sense for ${kind}. Expected some of: ${allowed.join(", ")}.`,
    );
  }
  const { readOnly, writeOnly, required } = kwargs;
  if (readOnly && writeOnly)
    throw new ImproperlyConfigured(`${where} has readOnly and writeOnly, which exclude each other. Keep one of them.`);
  if (readOnly && required)
    throw new ImproperlyConfigured(`${where} has readOnly and required: a client cannot send what is read-only. Remove one.`);
  if (required && "default" in kwargs)
    throw new ImproperlyConfigured(`${where} has required and default: the default would never be used. Remove one.`);
}

function optionsOf(column: ModelColumn): readonly string[] {
  switch (column.kind) {
    case "string":
      return TEXT;
    case "integer":
    case "bigint":
    case "float":
    case "decimal":
      return NUMBER;
    default:
      return [];
  }
}
