import type { Column } from "drizzle-orm";
import { encodeJson, parseJson } from "../../../protocol/json.ts";
import type { ColumnTraits } from "../../column-kind.ts";
import { decimalSortKey } from "../../decimal-sort-key.ts";
import { postgresCustomTraits } from "./postgres-custom-traits.ts";
import { parseArray } from "./parse-array.ts";
import { arrayRefusal, jsonbRefusal, lengthRefusal, rangeRefusal, realRefusal, choiceRefusal } from "./postgres-refusals.ts";
import {
  dateFromText,
  integerFromText,
  momentFromText,
  momentSortKey,
  safeIntegerFromText,
  timeFromText,
} from "./postgres-text.ts";

/** What this adapter knows of a column beyond its traits: how it stands in comparisons. */
export interface PostgresTraits extends ColumnTraits {
  /** The type that a value to compare with is sent as. Left out: the column's own. */
  readonly type?: string;
  /** The column as a text: for the text lookups, and for JSON. */
  readonly asText?: (expression: string) => string;
  /** The column as it is compared, where that is not the column itself. */
  readonly subject?: (expression: string) => string;
  /** Who compares texts by code point needs the collation "C". */
  readonly collated?: boolean;
  /** Rows show milliseconds, the database keeps more. */
  readonly cutToMillis?: boolean;
  /** A mapping of the application's own: nobody but the database can tell what equals what, or writes its JSON. */
  readonly opaque?: boolean;
}

const text = (value: unknown): string => String(value);
const castToText = (expression: string): string => `${expression}::text`;

const TRAITS: Readonly<Record<string, (column: Column) => PostgresTraits>> = {
  PgSmallInt: () => integer(2n ** 15n),
  PgInteger: () => integer(2n ** 31n),
  PgBigInt53: () => integer(2n ** 63n),
  PgSmallSerial: () => integer(2n ** 15n),
  PgSerial: () => integer(2n ** 31n),
  PgBigSerial53: () => integer(2n ** 63n),
  PgBigInt64: bigint,
  PgBigSerial64: bigint,
  PgReal: () => ({
    kind: "float",
    type: "real",
    toDriver: (value) => text(Math.fround(Number(value))),
    fromDriver: Number,
    comparable: (value) => Math.fround(Number(value)),
    refusal: realRefusal,
  }),
  PgDoublePrecision: () => ({ kind: "float", type: "double precision", toDriver: text, fromDriver: Number }),
  PgNumeric: numeric,
  PgNumericNumber: () => ({
    kind: "float",
    type: "double precision",
    toDriver: text,
    fromDriver: Number,
    // A number of JavaScript cannot tell what the digits beyond its own are.
    subject: (expression) => `${expression}::double precision`,
  }),
  PgNumericBigInt: () => ({
    kind: "bigint",
    type: "numeric",
    wide: true,
    toDriver: text,
    fromDriver: of(integerFromText),
    comparable: exact,
  }),
  PgText: string,
  PgVarchar: string,
  PgChar: char,
  PgEnumColumn: enumeration,
  PgEnumObjectColumn: enumeration,
  PgBoolean: () => ({
    kind: "boolean",
    type: "boolean",
    toDriver: text,
    fromDriver: of((value) => value.startsWith("t")),
    comparable: Number,
  }),
  PgTimestamp: timestamp,
  PgTimestampString: (column) => ({
    kind: "datetime",
    type: sqlType(column),
    toDriver: of((value) => `${value.slice(0, -1).replace("T", " ")}+00`),
    fromDriver: of(momentFromText),
    comparable: of(momentSortKey),
  }),
  PgDate: () => ({
    kind: "datetime",
    type: "timestamp",
    isDate: true,
    toDriver: dateText,
    fromDriver: of(dateFromText),
    comparable: timeOf,
  }),
  PgDateString: () => ({ kind: "date", type: "date", toDriver: text, comparable: of(momentSortKey) }),
  PgTime: (column) =>
    sqlType(column) === "time"
      ? { kind: "time", type: "time", toDriver: text, fromDriver: of(timeFromText) }
      : { kind: "string", unchecked: true, unordered: true, subject: castToText, asText: castToText, toDriver: text },
  PgUUID: () => ({ kind: "uuid", type: "uuid", toDriver: text, asText: castToText }),
  PgJson: () => json(encodeJson),
  PgJsonb: () => ({ ...json(encodeJson), refusal: jsonbRefusal }),
  PgArray: array,
  PgInet: () => otherText((expression) => `abbrev(${expression})`),
};

