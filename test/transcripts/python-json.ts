/**
 * Reads JSON as Python writes it, and as Restwave writes it. `NaN` and the infinities, which are not JSON, become null; integers beyond
 * 2^53 are compared by all their digits, as bigint.
 */
export function parsePythonJson(text: string): unknown {
  const marked = text.replace(STRING_OR_VALUE, mark);
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(BIG) ? BigInt(value.slice(BIG.length)) : value,
  );
}

const STRING_OR_VALUE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const BIG = "exact integer ";

function mark(token: string): string {
  if (token === "NaN" || token.endsWith("Infinity")) return "null";
  if (/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token))) return `"${BIG}${token}"`;
  return token;
}
