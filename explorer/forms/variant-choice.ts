import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { choiceLabel } from "./choice-label.ts";
import { readField } from "./field-shape.ts";
import { isRecord } from "./is-record.ts";
import { resolveSchema, type Schemas } from "./resolve-schema.ts";

const KINDS = {
  text: "Text",
  boolean: "True or false",
  json: "JSON",
  list: "List",
  object: "Object",
  variants: "Other",
} as const;

/** How a variant is called in the list of them. */
export function variantLabel(variant: JsonSchema, schemas: Schemas): string {
  const { schema, shape } = readField(variant, schemas);
  if (typeof schema["title"] === "string") return schema["title"];
  if (shape.kind === "number") return shape.isInteger ? "Integer" : "Number";
  if (shape.kind === "moment") return { date: "Date", time: "Time", "date-time": "Date and time" }[shape.form];
  if (shape.kind === "choice") return shape.values.length === 1 ? choiceLabel(shape.values[0]) : "One of a choice";
  if (shape.kind !== "object") return KINDS[shape.kind];
  return constantsOf(schema).map(([name, value]) => `${name}: ${choiceLabel(value)}`)[0] ?? KINDS.object;
}

/** The variant that a value is of: the first that could hold it; the first of all for none. */
export function variantOf(value: unknown, variants: readonly JsonSchema[], schemas: Schemas): number {
  const found = variants.findIndex((variant) => couldHold(variant, value, schemas));
  return Math.max(0, found);
}

function couldHold(variant: JsonSchema, value: unknown, schemas: Schemas): boolean {
  const { schema, shape } = readField(variant, schemas);
  switch (shape.kind) {
    case "text":
    case "moment":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "choice":
      return shape.values.some((one) => JSON.stringify(one) === JSON.stringify(value));
    case "object":
      return (
        isRecord(value) && hasConstants(value, schema) && shape.properties.every((one) => !one.isRequired || one.name in value)
      );
    case "variants":
      return shape.variants.some((inner) => couldHold(resolveSchema(inner, schemas), value, schemas));
    case "json":
      return value !== undefined;
  }
}

function hasConstants(value: Readonly<Record<string, unknown>>, schema: JsonSchema): boolean {
  return constantsOf(schema).every(([name, constant]) => value[name] === constant);
}

/** The properties that tell the variants of an object apart. */
function constantsOf({ properties }: JsonSchema): readonly (readonly [string, unknown])[] {
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([name, inner]) =>
    isRecord(inner) && inner["const"] !== undefined ? [[name, inner["const"]] as const] : [],
  );
}
