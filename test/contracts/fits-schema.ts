import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { JsonSchema } from "../../src/contracts.ts";

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** What a value has wrong by a schema, which may name the shared schemas of its contract; empty when it fits. */
export function misfits(
  value: unknown,
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>> = {},
): readonly string[] {
  const validate = compiled.get(schema) ?? compile({ ...schema, schemas });
  compiled.set(schema, validate);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
}

/** Strict: a keyword or format that JSON Schema does not know is a mistake of ours. */
function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  ajv.addVocabulary(["schemas"]);
  addFormats.default(ajv);
  return ajv.compile({ ...schema });
}
