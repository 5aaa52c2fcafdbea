import { ValidationError } from "../protocol/exceptions.ts";
import type { BoundField } from "./bound-field.ts";
import type { CompiledFields } from "./compiled-fields.ts";
import { errorList, NON_FIELD_ERRORS } from "./error-list.ts";
import type { FieldScope } from "./fields/field-scope.ts";
import { EMPTY, SKIP } from "./fields/outcome.ts";
import { pythonTypeName } from "./python-text.ts";

/**
 * Converts and checks every writable field, then runs the serializer's `validate<FieldName>` on it. Keys that belong to no field are ignored.
 *
 * @throws ValidationError with all errors, by field name in the order of the fields.
 */
export async function validateFields({ writable }: CompiledFields, data: unknown, serializer: FieldScope): Promise<object> {
  const given = requireDictionary(data);
  const attributes: Record<string, unknown> = {};
  const errors: [string, unknown][] = [];
  for (const bound of writable) {
    try {
      const outcome = validateOne(bound, given, serializer);
      const value = outcome instanceof Promise ? await outcome : outcome;
      if (value !== SKIP) setValue(attributes, bound.target, value);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors.push([bound.name, errorList(error.detail)]);
    }
  }
  if (errors.length > 0) throw new ValidationError(Object.fromEntries(errors));
  return attributes;
}

/** Defaults of read-only fields: validators of the whole see them, `create` does not. */
export function readOnlyDefaults({ defaulted }: CompiledFields, serializer: FieldScope): object {
  const attributes: Record<string, unknown> = {};
  for (const { field, target } of defaulted) {
    const value = field.getDefault(serializer);
    if (value !== SKIP) setValue(attributes, target, value);
  }
  return attributes;
}

function requireDictionary(data: unknown): object {
  if (data === null || data === undefined) throw new ValidationError({ [NON_FIELD_ERRORS]: ["No data provided"] }, "null");
  if (typeof data === "object" && !Array.isArray(data)) return data;
  throw new ValidationError({ [NON_FIELD_ERRORS]: [`Invalid data. Expected a dictionary, but got ${pythonTypeName(data)}.`] });
}

function validateOne(bound: BoundField, given: object, serializer: FieldScope): unknown {
  const sent: unknown = Object.hasOwn(given, bound.name) ? Reflect.get(given, bound.name) : EMPTY;
  const value = bound.field.runValidation(sent, serializer);
  const method: unknown = Reflect.get(serializer, bound.validateMethod);
  if (typeof method !== "function") return value;
  const check = (settled: unknown): unknown => (settled === SKIP ? SKIP : method.call(serializer, settled));
  return value instanceof Promise ? value.then(check) : check(value);
}

function setValue(attributes: Record<string, unknown>, path: readonly string[], value: unknown): void {
  if (path.length === 0) {
    if (typeof value === "object" && value !== null) Object.assign(attributes, value);
    return;
  }
  let into = attributes;
  for (const key of path.slice(0, -1)) into = childObject(into, key);
  const last = path.at(-1);
  if (last !== undefined) into[last] = value;
}

function childObject(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  const present = parent[key];
  if (isRecord(present)) return present;
  const made: Record<string, unknown> = {};
  parent[key] = made;
  return made;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
