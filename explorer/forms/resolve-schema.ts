import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { isRecord } from "./is-record.ts";

/** The schemas of a contract, by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const MAX_STEPS = 32;

/**
 * A schema without a `$ref` at its top: what it names, with what stands beside the reference laid over it. Parts of `allOf` that can be one schema
 * are one. What cannot be found takes anything.
 */
export function resolveSchema(schema: JsonSchema, schemas: Schemas, steps = 0): JsonSchema {
  const { $ref, allOf, ...beside } = schema;
  if (steps > MAX_STEPS) return beside;
  if (typeof $ref === "string") {
    const named = schemaAt($ref, schemas);
    return { ...(named === null ? {} : resolveSchema(named, schemas, steps + 1)), ...beside };
  }
  if (!Array.isArray(allOf)) return schema;
  const parts = allOf.filter(isRecord).map((part) => resolveSchema(part, schemas, steps + 1));
  return [...parts, beside].reduce(merged, {});
}

function merged(left: JsonSchema, right: JsonSchema): JsonSchema {
  const properties = { ...recordAt(left, "properties"), ...recordAt(right, "properties") };
  const required = [...listAt(left, "required"), ...listAt(right, "required")];
  return {
    ...left,
    ...right,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
  };
}

function recordAt(schema: JsonSchema, key: string): Readonly<Record<string, unknown>> {
  const value = schema[key];
  return isRecord(value) ? value : {};
}

function listAt(schema: JsonSchema, key: string): readonly unknown[] {
  const value = schema[key];
  return Array.isArray(value) ? value : [];
}

/** `#/schemas/User`, or a part of one: `#/schemas/tasks.plan.input/properties/steps`. */
function schemaAt(reference: string, schemas: Schemas): JsonSchema | null {
  const [root, area, ...keys] = reference.split("/").map(unescaped);
  if (root !== "#" || area !== "schemas") return null;
  let found: unknown = schemas;
  for (const key of keys) found = memberOf(found, key);
  return isRecord(found) ? found : null;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
