import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { readField } from "./field-shape.ts";
import type { Schemas } from "./resolve-schema.ts";

/** Schemas that need themselves have no value; nobody nests deeper. */
const MAX_DEPTH = 12;

/**
 * What a form begins with: of what is required the empty value of its kind, where there is one, and nothing else. What is left out is `undefined`:
 * JSON does not hold it.
 */
export function initialValue(schema: JsonSchema, schemas: Schemas): unknown {
  return valueAt(schema, schemas, 0);
}

function valueAt(schema: JsonSchema, schemas: Schemas, depth: number): unknown {
  const { schema: own, shape, isNullable } = readField(schema, schemas);
  if (depth > MAX_DEPTH) return undefined;
  if (own["default"] !== undefined) return own["default"];
  if (isNullable) return null;
  switch (shape.kind) {
    case "text":
      return "";
    case "boolean":
      return false;
    case "list":
      return [];
    case "choice":
      return shape.values.length === 1 ? shape.values[0] : undefined;
    case "variants":
      return shape.variants[0] === undefined ? undefined : valueAt(shape.variants[0], schemas, depth + 1);
    case "object":
      return Object.fromEntries(
        shape.properties
          .filter(({ isRequired }) => isRequired)
          .map((property) => [property.name, valueAt(property.schema, schemas, depth + 1)] as const)
          .filter(([, value]) => value !== undefined),
      );
    default:
      return undefined;
  }
}
