import { sqliteDialect } from "./sqlite-dialect.ts";

/** Columns that one call of printf takes: SQLite allows 127 arguments. */
const CHUNK = 100;
/** Bytes of a row's texts and bytes that are logged; a longer row is noted as changed, without its values. A text grows sixfold at most. */
const MAX_ROW_BYTES = 64 * 1024 * 1024;

export interface LoggedColumn {
  /** The name in SQL. */
  readonly name: string;
  readonly generated: boolean;
  /** May hold much: its length is looked at. */
  readonly long: boolean;
}

/**
 * SQL for a row as a JSON array, NULL when it is too long. Exact, and only of what every SQLite since 3.38 has: whoever writes to the file runs it. A
 * text is a string, an integer a number; what JSON cannot hold exactly is an array of one string that begins with its kind.
 */
export function encodedRow(row: string, columns: readonly LoggedColumn[]): string {
  const values = columns.map((column) => encodedValue(`${row}.${sqliteDialect.quote(column.name)}`, column.generated));
  const chunks: string[] = [];
  for (let start = 0; start < values.length; start += CHUNK) {
    const chunk = values.slice(start, start + CHUNK);
    chunks.push(`printf('${chunk.map(() => "%s").join(",")}', ${chunk.join(", ")})`);
  }
  const text = `'[' || ${chunks.join(" || ',' || ")} || ']'`;
  const lengths = columns
    .filter((column) => column.long)
    .map((column) => `ifnull(length(CAST(${row}.${sqliteDialect.quote(column.name)} AS BLOB)), 0)`);
  return lengths.length === 0 ? text : `CASE WHEN ${lengths.join(" + ")} <= ${MAX_ROW_BYTES} THEN ${text} END`;
}

/** printf's 20 digits give every double back exactly, 17 do not on every version. A computed text may pass for JSON unless it is copied. */
function encodedValue(value: string, generated: boolean): string {
  return (
    `CASE typeof(${value}) WHEN 'text' THEN json_quote(${generated ? `${value} || ''` : value}) ` +
    `WHEN 'integer' THEN iif(${value} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}, ${value}, '["i' || ${value} || '"]') ` +
    `WHEN 'null' THEN 'null' WHEN 'real' THEN printf('["r%!.20e"]', ${value}) ELSE '["x' || hex(${value}) || '"]' END`
  );
}

/** The driver's value for a member of such an array. */
export function decodedValue(member: unknown): unknown {
  if (!Array.isArray(member)) return member;
  const text = String(member[0]);
  const content = text.slice(1);
  switch (text.charAt(0)) {
    case "i":
      return BigInt(content);
    case "x":
      return new Uint8Array(Buffer.from(content, "hex"));
    default:
      return realOf(content);
  }
}

/** Minus zero is zero, as in what a column gives. */
function realOf(text: string): number {
  return Number(text.replace("Inf", "Infinity")) + 0;
}
