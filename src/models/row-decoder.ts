import type { DriverRow } from "./database.ts";
import type { ModelColumn } from "./model-column.ts";

export type RowDecoder = (row: DriverRow) => Record<string, unknown>;

/** Makes row objects, keyed by property, of what the driver gives for these columns. */
export function rowDecoder(columns: readonly ModelColumn[]): RowDecoder {
  const names = columns.map((column) => column.name);
  const decoders = columns.map((column) => column.traits.fromDriver);
  if (decoders.every((decode) => decode === undefined)) return plainDecoder(names);
  return (row) => {
    const decoded: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = row[index];
      const decode = decoders[index];
      decoded[names[index] ?? ""] = decode === undefined || value === null ? value : decode(value);
    }
    return decoded;
  };
}

function plainDecoder(names: readonly string[]): RowDecoder {
  return (row) => {
    const decoded: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) decoded[names[index] ?? ""] = row[index];
    return decoded;
  };
}