/** What Restwave knows of a drizzle column for PostgreSQL. Rows come as PostgreSQL's texts. */
export function postgresTraits(column: Column): PostgresTraits {
  const known = TRAITS[column.columnType];
  if (known !== undefined) return known(column);
  if (column.columnType === "PgCustomColumn") return postgresCustomTraits(column);
  if (column.dataType === "string") return otherText(castToText);
  return {
    kind: "json",
    unchecked: true,
    opaque: true,
    toDriver: (value) => column.mapToDriverValue(value),
    fromDriver: (value) => column.mapFromDriverValue(value),
  };
}

/** The names of a type with its precision left out: what is compared with need not fit. */
function sqlType(column: Column): string {
  return column.getSQLType().replace(/\s*\(.*?\)/, "");
}

function of<T>(decode: (value: string) => T): (value: unknown) => T {
  return (value) => decode(String(value));
}

/** bigint and number compare by value, whichever is which. */
function exact(value: unknown): number | bigint {
  return typeof value === "bigint" ? value : Number(value);
}

function integer(end: bigint): PostgresTraits {
  return {
    kind: "integer",
    type: "bigint",
    toDriver: text,
    fromDriver: of(safeIntegerFromText),
    comparable: exact,
    integerEnd: end,
    refusal: rangeRefusal(end),
  };
}

function bigint(): PostgresTraits {
  return {
    kind: "bigint",
    type: "bigint",
    toDriver: text,
    fromDriver: of(integerFromText),
    comparable: exact,
    refusal: rangeRefusal(2n ** 63n),
  };
}

function numeric(column: Column): PostgresTraits {
  const maxDigits: unknown = Reflect.get(column, "precision");
  const places: unknown = Reflect.get(column, "scale");
  const limits = typeof maxDigits === "number" ? { maxDigits, decimalPlaces: typeof places === "number" ? places : 0 } : {};
  return { kind: "decimal", type: "numeric", toDriver: text, comparable: of(decimalSortKey), ...limits };
}

function string(column: Column): PostgresTraits {
  const length: unknown = Reflect.get(column, "length");
  const limit = typeof length === "number" ? { maxLength: length, refusal: lengthRefusal(length) } : {};
  return { kind: "string", type: "text", collated: true, toDriver: text, ...limit };
}

/** PostgreSQL fills `char(n)` up with spaces, which count for nothing: rows are without. */
function char(column: Column): PostgresTraits {
  const trimmed = of((value) => value.replace(/ +$/, ""));
  return { ...string(column), type: "bpchar", asText: castToText, toDriver: trimmed, fromDriver: trimmed };
}

/** Compared and sorted as texts: PostgreSQL itself sorts by the order of declaration. */
function enumeration(column: Column): PostgresTraits {
  return {
    kind: "string",
    type: "text",
    collated: true,
    toDriver: text,
    asText: castToText,
    subject: castToText,
    refusal: choiceRefusal(column.enumValues ?? []),
  };
}

function otherText(asText: (expression: string) => string): PostgresTraits {
  return { kind: "string", unchecked: true, type: "text", collated: true, toDriver: text, asText, subject: asText };
}

function timestamp(column: Column): PostgresTraits {
  const precision: unknown = Reflect.get(column, "precision");
  return {
    kind: "datetime",
    type: sqlType(column),
    isDate: true,
    cutToMillis: typeof precision !== "number" || precision > 3,
    toDriver: dateText,
    fromDriver: of(dateFromText),
    comparable: timeOf,
  };
}

function dateText(value: unknown): string {
  return value instanceof Date ? value.toISOString().replace("T", " ").replace("Z", "+00") : String(value);
}

function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : dateFromText(String(value)).getTime();
}

function json(toDriver: (value: unknown) => string): PostgresTraits {
  return { kind: "json", toDriver, fromDriver: of((value) => parseJson(value, Infinity)) };
}

/** drizzle writes the text of an array; each element is read as a column of its type. */
function array(column: Column): PostgresTraits {
  const base: unknown = Reflect.get(column, "baseColumn");
  const element = isColumn(base) ? postgresTraits(base) : undefined;
  const decode = element?.fromDriver;
  return {
    kind: "json",
    unchecked: true,
    opaque: true,
    ...(element === undefined ? {} : { refusal: arrayRefusal(element) }),
    toDriver: (value) => column.mapToDriverValue(value),
    fromDriver: of((value) => parseArray<unknown>(value, decode ?? text)),
  };
}

function isColumn(value: unknown): value is Column {
  return value instanceof Object && "columnType" in value;
}
