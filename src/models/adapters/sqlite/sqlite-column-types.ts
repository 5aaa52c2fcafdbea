import { customType } from "drizzle-orm/sqlite-core";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { ColumnTraits } from "../../column-kind.ts";
import { parseDate, parseDateTime, parseTime } from "../../date-values.ts";
import { fitDecimal } from "../../decimal-values.ts";
import { FieldError } from "../../errors.ts";
import { parseUuid } from "../../uuid-values.ts";

type Codec = (value: string) => string | number;

/** The traits of our own columns by the function that drizzle keeps for writing them: the one thing of a custom column that is ours. */
const traitsByCodec = new WeakMap<object, ColumnTraits>();

/** The traits that a helper of this file gave to a column, by its drizzle `mapTo` function. */
export function helperTraits(codec: unknown): ColumnTraits | undefined {
  return typeof codec === "function" ? traitsByCodec.get(codec) : undefined;
}

/**
 * A fixed-point decimal; its row value is a text with exactly `decimalPlaces` digits after the point, `"12.50"`.
 *
 * Stored as SQLite's NUMERIC, so that comparison, ordering and `sum()` are numeric and other programs see plain numbers. SQLite keeps 15
 * digits of a number exactly, hence `maxDigits` of at most 15.
 *
 * @throws ImproperlyConfigured for more digits, or more places than digits.
 */
export function decimal(config: { readonly maxDigits: number; readonly decimalPlaces: number }) {
  const { maxDigits, decimalPlaces } = config;
  if (!(maxDigits >= 1 && maxDigits <= 15 && decimalPlaces >= 0 && decimalPlaces <= maxDigits)) {
    throw new ImproperlyConfigured(
      `Expected decimal() with maxDigits from 1 to 15 (what SQLite stores exactly) and decimalPlaces from 0 to maxDigits, got ${maxDigits} and ${decimalPlaces}.`,
    );
  }
  const toDriver = (value: string): number => {
    const fitted = fitDecimal(value, maxDigits, decimalPlaces);
    if (fitted !== undefined) return Number(fitted);
    throw new FieldError(
      "decimal",
      `Expected a decimal with at most ${maxDigits} digits, ${decimalPlaces} of them after the point.`,
    );
  };
  const fromDriver = (value: unknown): string => (typeof value === "string" ? value : Number(value).toFixed(decimalPlaces));
  return column("decimal", `decimal(${maxDigits}, ${decimalPlaces})`, toDriver, fromDriver, { maxDigits, decimalPlaces });
}

/**
 * A moment in UTC with microseconds; its row value is a text, `"2024-05-06T05:08:09.123456Z"`, the fraction left out when it is zero.
 *
 * Stored as `2024-05-06 05:08:09.123456`, the form of SQLite's date functions, of `CURRENT_TIMESTAMP` and of Django: text order is the
 * order of time.
 */
export function dateTime() {
  const toDriver = (value: string): string =>
    checked(parseDateTime(value), "a date and time in ISO 8601").slice(0, -1).replace("T", " ");
  return column("datetime", "datetime", toDriver, (value) => `${String(value).replace(" ", "T")}Z`);
}

/** A day; its row value and its stored form are `"2024-05-06"`. */
export function date() {
  return column("date", "date", (value) => checked(parseDate(value), "a date as YYYY-MM-DD"));
}

/** A time of day with microseconds; its row value and its stored form are `"05:08:09.123456"`, the fraction left out when it is zero. */
export function time() {
  return column("time", "time", (value) => checked(parseTime(value), "a time as HH:MM:SS"));
}

/** A UUID; its row value and its stored form are lower-case and dashed. Writing accepts it undashed, braced or in upper case too. */
export function uuid() {
  return column("uuid", "char(36)", (value) => checked(parseUuid(value), "a UUID"));
}

function checked(value: string | undefined, expected: string): string {
  if (value !== undefined) return value;
  throw new FieldError("value", `Expected ${expected}.`);
}

function column(
  kind: ColumnTraits["kind"],
  sqlType: string,
  write: Codec,
  fromDriver?: (value: unknown) => string,
  limits: Partial<ColumnTraits> = {},
) {
  const toDriver = (value: unknown): string | number => write(String(value));
  traitsByCodec.set(toDriver, { kind, toDriver, ...limits, ...(fromDriver === undefined ? {} : { fromDriver }) });
  return customType<{ data: string; driverData: string | number }>({
    dataType: () => sqlType,
    toDriver,
    ...(fromDriver === undefined ? {} : { fromDriver }),
  })();
}
