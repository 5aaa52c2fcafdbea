import type { ColumnKind } from "./column-kind.ts";
import { isInCalendar, parseDate, parseDateTime, parseTime } from "./date-values.ts";
import { parseDecimal } from "./decimal-values.ts";
import type { ModelColumn } from "./model-column.ts";
import { parseUuid } from "./uuid-values.ts";

/** The value is of a type that the column cannot hold. */
export const INVALID: unique symbol = Symbol("invalid");

/**
 * The canonical row value that a given value stands for, or `INVALID`. Strict about types: a text is never a number, 1 is never true. What
 * has several spellings comes out in one: dates, UUIDs, decimals; integers beyond 2^53 are bigint.
 */
export function normalizeValue(column: ModelColumn, value: unknown): unknown {
  if (column.kind === "datetime" && column.traits.isDate === true) return normalizeDate(value);
  return NORMALIZERS[column.kind](value);
}

const NORMALIZERS: Readonly<Record<ColumnKind, (value: unknown) => unknown>> = {
  integer: normalizeInteger,
  bigint: (value) => {
    if (typeof value === "bigint") return value;
    return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : INVALID;
  },
  float: (value) => {
    if (typeof value === "bigint") return Number(value);
    return typeof value === "number" && !Number.isNaN(value) ? value : INVALID;
  },
  decimal: normalizeDecimal,
  string: (value) => (typeof value === "string" && !value.includes("\0") ? wellFormed(value) : INVALID),
  boolean: (value) => (typeof value === "boolean" ? value : INVALID),
  datetime: (value) => {
    if (value instanceof Date) return isInCalendar(value) ? (parseDateTime(value.toISOString()) ?? INVALID) : INVALID;
    return typeof value === "string" ? (parseDateTime(value) ?? INVALID) : INVALID;
  },
  date: (value) => (typeof value === "string" ? (parseDate(value) ?? INVALID) : INVALID),
  time: (value) => (typeof value === "string" ? (parseTime(value) ?? INVALID) : INVALID),
  uuid: (value) => (typeof value === "string" ? (parseUuid(value) ?? INVALID) : INVALID),
  json: (value) => (typeof value === "function" || typeof value === "symbol" || value === undefined ? INVALID : value),
  binary: (value) => (value instanceof Uint8Array ? value : INVALID),
};

function normalizeInteger(value: unknown): unknown {
  if (typeof value === "number") {
    if (Number.isNaN(value)) return INVALID;
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value !== "bigint") return INVALID;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function normalizeDecimal(value: unknown): unknown {
  if (typeof value === "string") return parseDecimal(value) ?? INVALID;
  if (typeof value === "bigint") return value.toString();
  return typeof value === "number" && Number.isFinite(value) ? (parseDecimal(String(value)) ?? INVALID) : INVALID;
}

function normalizeDate(value: unknown): unknown {
  const date = typeof value === "string" ? parseToDate(value) : value;
  return date instanceof Date && isInCalendar(date) ? date : INVALID;
}

function parseToDate(text: string): Date | undefined {
  const moment = parseDateTime(text);
  return moment === undefined ? undefined : new Date(moment);
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Half a surrogate pair has no UTF-8 form: databases store U+FFFD in its place, so that is what it means here. */
function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, "\ufffd");
}
