/**
 * How Python names and prints a JSON value: DRF's messages quote types and values so, and clients match on those texts.
 */

/** The Python type name of a JSON value: `list`, `dict`, `str`, `int`, `float`, `bool` or `NoneType`. */
export function pythonTypeName(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    default:
      return "dict";
  }
}

/** The text of Python's `str(value)`. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return value;
  if (typeof value === "object") return pythonRepr(value);
  return String(value);
}

function pythonRepr(value: unknown): string {
  if (typeof value === "string")
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value !== "object" || value === null) return pythonText(value);
  const members = Object.entries(value).map(([key, inner]) => `${pythonRepr(key)}: ${pythonRepr(inner)}`);
  return `{${members.join(", ")}}`;
}

// What Python's str.strip() removes; String.prototype.trim() also removes U+FEFF and keeps U+001C..U+001F and U+0085.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING = new RegExp(`^${SPACE}+`);
const TRAILING_CHARACTER = new RegExp(`^${SPACE}$`);

/** Python's `text.strip()`. */
export function stripWhitespace(text: string): string {
  const start = text.replace(LEADING, "");
  let end = start.length;
  while (end > 0 && TRAILING_CHARACTER.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

/** Python's `len(text)`: code points, not UTF-16 units. */
export function codePointLength(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair = unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1));
    if (isPair) index += 1;
    length += 1;
  }
  return length;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
