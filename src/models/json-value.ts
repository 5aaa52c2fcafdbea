import { formatDate } from "./date-values.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";

/**
 * What a row's value looks like in JSON: texts, numbers, booleans and JSON as they are, `Date` as DRF writes it
 * (`2024-05-06T05:08:09.123000Z`, no fraction when it is zero), bytes in base64. Finish it with `encodeJson`, which writes a bigint with all
 * its digits. The one place that decides it, in JavaScript; `fetchJson` gives the same bytes.
 */
export function toJsonValue(column: ModelColumn, value: unknown): unknown {
  if (value instanceof Date) return formatDate(value);
  if (column.kind === "binary" && value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value ?? null;
}

/** Can the database itself write this column's JSON, byte for byte as `encodeJson` writes `toJsonValue`? */
export function canProjectJson(model: AnyModel, column: ModelColumn): boolean {
  return model.database.dialect.jsonMember(column, "x") !== null;
}
