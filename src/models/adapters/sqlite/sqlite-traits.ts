import type { Column } from "drizzle-orm";
import { encodeJson, parseJson } from "../../../protocol/json.ts";
import type { ColumnKind, ColumnTraits } from "../../column-kind.ts";
import { DatabaseError } from "../../errors.ts";
import { helperTraits } from "./sqlite-column-types.ts";

const identity = (value: unknown): unknown => value;

/** The traits of drizzle's SQLite columns by the class that drizzle names, with the column's own settings. */
const TRAITS: Readonly<Record<string, (column: Column) => ColumnTraits>> = {
  SQLiteInteger: () => ({ kind: "integer", toDriver: identity, fromDriver: safeInteger }),
  SQLiteBoolean: () => ({
    kind: "boolean",
    toDriver: (value) => (value === true ? 1 : 0),
    fromDriver: (value) => Number(value) === 1,
  }),
  SQLiteTimestamp: timestampTraits,
  SQLiteText: textTraits,
  SQLiteTextJson: (column) => ({
    kind: "json",
    toDriver: encodeJson,
    fromDriver: readable(column, "JSON", (value) => storedJson(String(value))),
  }),
  SQLiteReal: () => ({ kind: "float", toDriver: float, fromDriver: Number }),
  SQLiteNumeric: () => ({ kind: "decimal", toDriver: exactNumber, fromDriver: String }),
  SQLiteNumericNumber: () => ({ kind: "float", toDriver: float, fromDriver: Number }),
  SQLiteNumericBigInt: (column) => ({
    kind: "bigint",
    toDriver: identity,
    fromDriver: readable(column, "an integer", toBigInt),
  }),
  SQLiteBigInt: (column) => ({
    kind: "bigint",
    unordered: true,
    toDriver: (value) => Buffer.from(String(value)),
    fromDriver: readable(column, "an integer", bigIntFromBytes),
  }),
  SQLiteBlobJson: (column) => ({
    kind: "json",
    toDriver: (value) => Buffer.from(encodeJson(value)),
    fromDriver: readable(column, "JSON", (value) => storedJson(textOf(value))),
  }),
  SQLiteBlobBuffer: () => ({ kind: "binary", toDriver: identity, fromDriver: bufferOf }),
  SQLiteCustomColumn: customTraits,
};

/** What Restwave knows of a drizzle column for SQLite. */
export function sqliteTraits(column: Column): ColumnTraits {
  return (TRAITS[column.columnType] ?? foreignTraits)(column);
}

function textTraits(column: Column): ColumnTraits {
  const length: unknown = Reflect.get(column, "length");
  return { kind: "string", toDriver: identity, ...(typeof length === "number" ? { maxLength: length } : {}) };
}

function timestampTraits(column: Column): ColumnTraits {
  const unit = Reflect.get(column, "mode") === "timestamp" ? 1000 : 1;
  return {
    kind: "datetime",
    isDate: true,
    toDriver: (value) => (value instanceof Date ? Math.floor(value.getTime() / unit) : value),
    fromDriver: (value) => new Date(Number(value) * unit),
  };
}

function customTraits(column: Column): ColumnTraits {
  return helperTraits(Reflect.get(column, "mapTo")) ?? foreignTraits(column);
}

/** A custom type of the application: its own mapping, its kind by SQLite's rules for the declared type. */
function foreignTraits(column: Column): ColumnTraits {
  return {
    kind: kindOfSqlType(column.getSQLType().toLowerCase()),
    toDriver: (value) => column.mapToDriverValue(value),
    fromDriver: (value) => column.mapFromDriverValue(safeInteger(value)),
  };
}

/** Parsers quote what they cannot read, so nothing of their errors goes on. */
function readable(column: Column, expected: string, read: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => {
    try {
      return read(value);
    } catch {
      throw new DatabaseError(
        `Expected column "${column.name}" to hold ${expected}, but a row of it does not. Correct that row.`,
      );
    }
  };
}

/** As deep as it was written. */
function storedJson(text: string): unknown {
  return parseJson(text, Infinity);
}

function kindOfSqlType(type: string): ColumnKind {
  if (type.includes("int")) return "integer";
  if (type.includes("char") || type.includes("clob") || type.includes("text")) return "string";
  if (type === "" || type.includes("blob")) return "binary";
  return "float";
}

/** The driver binds a number nearer to zero than 2^-52 as the integer 0; as a text, SQLite reads it back exactly. */
function float(value: unknown): unknown {
  return typeof value === "number" && value !== 0 && Math.abs(value) < 2 ** -50 ? String(value) : value;
}

/** Beyond 2^53 a number would be another number: such values come out as bigint, exact. */
function safeInteger(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function exactNumber(value: unknown): unknown {
  const text = String(value);
  return /^-?\d{1,18}$/.test(text) ? BigInt(text) : Number(text);
}

function toBigInt(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(Number(value));
}

function textOf(bytes: unknown): string {
  return bufferOf(bytes).toString("utf8");
}

function bigIntFromBytes(value: unknown): bigint {
  return value instanceof Uint8Array ? BigInt(textOf(value)) : BigInt(String(value));
}

function bufferOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Buffer.from(String(value));
}
