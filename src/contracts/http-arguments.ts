import type { JsonSchema } from "../protocol/json-schema.ts";

/** The arguments of an action as HTTP carries them. */
export interface HttpArguments {
  readonly parameters: readonly JsonSchema[];
  /** The body, for an action that takes data. */
  readonly data: JsonSchema | undefined;
}

/** Puts the arguments of an action in their places: `data` is the body, the others stand in the query, each filter under its own name. */
export function httpArguments(input: JsonSchema, inPath: readonly string[]): HttpArguments {
  const { data, filters, ...others } = propertiesOf(input);
  const named = { ...(filters === undefined ? {} : propertiesOf(filters)), ...others };
  const parameters = Object.entries(named).filter(([name]) => !inPath.includes(name));
  return { data, parameters: parameters.map(([name, schema]) => queryParameter(name, schema)) };
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema;
  return typeof properties === "object" && properties !== null ? { ...properties } : {};
}

/** Lists are written with commas: `?id__in=1,2`, `?ordering=-created,name`. */
function queryParameter(name: string, schema: JsonSchema): JsonSchema {
  const list = listIn(schema);
  if (list === null) return { name, in: "query", schema };
  return { name, in: "query", style: "form", explode: false, schema: list };
}

function listIn(schema: JsonSchema): JsonSchema | null {
  if (schema["type"] === "array") return schema;
  const { anyOf } = schema;
  const choices: readonly unknown[] = Array.isArray(anyOf) ? anyOf : [];
  const list = choices.find((one) => isSchema(one) && one["type"] === "array");
  return isSchema(list) ? list : null;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
