import type { AnyModel } from "../models/model.ts";
import type { Projection } from "../models/compile-select.ts";
import { canProjectJson } from "../models/json-value.ts";
import type { CompiledFields, ReadableField } from "./compiled-fields.ts";
import { representsColumn } from "./represents-column.ts";

/** What the database needs to build the answer itself; null when a field shows anything but a column as it is. */
export function projectionOf({ readable }: CompiledFields, model: AnyModel | null): Projection | null {
  if (model === null) return null;
  const projected: { key: string; column: string }[] = [];
  for (const field of readable) {
    const column = projectedColumn(field, model);
    if (column === null) return null;
    projected.push({ key: field.name, column });
  }
  return projected;
}

function projectedColumn({ field, source }: ReadableField, model: AnyModel): string | null {
  const [name, ...rest] = source;
  const column = name === undefined || rest.length > 0 ? undefined : model.columns.get(name);
  if (column === undefined || !representsColumn(field, column) || !canProjectJson(model, column)) return null;
  return column.name;
}
