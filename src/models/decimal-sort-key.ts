import { parseDecimal } from "./decimal-values.ts";

/** Digits of the number of digits before the point. */
const LENGTH_DIGITS = 6;

/**
 * A text that sorts by code point as decimals of any size and precision sort by value; equal values have equal keys. `Infinity` is above all
 * numbers, `NaN` above that, as in PostgreSQL.
 */
export function decimalSortKey(text: string): string {
  switch (text) {
    case "NaN":
      return "9";
    case "Infinity":
      return "8";
    case "-Infinity":
      return "0";
    default:
      return finiteKey(parseDecimal(text) ?? "0");
  }
}

function finiteKey(decimal: string): string {
  const negative = decimal.startsWith("-");
  const [whole = "", part = ""] = decimal.replace("-", "").split(".");
  const digits = whole.replace(/^0+/, "");
  const key = `${String(digits.length).padStart(LENGTH_DIGITS, "0")}${digits}${part.replace(/0+$/, "")}`;
  // The greater the digits, the less the number; the end is above every digit, so that -1 comes after -1.5.
  return negative ? `1${complement(key)}:` : `2${key}`;
}

function complement(digits: string): string {
  return digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
}
