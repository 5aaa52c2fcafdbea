import { getTableName } from "drizzle-orm";
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
  const columns = columnsOf(error, write.model);
  switch (error.kind) {
    case "unique":
      return uniqueErrors(columns, write);
    case "not_null":
      return onFields(columns, write, "This field may not be null.");
    case "foreign_key":
      return foreignKeyErrors(columns, error.table !== undefined, write);
    case "check":
      return onFields(columns, write, "Invalid input.");
  }
}

/** Property keys, or the relation whose join table it is; none for a table that the write only reached. A commit that fails knows table and column by their SQL names. */
function columnsOf({ columns, table }: IntegrityError, model: AnyModel): readonly string[] {
  if (table === undefined || table === model.tableName) return columns.map((name) => propertyKey(name, model));
  const joined = Object.entries<Relation>(model.relations).find(
    ([, relation]) => relation.type === "manyToMany" && getTableName(relation.through) === table,
  );
  return joined === undefined ? [] : [joined[0]];
}

function propertyKey(name: string, model: AnyModel): string {
  if (model.columns.has(name) || Object.hasOwn(model.relations, name)) return name;
  return [...model.columns.values()].find((column) => column.columnName === name)?.name ?? name;
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

/** Where the database does not say which reference is broken, or which key of many, those that were written are looked up. */
async function foreignKeyErrors(
  columns: readonly string[],
  isTold: boolean,
  write: RefusedWrite,
): Promise<Record<string, readonly string[]>> {
  const [only, ...rest] = columns;
  // PostgreSQL answers no look-up in a transaction that has failed; here none is needed.
  if (only !== undefined && rest.length === 0 && write.model.columns.has(only))
    return brokenReference(only, valueOf(only, write), write);
  if (only === undefined && isTold) return { [NON_FIELD_ERRORS]: [NO_OBJECT] };
  const written = columns.length > 0 ? columns : referencesIn(write);
  const checked = await Promise.all(written.map(async (column) => ({ column, missing: await missingKey(column, write) })));
  const broken = checked.filter(({ missing }) => missing !== undefined);
  const [suspect] = broken.length > 0 ? broken : checked.length === 1 ? checked : [];
  if (suspect === undefined) return { [NON_FIELD_ERRORS]: [NO_OBJECT] };
  return brokenReference(suspect.column, suspect.missing ?? valueOf(suspect.column, write), write);
}

const NO_OBJECT = "Invalid pk - object does not exist.";

function brokenReference(column: string, value: unknown, write: RefusedWrite): Record<string, readonly string[]> {
  const message = value === undefined ? NO_OBJECT : `Invalid pk "${pythonText(value)}" - object does not exist.`;
  return onFields([column], write, message);
}

function valueOf(column: string, { validated }: RefusedWrite): unknown {
  return Reflect.get(validated, column);
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
