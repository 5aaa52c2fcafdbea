import { DatabaseError } from "../../errors.ts";

const MOMENT = /^(\d{4,6}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:[+-]00(?::00)?)?( BC)?$/;

/**
 * `"2024-05-06T05:08:09.123456Z"` of PostgreSQL's `2024-05-06 05:08:09.123456+00`. What is outside of the years 1 to 9999 (and `infinity`) has no
 * such form and stays as PostgreSQL writes it.
 */
export function momentFromText(text: string): string {
  const match = MOMENT.exec(text);
  if (match === null || match[4] !== undefined || match[1]?.length !== 10) return text;
  return `${match[1]}T${match[2]}${fraction(match[3])}Z`;
}

/** Six digits or none. PostgreSQL leaves zeros at the end out. */
function fraction(digits: string | undefined): string {
  return digits === undefined ? "" : `.${digits.padEnd(6, "0")}`;
}

/** `"05:08:09.120000"` of `05:08:09.12`. */
export function timeFromText(text: string): string {
  const dot = text.indexOf(".");
  return dot === -1 ? text : `${text.slice(0, dot)}${fraction(text.slice(dot + 1))}`;
}

const LAST = 8.64e15;

/** A moment or a day as a `Date`; what none can hold (`infinity`) becomes the first or the last that there is. */
export function dateFromText(text: string): Date {
  const day = /^(\d{4,6})(-\d{2}-\d{2})(.*?)( BC)?$/.exec(text);
  if (day === null) return new Date(text.startsWith("-") ? -LAST : LAST);
  const [, digits = "", rest = "", clock = "", era] = day;
  const year = era === undefined ? Number(digits) : 1 - Number(digits);
  const time = /^[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?/.exec(clock);
  const millis = (time?.[2] ?? "").slice(0, 3).padEnd(3, "0");
  const date = new Date(`${signedYear(year)}${rest}T${time?.[1] ?? "00:00:00"}.${millis}Z`);
  return Number.isNaN(date.getTime()) ? new Date(year < 0 ? -LAST : LAST) : date;
}

function signedYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, "0");
  return `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}`;
}

/** A text that sorts by code point as PostgreSQL sorts days and moments, whatever their year. */
export function momentSortKey(text: string): string {
  if (text === "infinity") return "~~";
  if (text === "-infinity") return " ";
  const normal = text.replace("T", " ").replace(/(?:Z|[+-]00(?::00)?)(?= BC$|$)/, "");
  if (normal.endsWith(" BC")) return `!${String(10_000 - Number.parseInt(normal, 10)).padStart(5, "0")}${normal.slice(4, -3)}`;
  const year = normal.indexOf("-");
  return year > 4 ? `~${normal.slice(0, year).padStart(6, "0")}${normal.slice(year)}` : normal;
}

/** The bytes of `\x0a0b`. */
export function bytesFromText(text: string): Buffer {
  return Buffer.from(text.slice(2), "hex");
}

/** A whole number of whatever size; `12.00` of a numeric column is one too. @throws DatabaseError when it is none. */
export function integerFromText(text: string): bigint {
  const match = /^(-?\d+)(?:\.0*)?$/.exec(text);
  if (match?.[1] !== undefined) return BigInt(match[1]);
  throw new DatabaseError("Expected a column of mode bigint to hold integers, but a row of it does not. Correct that row.");
}

/** Exact: beyond 2^53 a bigint. */
export function safeIntegerFromText(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** The text of an array, `{"a","b"}`. */
export function arrayText(elements: readonly string[]): string {
  return `{${elements.map((element) => `"${element.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
