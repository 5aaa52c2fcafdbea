import { ParseError, RestwaveError } from "./exceptions.ts";
import { parseExactJson } from "./exact-json.ts";
import { endOfJsonString } from "./end-of-json-string.ts";

/** A finished piece of JSON: `encodeJson` writes it as it is. The text must be one valid JSON value. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The value has no JSON form (a function, a symbol, a Set, a cycle, nesting beyond the engine's stack). */
export class UnserializableError extends RestwaveError {
  constructor(found: string, options: { cause?: unknown } = {}) {
    super(
      `Expected a value that JSON can hold, got ${found}. Return plain objects, arrays, strings, numbers, booleans or null.`,
      {
        code: "unserializable",
        ...options,
      },
    );
  }
}

const LONG_NUMBER = /\d{16}/;

/**
 * Parses JSON text. Integers beyond 2^53 come back as bigint, exact; everything else as `JSON.parse` gives it.
 *
 * @throws ParseError when the text is not JSON or is nested deeper than `maxDepth` (default 1000).
 */
export function parseJson(text: string, maxDepth = 1000): unknown {
  if (text.length > maxDepth) assertDepth(text, maxDepth);
  try {
    return LONG_NUMBER.test(text) ? parseExactJson(text) : JSON.parse(text);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError("JSON parse error: expected one JSON value in a text frame.", undefined, { cause: error });
  }
}

/** Cannot be exceeded by a text that is shorter than the limit, so it runs on long frames only. */
function assertDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === 0x22) index = endOfJsonString(text, index);
    else if (char === 0x5b || char === 0x7b) depth += 1;
    else if (char === 0x5d || char === 0x7d) depth -= 1;
    if (depth > maxDepth) throw new ParseError(`JSON parse error: expected at most ${maxDepth} levels of nesting.`);
  }
}

/**
 * Writes a value as JSON. bigint is written with all its digits, `JsonText` as it is, `NaN` and the infinities as `null`, `undefined` as
 * `null` at the top and left out as a key (as `JSON.stringify` does).
 *
 * @throws UnserializableError for what JSON cannot hold, instead of dropping it in silence.
 */
export function encodeJson(value: unknown): string {
  if (value === undefined) return "null";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return isPlain(value, 0) ? JSON.stringify(value) : encodeExact(value, 0);
}

/**
 * Does `JSON.stringify` write this value as it should be? A look at every value is much cheaper than a replacer function, which makes
 * `JSON.stringify` itself several times slower.
 */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "undefined":
      return true;
    case "object":
      return value === null || (depth < MAX_PLAIN_DEPTH && isPlainObject(value, depth + 1));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return prototype === Date.prototype;
  for (const key in value) if (key === "toJSON" || !isPlain(Reflect.get(value, key), depth)) return false;
  return true;
}

/** Deeper values are rare; the exact encoder tells cycles from depth. */
const MAX_PLAIN_DEPTH = 50;

/** More than a parsed frame may have, and far from the end of the engine's stack. */
const MAX_ENCODE_DEPTH = 1100;

function encodeExact(value: unknown, depth: number): string {
  if (depth > MAX_ENCODE_DEPTH) throw new UnserializableError("a value nested too deep or with a cycle");
  if (value instanceof JsonText) return value.text;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || isBoxed(value)) return encodeLeaf(value);
  if (value instanceof Set || value instanceof Map) throw new UnserializableError(`a ${value.constructor.name}`);
  if (Array.isArray(value)) return `[${value.map((item) => encodeExact(item, depth + 1)).join(",")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return encodeExact(value.toJSON(""), depth + 1);
  const members: string[] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) members.push(`${JSON.stringify(key)}:${encodeExact(inner, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

/** `new String("x")` and its like, which `JSON.stringify` unwraps. */
function isBoxed(value: object): boolean {
  // oxlint-disable-next-line unicorn/no-instanceof-builtins
  return value instanceof Number || value instanceof String || value instanceof Boolean;
}

function encodeLeaf(value: unknown): string {
  if (typeof value === "function" || typeof value === "symbol") throw new UnserializableError(`a ${typeof value}`);
  return JSON.stringify(value) ?? "null";
}
