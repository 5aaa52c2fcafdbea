import type { ModelColumn } from "../../model-column.ts";

/** Midnight of the first day of year 1 and of year 10000, in seconds: outside, `toJsonValue` gives null. */
const FIRST_SECOND = -62_135_596_800;
const END_SECOND = 253_402_300_800;

/** The JSON of a column, written by SQLite; null where its text may differ from JavaScript's (floats) or does not exist (JSON, bytes). */
export function sqliteJsonMember(column: ModelColumn, expression: string): string | null {
  switch (column.source.columnType) {
    case "SQLiteInteger":
    case "SQLiteText":
    case "SQLiteNumericBigInt":
      return expression;
    case "SQLiteBigInt":
      return `json(CAST(${expression} AS TEXT))`;
    case "SQLiteBoolean":
      return `CASE WHEN ${expression} IS NULL THEN NULL WHEN ${expression} = 1 THEN json('true') ELSE json('false') END`;
    case "SQLiteTimestamp":
      return Reflect.get(column.source, "mode") === "timestamp" ? seconds(expression) : milliseconds(expression);
    case "SQLiteCustomColumn":
      return ownColumn(column, expression);
    default:
      return null;
  }
}

function seconds(expression: string): string {
  return `iif(${expression} BETWEEN ${FIRST_SECOND} AND ${END_SECOND - 1}, strftime('%Y-%m-%dT%H:%M:%SZ', ${expression}, 'unixepoch'), NULL)`;
}

/** `%` keeps the sign of its left side: before 1970 the thousandths count from the second below. */
function milliseconds(expression: string): string {
  const millis = `((${expression} % 1000 + 1000) % 1000)`;
  const text = `strftime('%Y-%m-%dT%H:%M:%S', (${expression} - ${millis}) / 1000, 'unixepoch')`;
  const fraction = `iif(${millis} = 0, 'Z', printf('.%03d000Z', ${millis}))`;
  return `iif(${expression} BETWEEN ${FIRST_SECOND * 1000} AND ${END_SECOND * 1000 - 1}, ${text} || ${fraction}, NULL)`;
}

function ownColumn(column: ModelColumn, expression: string): string | null {
  if (column.kind === "decimal" && column.decimalPlaces !== undefined) {
    return `iif(${expression} IS NULL, NULL, printf('%.${column.decimalPlaces}f', ${expression}))`;
  }
  if (column.kind === "datetime") return `replace(${expression}, ' ', 'T') || 'Z'`;
  const isOwn = column.kind === "date" || column.kind === "time" || column.kind === "uuid";
  return isOwn ? expression : null;
}
