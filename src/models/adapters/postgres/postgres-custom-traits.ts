import type { Column } from "drizzle-orm";
import type { ColumnKind } from "../../column-kind.ts";
import type { PostgresTraits } from "./postgres-traits.ts";
import { bytesFromText } from "./postgres-text.ts";
import { decodeByType } from "./postgres-types.ts";

const KINDS: Readonly<Record<string, ColumnKind>> = {
  smallint: "integer",
  integer: "integer",
  int: "integer",
  bigint: "integer",
  real: "float",
  "double precision": "float",
  numeric: "decimal",
  decimal: "decimal",
  boolean: "boolean",
  bytea: "binary",
  uuid: "uuid",
  json: "json",
  jsonb: "json",
};

/** A custom type of the application. Its own mapping gets what the driver would have given it; its kind is that of the SQL type. */
export function postgresCustomTraits(column: Column): PostgresTraits {
  const type = column
    .getSQLType()
    .toLowerCase()
    .replace(/\s*\(.*\)$/, "");
  const kind = KINDS[type] ?? "string";
  if (type === "citext") return citext(column);
  if (kind === "binary" && isUnmapped(column)) return bytes();
  return {
    kind,
    unchecked: true,
    opaque: true,
    unordered: kind !== "integer" && kind !== "float" && kind !== "decimal",
    toDriver: (value) => column.mapToDriverValue(value),
    fromDriver: (value) => column.mapFromDriverValue(decodeByType(type, String(value))),
    ...(kind === "string" ? { asText: (expression: string) => `${expression}::text` } : {}),
  };
}

/** Case matters to Restwave's `exact`, whatever the column's own operators say: the case-insensitive lookups have names of their own. */
function citext(column: Column): PostgresTraits {
  const asText = (expression: string): string => `${expression}::text`;
  return {
    kind: "string",
    type: "text",
    collated: true,
    asText,
    subject: asText,
    toDriver: (value) => column.mapToDriverValue(value),
    fromDriver: (value) => column.mapFromDriverValue(value),
  };
}

function bytes(): PostgresTraits {
  return { kind: "binary", type: "bytea", toDriver: (value) => value, fromDriver: (value) => bytesFromText(String(value)) };
}

/** Has the application given no mapping? Then bytes go in and come out as they are. */
function isUnmapped(column: Column): boolean {
  const probe = Buffer.from("probe");
  try {
    return column.mapToDriverValue(probe) === probe && column.mapFromDriverValue(probe) === probe;
  } catch {
    return false;
  }
}
