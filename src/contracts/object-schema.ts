import type { JsonSchema } from "../protocol/json-schema.ts";

/** An object with these properties, all of them required unless `required` names those that are. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}
