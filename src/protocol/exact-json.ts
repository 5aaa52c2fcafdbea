import { ParseError } from "./exceptions.ts";
import { endOfJsonString } from "./end-of-json-string.ts";

/** Longest integer that is read: turning digits into a number takes more than proportionally long. Python's own limit. */
const MAX_DIGITS = 4300;

/**
 * Parses JSON and gives the integers that a double cannot hold as bigint. Duplicate keys: the last one wins, as in `JSON.parse`. Time and
 * stack are bounded by the text's length, whatever is in it.
 *
 * @throws SyntaxError when the text is not JSON, ParseError when an integer has more than 4,300 digits.
 */
export function parseExactJson(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  const marked = markIntegers(text);
  if (marked === text) return plain;
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/** A marked string stands for each such integer while the engine's own parser does the rest. No client can guess the mark. */
const MARK = [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(36)).join("-");

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^-?\d+$/;

/** Takes text that is JSON: every string in it has its end. */
function markIntegers(text: string): string {
  let marked = "";
  let copied = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === 0x22) index = endOfJsonString(text, index);
    if (!isNumberStart(char)) continue;
    const token = numberAt(text, index);
    if (isUnsafeInteger(token)) {
      marked += `${text.slice(copied, index)}"${MARK}${token}"`;
      copied = index + token.length;
    }
    index += token.length - 1;
  }
  return marked + text.slice(copied);
}

function isNumberStart(char: number): boolean {
  return char === 0x2d || (char >= 0x30 && char <= 0x39);
}

function numberAt(text: string, index: number): string {
  NUMBER.lastIndex = index;
  return NUMBER.exec(text)?.[0] ?? "-";
}

function isUnsafeInteger(token: string): boolean {
  if (!INTEGER.test(token) || Number.isSafeInteger(Number(token))) return false;
  if (token.length <= MAX_DIGITS) return true;
  throw new ParseError(`JSON parse error: expected integers of at most ${MAX_DIGITS} digits.`);
}
