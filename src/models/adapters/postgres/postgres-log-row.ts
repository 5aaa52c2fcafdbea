import { endOfJsonString } from "../../../protocol/end-of-json-string.ts";
import type { LoggedRow } from "../../change-log/change.ts";
import { LruCache } from "../../lru-cache.ts";
import type { ModelColumn } from "../../model-column.ts";
import { arrayText } from "./postgres-text.ts";

/** Reads a row of the log, a JSON object that PostgreSQL wrote; null when it lacks a column or holds what the column cannot. */
export type LogRowReader = (text: string) => LoggedRow | null;

/** Row texts that are remembered: what one change leaves is what the next one finds, and many may read the same part of the log. */
const REMEMBERED = 5000;

/** Numbers stay texts until their column reads them, so that none loses digits. */
export function logRowReader(columns: readonly ModelColumn[]): LogRowReader {
  const readers = columns.map((column) => ({ column, textOf: driverText(column.source.getSQLType()) }));
  const known = new LruCache<LoggedRow>(REMEMBERED);
  return (text) => {
    const remembered = known.get(text);
    // A row of its own for each reader: what is made of a row is kept with it.
    if (remembered !== undefined) return { ...remembered };
    const row = readRow(text, readers);
    if (row === null) return null;
    known.set(text, row);
    return { ...row };
  };
}

interface ColumnReader {
  readonly column: ModelColumn;
  readonly textOf: TextOf;
}

function readRow(text: string, readers: readonly ColumnReader[]): LoggedRow | null {
  const members = jsonMembers(text);
  const row: Record<string, unknown> = {};
  for (const { column, textOf } of readers) {
    const json = members.get(column.columnName);
    if (json === undefined) return null;
    const value = json === "null" ? null : textOf(json);
    if (value === undefined) return null;
    try {
      row[column.name] = value === null ? null : (column.traits.fromDriver?.(value) ?? value);
    } catch {
      return null;
    }
  }
  return row;
}

/** A value's JSON to the text that the driver gives for it; undefined for what JSON writes otherwise than as a text, and we cannot tell back. */
type TextOf = (json: string) => string | undefined;

function driverText(sqlType: string): TextOf {
  const element = /^(.*?)(?:\[\d*\])+$/.exec(sqlType)?.[1];
  if (element !== undefined) return arrayOf(driverText(element));
  if (sqlType === "json" || sqlType === "jsonb") return (json) => json;
  return sqlType.startsWith("timestamp") ? moment : plain;
}

function plain(json: string): string | undefined {
  const first = json[0];
  if (first === '"') return String(JSON.parse(json));
  return first === "{" || first === "[" ? undefined : json;
}

/** JSON has `2024-05-06T05:08:09+00:00` for what PostgreSQL otherwise writes as `2024-05-06 05:08:09+00`. */
function moment(json: string): string | undefined {
  return plain(json)
    ?.replace(/(?<=\d)T/, " ")
    .replace(/\+00:00(?=$| BC$)/, "+00");
}

function arrayOf(element: TextOf): TextOf {
  const textOf: TextOf = (json) => {
    if (json[0] !== "[") return undefined;
    const parts: string[] = [];
    for (const item of jsonElements(json)) {
      const text = item === "null" ? "NULL" : item[0] === "[" ? textOf(item) : element(item);
      if (text === undefined) return undefined;
      parts.push(item === "null" || item[0] === "[" ? text : arrayText([text]).slice(1, -1));
    }
    return `{${parts.join(",")}}`;
  };
  return textOf;
}

const SPACE = /\s/;
const END_OF_BARE = /[,\]}\s]/g;

/** The members of a JSON object, each value as its own JSON. */
function jsonMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = skip(text, 0, "{");
  while (at < text.length && text[at] !== "}") {
    const nameEnd = endOfJsonString(text, at) + 1;
    const start = skip(text, nameEnd, ":");
    const end = endOfValue(text, start);
    members.set(String(JSON.parse(text.slice(at, nameEnd))), text.slice(start, end));
    at = skip(text, end, ",");
  }
  return members;
}

/** The elements of a JSON array, each as its own JSON. */
function jsonElements(text: string): string[] {
  const elements: string[] = [];
  let at = skip(text, 0, "[");
  while (at < text.length && text[at] !== "]") {
    const end = endOfValue(text, at);
    elements.push(text.slice(at, end));
    at = skip(text, end, ",");
  }
  return elements;
}

/** Behind white space and, if it is there, the mark. */
function skip(text: string, from: number, mark: string): number {
  let at = skipSpace(text, from);
  if (text[at] === mark) at = skipSpace(text, at + 1);
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text.charAt(at))) at += 1;
  return at;
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfJsonString(text, start) + 1;
  if (first === "{" || first === "[") return endOfNested(text, start);
  END_OF_BARE.lastIndex = start;
  return END_OF_BARE.exec(text)?.index ?? text.length;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfJsonString(text, at);
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
