import type { IntegrityError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import type { Relation } from "../models/relations.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import type { BoundField } from "./bound-field.ts";
import type { CompiledFields } from "./compiled-fields.ts";
import { uniqueMessage } from "./derive-field.ts";
import { NON_FIELD_ERRORS } from "./error-list.ts";
import { pythonText } from "./python-text.ts";
import { uniqueTogetherMessage } from "./validators/unique-together-validator.ts";

/** A write that a constraint of the database refused. */
export interface RefusedWrite {
  readonly model: AnyModel;
  readonly fields: CompiledFields;
  readonly validated: object;
}

/**
 * What a client is told when the database refuses a write: the words that validation would have used. It happens when another write came
 * between validation and this one, or when a check was switched off.
 */
export async function integrityToValidation(error: IntegrityError, write: RefusedWrite): Promise<ValidationError> {
  return new ValidationError(await errorsOf(error, write), error.code, { cause: error });
}

async function errorsOf(error: IntegrityError, write: RefusedWrite): Promise<Record<string, readonly string[]>> {
  switch (error.kind) {
    case "unique":
      return uniqueErrors(error.columns, write);
    case "not_null":
      return onFields(error.columns, write, "This field may not be null.");
    case "foreign_key":
      return foreignKeyErrors(error.columns, write);
    case "check":
      return onFields(error.columns, write, "Invalid input.");
  }
}

function uniqueErrors(columns: readonly string[], write: RefusedWrite): Record<string, readonly string[]> {
  const [only, ...rest] = columns;
  if (only === undefined) return { [NON_FIELD_ERRORS]: [`${write.model.verboseName} with these values already exists.`] };
  if (rest.length > 0) return { [NON_FIELD_ERRORS]: [uniqueTogetherMessage(columns.map((column) => nameOf(column, write)))] };
  const column = write.model.columns.get(only);
  return onFields([only], write, column === undefined ? "This field must be unique." : uniqueMessage(write.model, column));
}

function onFields(columns: readonly string[], write: RefusedWrite, message: string): Record<string, readonly string[]> {
  const names = columns.map((column) => fieldOf(column, write)?.name ?? NON_FIELD_ERRORS);
  return Object.fromEntries((names.length === 0 ? [NON_FIELD_ERRORS] : names).map((name) => [name, [message]]));
}

/** Databases seldom say which reference is broken, so each one that was written is looked up. */
async function foreignKeyErrors(columns: readonly string[], write: RefusedWrite): Promise<Record<string, readonly string[]>> {
  const written = columns.length > 0 ? columns : referencesIn(write);
  const checked = await Promise.all(written.map(async (column) => ({ column, missing: await missingKey(column, write) })));
  const broken = checked.filter(({ missing }) => missing !== undefined);
  const [suspect] = broken.length > 0 ? broken : checked.length === 1 ? checked : [];
  if (suspect === undefined) return { [NON_FIELD_ERRORS]: ["Invalid pk - object does not exist."] };
  const value: unknown = suspect.missing ?? Reflect.get(write.validated, suspect.column);
  return onFields([suspect.column], write, `Invalid pk "${pythonText(value)}" - object does not exist.`);
}

function referencesIn({ model, validated }: RefusedWrite): readonly string[] {
  return Object.keys(validated).filter(
    (name) => model.columns.get(name)?.references !== undefined || relationFor(name, model) !== undefined,
  );
}

/** A key in the column, or in the list of a many-to-many relation, that names no row; undefined when all do or it cannot be told. */
async function missingKey(name: string, { model, validated }: RefusedWrite): Promise<unknown> {
  const target = relationFor(name, model)?.model();
  const value: unknown = Reflect.get(validated, name);
  if (target === undefined || value === null || value === undefined) return undefined;
  for (const key of Array.isArray(value) ? value : [value]) {
    if (!(await target.objects.filterUntrusted({ [target.pk.name]: key }).exists())) return key;
  }
  return undefined;
}

function relationFor(name: string, model: AnyModel): Relation | undefined {
  return Object.entries<Relation>(model.relations).find(
    ([key, relation]) => key === name || (relation.type === "belongsTo" && relation.column === name),
  )?.[1];
}

function nameOf(column: string, write: RefusedWrite): string {
  return fieldOf(column, write)?.name ?? column;
}

function fieldOf(column: string, { fields }: RefusedWrite): BoundField | undefined {
  return fields.writable.find(({ target }) => target.length === 1 && target[0] === column);
}
