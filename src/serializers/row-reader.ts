import type { AnyModel } from "../models/model.ts";
import { toJsonValue } from "../models/json-value.ts";
import type { ModelColumn } from "../models/model-column.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { BoundField } from "./bound-field.ts";
import { representsColumn } from "./represents-column.ts";
import type { Field } from "./fields/field.ts";
import type { FieldScope } from "./fields/field-scope.ts";
import { SerializerMethodField } from "./fields/serializer-method-field.ts";
import { SKIP } from "./fields/outcome.ts";

/** One field's value in an answer, from its row; `SKIP` leaves it out. May be a promise. */
export type RowReader = (row: object, serializer: FieldScope) => unknown;

/** Null when the field's values are made for many rows at once: it goes through a relation or asks the database. */
export function rowReader({ name, field, source }: BoundField, model: AnyModel | null): RowReader | null {
  if (field instanceof SerializerMethodField) return (row, serializer) => field.call(name, row, serializer);
  const [head, ...rest] = source;
  if (head === undefined) return (row, serializer) => field.toRepresentation(row, serializer);
  if (field.batches || isRelation(model, head)) return null;
  const column = model?.columns.get(head);
  if (column !== undefined && rest.length === 0 && representsColumn(field, column)) return columnReader(column);
  return (row, serializer) => representValue(name, field, valueAt(row, source), serializer);
}

function columnReader(column: ModelColumn): RowReader {
  const { name } = column;
  return (row) => toJsonValue(column, Reflect.get(row, name));
}

/** What an answer holds for a value that may be missing or null. */
export function representValue(name: string, field: Field, value: unknown, serializer: FieldScope): unknown {
  if (value === null) return null;
  return value === undefined ? absentValue(name, field, serializer) : field.toRepresentation(value, serializer);
}

/** What an answer holds when the row lacks the property. */
export function absentValue(name: string, field: Field, serializer: FieldScope): unknown {
  if (field.hasDefault) return typeof field.default === "function" ? field.default() : field.default;
  if (field.allowNull) return null;
  if (!field.required && !field.readOnly) return SKIP;
  throw new ImproperlyConfigured(
    `${serializer.constructor.name}: the row has no value for field "${name}". Add it to the row, or set source, default or required: false.`,
  );
}

/** Follows a path of own properties; null where it meets null, undefined where a property is missing. */
export function valueAt(row: unknown, path: readonly string[]): unknown {
  let value: unknown = row;
  for (const key of path) {
    if (value === null) return null;
    if (typeof value !== "object" || !(key in value)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

export function isRelation(model: AnyModel | null, name: string): boolean {
  return model !== null && Object.hasOwn(model.relations, name);
}
