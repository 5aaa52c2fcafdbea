import { textForms } from "../../src/contracts/text-forms.ts";
import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { isRecord } from "./is-record.ts";
import { resolveSchema, type Schemas } from "./resolve-schema.ts";

/** What kind of control a schema asks for. */
export type FieldShape =
  | { readonly kind: "text" | "boolean" | "json" }
  | { readonly kind: "number"; readonly isInteger: boolean }
  | { readonly kind: "choice"; readonly values: readonly unknown[] }
  | { readonly kind: "moment"; readonly form: MomentForm }
  | { readonly kind: "list"; readonly items: JsonSchema }
  | { readonly kind: "object"; readonly properties: readonly Property[] }
  | { readonly kind: "variants"; readonly variants: readonly JsonSchema[] };

export type MomentForm = "date" | "time" | "date-time";

/** A property that a client sends. */
export interface Property {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** A schema, read for a form. */
export interface ReadField {
  /** Without references and without its null. */
  readonly schema: JsonSchema;
  readonly shape: FieldShape;
  readonly isNullable: boolean;
}

/** Reads what a schema of a contract asks for. */
export function readField(schema: JsonSchema, schemas: Schemas): ReadField {
  const resolved = resolveSchema(schema, schemas);
  const { without, isNullable } = withoutNull(resolved, schemas);
  const shape = shapeOf(without, schemas);
  if (shape.kind === "boolean" && isNullable)
    return { schema: without, shape: { kind: "choice", values: [true, false] }, isNullable };
  return { schema: without, shape, isNullable };
}

function withoutNull(schema: JsonSchema, schemas: Schemas): { readonly without: JsonSchema; readonly isNullable: boolean } {
  const { type, enum: values, anyOf, oneOf, ...rest } = schema;
  const choices = [anyOf, oneOf].find(Array.isArray)?.filter(isRecord);
  if (choices !== undefined) return variantsWithoutNull(rest, choices, schemas);
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const known: readonly unknown[] | null = Array.isArray(values) ? values : null;
  const isNullable = known === null ? types.includes("null") && types.length > 1 : known.includes(null);
  if (!isNullable) return { without: schema, isNullable };
  const left = types.filter((one) => one !== "null");
  const without = {
    ...rest,
    ...(type === undefined ? {} : { type: left.length === 1 ? left[0] : left }),
    ...(known === null ? {} : { enum: known.filter((value) => value !== null) }),
  };
  return { without, isNullable };
}

function variantsWithoutNull(rest: JsonSchema, choices: readonly JsonSchema[], schemas: Schemas) {
  const variants = choices.map((choice) => ({ choice, resolved: resolveSchema(choice, schemas) }));
  const isNullable = variants.some(({ resolved }) => isNull(resolved));
  const left = variants.filter(({ resolved }) => !isNull(resolved) && !isBlankBesideText(resolved, variants));
  const [only] = left;
  if (left.length !== 1 || only === undefined)
    return { without: { ...rest, anyOf: left.map(({ choice }) => choice) }, isNullable };
  const inner = withoutNull(only.resolved, schemas);
  return { without: { ...inner.without, ...rest }, isNullable: isNullable || inner.isNullable };
}

function isNull({ type, const: value }: JsonSchema): boolean {
  return type === "null" || value === null;
}

/** `anyOf: [{ const: "" }, text]`: a text that may be blank. */
function isBlankBesideText({ const: value }: JsonSchema, all: readonly { readonly resolved: JsonSchema }[]): boolean {
  return value === "" && all.some(({ resolved }) => resolved["type"] === "string");
}

function shapeOf(schema: JsonSchema, schemas: Schemas): FieldShape {
  const { const: value, enum: values, anyOf, type } = schema;
  if (value !== undefined) return { kind: "choice", values: [value] };
  if (Array.isArray(values)) return { kind: "choice", values };
  if (Array.isArray(anyOf)) return { kind: "variants", variants: anyOf.filter(isRecord) };
  if (Array.isArray(type)) return shapeOfTypes(type, schema);
  switch (type) {
    case "string":
      return textShape(schema);
    case "integer":
    case "number":
      return { kind: "number", isInteger: type === "integer" };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return isRecord(schema["items"]) && !("prefixItems" in schema) ? { kind: "list", items: schema["items"] } : JSON_SHAPE;
    case "object":
      return objectShape(schema, schemas);
    default:
      return JSON_SHAPE;
  }
}

const JSON_SHAPE = { kind: "json" } as const;

/** Numbers that are text too, as decimals and keys, are typed as text: the server reads both. */
function shapeOfTypes(types: readonly unknown[], { type: _types, ...rest }: JsonSchema): FieldShape {
  if (types.includes("string") && types.every((one) => one === "string" || one === "number" || one === "integer"))
    return { kind: "text" };
  return types.length === 0 ? JSON_SHAPE : { kind: "variants", variants: types.map((type) => ({ ...rest, type })) };
}

function textShape({ format, pattern }: JsonSchema): FieldShape {
  if (format === "json") return JSON_SHAPE;
  if (format === "date" || format === "date-time" || format === "time") return { kind: "moment", form: format };
  return pattern === textForms.timeOfDay.pattern ? { kind: "moment", form: "time" } : { kind: "text" };
}

function objectShape(schema: JsonSchema, schemas: Schemas): FieldShape {
  const { properties, required } = schema;
  if (!isRecord(properties)) return JSON_SHAPE;
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const all = Object.entries(properties).map(([name, inner]) => ({
    name,
    schema: isRecord(inner) ? inner : {},
    isRequired: names.includes(name),
  }));
  return { kind: "object", properties: all.filter((one) => resolveSchema(one.schema, schemas)["readOnly"] !== true) };
}
