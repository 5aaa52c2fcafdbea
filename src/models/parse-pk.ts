import type { ModelColumn } from "./model-column.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { parseUuid, uuidFromInteger } from "./uuid-values.ts";
import { pythonInt } from "./python-int.ts";
import { INVALID, normalizeValue } from "./normalize-value.ts";

/** The part of a model that this file reads. */
interface HasColumns {
  readonly name: string;
  readonly pk: ModelColumn;
  readonly columns: ReadonlyMap<string, ModelColumn>;
}

/**
 * The primary key that a value from the wire stands for, or undefined when it cannot be one (no row can match then). Integers follow
 * Python's `int()`: `"1"`, `" 2 "`, `"1_0"` and `2.9` are keys, `"1.0"` is not; UUIDs may be dashed, undashed, braced, `urn:uuid:` or
 * integers; numbers become text for a text key. The rules are those of Django, as DCRF shows them.
 *
 * @param field the property key of another column to parse for. Default: the primary key.
 * @throws ImproperlyConfigured when the model has no such column.
 */
export function parsePk(model: HasColumns, value: unknown, field: string = "pk"): unknown {
  const column = field === "pk" ? model.pk : model.columns.get(field);
  if (column !== undefined) return parseFor(column, value);
  const columns = [...model.columns.keys()].join(", ");
  if (!field.includes("__")) throw new ImproperlyConfigured(`${model.name} has no column "${field}". Use one of: ${columns}.`);
  throw new ImproperlyConfigured(
    `Expected a column of ${model.name} itself, got "${field}": a lookup field cannot follow a relation. Use one of: ${columns}.`,
  );
}

function parseFor(column: ModelColumn, value: unknown): unknown {
  switch (column.kind) {
    case "integer":
      return parseInteger(value);
    case "bigint":
      return parseBigInt(column, value);
    case "uuid":
      return parseUuidValue(value);
    case "string":
      return parseText(column, value);
    default: {
      const normal = normalizeValue(column, value);
      return normal === INVALID ? undefined : normal;
    }
  }
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

function parseInteger(value: unknown): number | bigint | undefined {
  const integer = pythonInt(value);
  if (typeof integer !== "bigint") return integer;
  return integer > MAX_INT64 || integer < MIN_INT64 ? undefined : integer;
}

function parseBigInt(column: ModelColumn, value: unknown): bigint | undefined {
  const integer = column.traits.unordered === true || column.traits.wide === true ? pythonInt(value) : parseInteger(value);
  return integer === undefined ? undefined : BigInt(integer);
}

function parseUuidValue(value: unknown): string | undefined {
  if (typeof value === "string") return parseUuid(value);
  return typeof value === "number" || typeof value === "bigint" ? uuidFromInteger(value) : undefined;
}

function parseText(column: ModelColumn, value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return undefined;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const normal = normalizeValue(column, value);
  return typeof normal === "string" ? normal : undefined;
}
