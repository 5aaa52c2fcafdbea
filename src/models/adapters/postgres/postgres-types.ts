import { parseJson } from "../../../protocol/json.ts";
import { bytesFromText, safeIntegerFromText } from "./postgres-text.ts";

const number = (text: string): unknown => Number(text);
const boolean = (text: string): unknown => text === "t";
const json = (text: string): unknown => parseJson(text, Infinity);

/** How a text of one of PostgreSQL's own types is read where no column of a model says more. */
const BY_NAME: Readonly<Record<string, (text: string) => unknown>> = {
  smallint: number,
  integer: number,
  int: number,
  bigint: safeIntegerFromText,
  real: number,
  "double precision": number,
  boolean,
  bytea: bytesFromText,
  json,
  jsonb: json,
};

/** `pg_type.oid` of the built-in types, which never change. */
const BY_OID: ReadonlyMap<number, (text: string) => unknown> = new Map([
  [16, boolean],
  [17, bytesFromText],
  [20, safeIntegerFromText],
  [21, number],
  [23, number],
  [26, number],
  [114, json],
  [700, number],
  [701, number],
  [3802, json],
]);

/** @param type the name of an SQL type, without its precision. */
export function decodeByType(type: string, text: string): unknown {
  return BY_NAME[type]?.(text) ?? text;
}

/** Numbers (exact: beyond 2^53 bigint), booleans, JSON and bytes as such; everything else as PostgreSQL's text. */
export function decodeByOid(oid: number, text: string | null): unknown {
  if (text === null) return null;
  const decode = BY_OID.get(oid);
  return decode === undefined ? text : decode(text);
}
