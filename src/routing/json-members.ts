import { ParseError } from "../protocol/exceptions.ts";

/**
 * The members of a JSON object by name, each value as the text it was sent as. Values are only skipped over: whoever uses one parses it. Of a
 * repeated name the last value counts, as in `JSON.parse`.
 *
 * @throws ParseError when the text is not one object.
 */
export function readJsonMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = expect(text, skipSpace(text, 0), "{");
  if (text[at] === "}") return atEnd(text, at, members);
  for (;;) {
    const nameEnd = endOfString(text, at);
    const start = expect(text, skipSpace(text, nameEnd), ":");
    const end = endOfValue(text, start);
    members.set(parseName(text.slice(at, nameEnd)), text.slice(start, end));
    at = skipSpace(text, end);
    if (text[at] === "}") return atEnd(text, at, members);
    at = expect(text, at, ",");
  }
}

function malformed(): ParseError {
  return new ParseError("JSON parse error: expected one JSON object in a text frame.");
}

/** The place of the next token after `char`. */
function expect(text: string, at: number, char: string): number {
  if (text[at] !== char) throw malformed();
  return skipSpace(text, at + 1);
}

function atEnd<T>(text: string, closing: number, result: T): T {
  if (skipSpace(text, closing + 1) !== text.length) throw malformed();
  return result;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function parseName(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw malformed();
  }
}

const SCALAR = /-?\d[-+.\deE]*|true|false|null/y;

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first === "{" || first === "[") return endOfNested(text, start);
  SCALAR.lastIndex = start;
  if (!SCALAR.test(text)) throw malformed();
  return SCALAR.lastIndex;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
  }
  throw malformed();
}

/** The place behind the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  if (text[start] !== '"') throw malformed();
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  if (quote === -1) throw malformed();
  return quote + 1;
}

function isEscaped(text: string, index: number): boolean {
  let slashes = 0;
  while (text[index - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}
