import { endOfJsonString } from "../protocol/end-of-json-string.ts";
import { ParseError } from "../protocol/exceptions.ts";

/**
 * The members of a JSON object by name, each value as the text it was sent as. Of a repeated name the last value counts, as in `JSON.parse`.
 *
 * @throws ParseError when the text is not one object.
 */
export function readJsonMembers(text: string): Map<string, string> {
  assertObject(text);
  const members = new Map<string, string>();
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text[at] !== "}") {
    const nameEnd = endOfJsonString(text, at) + 1;
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = endOfValue(text, start);
    members.set(String(JSON.parse(text.slice(at, nameEnd))), text.slice(start, end));
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return members;
}

function assertObject(text: string): void {
  if (!isObject(parse(text))) throw malformed();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(): ParseError {
  return new ParseError("JSON parse error: expected one JSON object in a text frame.");
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

const SCALAR = /[-+.\w]+/y;

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfJsonString(text, start) + 1;
  if (first === "{" || first === "[") return endOfNested(text, start);
  SCALAR.lastIndex = start;
  SCALAR.test(text);
  return SCALAR.lastIndex;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfJsonString(text, at);
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
}
