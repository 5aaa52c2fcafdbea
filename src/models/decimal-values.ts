const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The plain form of a decimal number's text (no exponent, no leading zeros, no `+`, no `-0`), or undefined when it is none. */
export function parseDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = "", whole = "", part = "", exponent = "0"] = match;
  if (whole + part === "") return undefined;
  return plain(sign, whole, part, Number(exponent));
}

function plain(sign: string, whole: string, part: string, exponent: number): string {
  const digits =
    (exponent < 0 ? "0".repeat(-exponent) : "") +
    whole +
    part +
    (exponent > 0 ? "0".repeat(Math.max(0, exponent - part.length)) : "");
  const point = (exponent < 0 ? -exponent : 0) + whole.length + exponent;
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, "") || "0";
  const rest = digits.slice(point);
  const isZero = !/[1-9]/.test(digits);
  return `${sign === "-" && !isZero ? "-" : ""}${integer}${rest === "" ? "" : `.${rest}`}`;
}

/** A plain decimal with exactly this many places, or undefined if digits other than zero would be lost or there are too many. */
export function fitDecimal(text: string, maxDigits: number, places: number): string | undefined {
  const decimal = parseDecimal(text);
  if (decimal === undefined) return undefined;
  const [whole = "", part = ""] = decimal.split(".");
  if (/[1-9]/.test(part.slice(places))) return undefined;
  const digits = whole.replace("-", "").replace(/^0+/, "");
  if (digits.length > maxDigits - places) return undefined;
  return places === 0 ? whole : `${whole}.${part.slice(0, places).padEnd(places, "0")}`;
}
