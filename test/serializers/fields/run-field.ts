import { ValidationError } from "../../../src/protocol/exceptions.ts";
import type { Field } from "../../../src/serializers/fields/field.ts";
import type { FieldScope } from "../../../src/serializers/fields/field-scope.ts";

export const scope: FieldScope = { instance: null, partial: false, context: {} };

/** The validated value, or the errors under `errors`. */
export async function validated(field: Field, data: unknown): Promise<unknown> {
  try {
    return await field.runValidation(data, scope);
  } catch (error) {
    if (error instanceof ValidationError) return { errors: error.detail };
    throw error;
  }
}

export function refused(...messages: string[]): unknown {
  return { errors: messages };
}

/** What answers hold for a row's value. */
export async function shown(field: Field, value: unknown): Promise<unknown> {
  return field.toRepresentation(value, scope);
}
