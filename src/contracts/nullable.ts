import type { JsonSchema } from "../protocol/json-schema.ts";

/** Keywords without which a schema takes null already. */
const LIMITING = ["type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "not"];

/** The schema, and null. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (!LIMITING.some((keyword) => keyword in schema)) return schema;
  if (typeof type !== "string" && !Array.isArray(type)) return { anyOf: [schema, { type: "null" }] };
  const types: unknown[] = Array.isArray(type) ? type : [type];
  const widened = types.includes("null") ? schema : { ...schema, type: [...types, "null"] };
  return Array.isArray(values) ? { ...widened, enum: [...values, null] } : widened;
}
