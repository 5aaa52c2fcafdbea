/**
 * Finds in a JSON text that `JSON.parse` accepts the integers that a double cannot hold, and gives them as bigint. Duplicate keys: the last
 * one wins, as in `JSON.parse`. @throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  // A marked string stands for each such integer while the engine's own parser does the rest; the mark cannot occur in the text.
  const mark = freshMark(text);
  const marked = text.replace(STRING_OR_NUMBER, (token) => (isUnsafeInteger(token) ? `"${mark}${token}"` : token));
  JSON.parse(text);
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;

function isUnsafeInteger(token: string): boolean {
  return INTEGER.test(token) && !Number.isSafeInteger(Number(token));
}

function freshMark(text: string): string {
  let mark = "#";
  while (text.includes(mark)) mark += "#";
  return mark;
}
