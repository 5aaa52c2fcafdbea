import type { ValidationError } from "../protocol/exceptions.ts";
import type { ErrorDetail } from "../protocol/error-detail.ts";

/** The key for errors that belong to no single field. */
export const NON_FIELD_ERRORS = "non_field_errors";

/** Errors of one serializer, by field name. */
export type SerializerErrors = Readonly<Record<string, unknown>>;

/** An error detail as DRF keeps it: a message becomes a list of one, lists and objects stay. */
export function errorList(detail: ErrorDetail): readonly unknown[] | SerializerErrors {
  return typeof detail === "string" ? [detail] : detail;
}

/** The errors of a serializer from what one of its hooks threw: messages go under `non_field_errors`, lone messages under fields become lists (DRF's `as_serializer_error`). */
export function asSerializerErrors(error: ValidationError): SerializerErrors {
  const detail = errorList(error.detail);
  if (isList(detail)) return { [NON_FIELD_ERRORS]: detail };
  return Object.fromEntries(Object.entries(detail).map(([field, value]) => [field, isContainer(value) ? value : [value]]));
}

function isList(value: readonly unknown[] | SerializerErrors): value is readonly unknown[] {
  return Array.isArray(value);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
