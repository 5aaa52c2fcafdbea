import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { readField } from "./field-shape.ts";
import { initialValue } from "./initial-value.ts";
import type { Schemas } from "./resolve-schema.ts";

/** What a property becomes that a user chooses to send before there is a value: never `undefined`. */
export function startingValue(schema: JsonSchema, schemas: Schemas, now: Date): unknown {
  const { schema: own, shape, isNullable } = readField(schema, schemas);
  const initial = initialValue(schema, schemas);
  if (initial !== undefined && !(isNullable && initial === null)) return initial;
  switch (shape.kind) {
    case "number":
      return own["minimum"] ?? 0;
    case "moment":
      return momentOf(shape.form, now);
    case "choice":
      return shape.values[0] ?? null;
    case "text":
      return "";
    case "list":
      return [];
    case "object":
      return initialValue(own, schemas);
    default:
      return null;
  }
}

function momentOf(form: "date" | "time" | "date-time", now: Date): string {
  const [date = "", time = ""] = now
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .split("T");
  if (form === "date") return date;
  return form === "time" ? time : `${date}T${time}Z`;
}
