import type { ModelColumn } from "../models/model-column.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import { textForms } from "./text-forms.ts";

/** A value of a column as JSON holds it; whether it may be null is left to the caller. */
export function schemaOfColumn(column: ModelColumn): JsonSchema {
  switch (column.kind) {
    case "integer":
      return { type: "integer" };
    case "bigint":
      return column.traits.wide === true ? { type: "integer" } : { type: "integer", format: "int64" };
    case "float":
      return { type: "number" };
    case "decimal":
      return textForms.decimal;
    case "string":
      return column.choices === undefined ? { type: "string" } : { type: "string", enum: column.choices };
    case "boolean":
      return { type: "boolean" };
    case "datetime":
      return textForms.dateTime;
    case "date":
      return { type: "string", format: "date" };
    case "time":
      return textForms.timeOfDay;
    case "uuid":
      return { type: "string", format: "uuid" };
    case "json":
      return {};
    case "binary":
      return { type: "string", contentEncoding: "base64" };
  }
}
