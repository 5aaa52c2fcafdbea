import type { DataError, FieldError } from "../models/errors.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import type { CompiledFields } from "./compiled-fields.ts";
import type { RefusedWrite } from "./integrity-errors.ts";

/** A value that only its column refused, under the name of the field that wrote it: clients do not know columns. */
export function fieldErrorToValidation(error: FieldError, fields: CompiledFields): ValidationError {
  const written = fields.writable.find(({ target }) => target.length === 1 && target[0] === error.field);
  const messages = Object.values(Object(error.detail)).flat().map(String);
  return new ValidationError({ [written?.name ?? error.field]: messages }, error.code, { cause: error });
}

/** The fields whose values only the database could check, when it refused one of them; null when none of those was written. */
export function dataErrorToValidation(error: DataError, write: RefusedWrite): ValidationError | null {
  const suspects = write.fields.writable.filter(({ target: [column = "", ...rest] }) => {
    const isWritten = Object.hasOwn(write.validated, column) && rest.length === 0;
    return isWritten && write.model.columns.get(column)?.traits.unchecked === true;
  });
  if (suspects.length === 0) return null;
  return new ValidationError(Object.fromEntries(suspects.map(({ name }) => [name, ["Not a valid value."]])), "invalid", {
    cause: error,
  });
}
