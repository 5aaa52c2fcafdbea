import type { JsonSchema } from "../protocol/json-schema.ts";
import { typeName } from "./type-name.ts";

const PLAIN: ReadonlyMap<unknown, string> = new Map([
  ["string", "string"],
  ["number", "number"],
  ["integer", "number"],
  ["boolean", "boolean"],
  ["null", "null"],
]);

/** Lists that a client gives may be readonly, those that it gets are its own. */
export type ListStyle = "readonly " | "";

/** The TypeScript of a JSON Schema; `unknown` where it says nothing that a type could. */
export function typeOfSchema(schema: unknown, lists: ListStyle = ""): string {
  const inner = (one: unknown): string => typeOfSchema(one, lists);
  if (!isSchema(schema)) return "unknown";
  const { $ref, const: value, enum: values, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === "string") return referenced($ref);
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return union(values.map((one: unknown) => JSON.stringify(one)));
  if (Array.isArray(anyOf) || Array.isArray(oneOf)) return union([anyOf, oneOf].flat().filter(isSchema).map(inner));
  if (Array.isArray(allOf)) return allOf.map((one: unknown) => `(${inner(one)})`).join(" & ");
  if (Array.isArray(type)) return union(type.map((one: unknown) => inner({ ...schema, type: one })));
  if (type === "array") return listOf(inner("prefixItems" in schema ? undefined : schema["items"]), lists);
  if (type === "object") return objectType(schema, lists);
  return PLAIN.get(type) ?? "unknown";
}

function listOf(item: string, lists: ListStyle): string {
  return /^[\w$]+$/.test(item) ? `${lists}${item}[]` : `${lists}(${item})[]`;
}

/** The members of an object, a line each; null for one of which no member is known. */
export function membersOf({ properties, required }: JsonSchema, lists: ListStyle = ""): readonly string[] | null {
  if (!isSchema(properties) || Object.keys(properties).length === 0) return null;
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(
    ([name, schema]) => `readonly ${memberName(name)}${names.includes(name) ? "" : "?"}: ${typeOfSchema(schema, lists)};`,
  );
}

/** A name as TypeScript writes it in an object. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function objectType(schema: JsonSchema, lists: ListStyle): string {
  const members = membersOf(schema, lists);
  if (members !== null) return `{ ${members.join(" ")} }`;
  const { additionalProperties } = schema;
  if (additionalProperties === false) return "Readonly<Record<string, never>>";
  return `Readonly<Record<string, ${typeOfSchema(additionalProperties, lists)}>>`;
}

/** Only whole schemas have a name; a part of one is not declared apart. */
function referenced(reference: string): string {
  const name = /schemas\/([^/]+)$/.exec(reference)?.[1];
  return name === undefined ? "unknown" : typeName(name);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ") || "never";
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
