/** An exact decimal number: `sign * digits * 10^exponent`, `digits` without leading zeros (`"0"` for zero). */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:e([+-]?[0-9]{1,6}))?$/i;

/** Reads a number as Python's `Decimal(text)` does; null for anything else, NaN and infinities among it. */
export function parseDecimal(text: string): Decimal | null {
  const match = NUMBER.exec(text.replaceAll("_", ""));
  if (match === null) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  const digits = `${whole}${fraction}`.replace(/^0+(?=.)/, "");
  return { negative: sign === "-", digits, exponent: Number(exponent) - fraction.length };
}

/** How many digits stand before and after the point when the number is written out in full. */
export function decimalSize({ digits, exponent }: Decimal): {
  readonly total: number;
  readonly whole: number;
  readonly places: number;
} {
  if (exponent >= 0) return { total: digits.length + exponent, whole: digits.length + exponent, places: 0 };
  const places = -exponent;
  if (digits.length > places) return { total: digits.length, whole: digits.length - places, places };
  return { total: places, whole: 0, places };
}

/** Writes the number with exactly `places` digits after the point, rounding half to even (Python's default). */
export function formatDecimal(value: Decimal, places: number): string {
  const shift = value.exponent + places;
  const scaled = shift >= 0 ? BigInt(value.digits) * 10n ** BigInt(shift) : roundHalfEven(BigInt(value.digits), -shift);
  const text = scaled.toString().padStart(places + 1, "0");
  const sign = value.negative ? "-" : "";
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** Writes the number with the places that it has. */
export function plainDecimal(value: Decimal): string {
  return formatDecimal(value, Math.max(0, -value.exponent));
}

/** Negative, zero or positive as `left` is smaller than, equal to or larger than `right`. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const exponent = Math.min(left.exponent, right.exponent);
  const difference = scaledTo(left, exponent) - scaledTo(right, exponent);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function scaledTo(value: Decimal, exponent: number): bigint {
  const size = BigInt(value.digits) * 10n ** BigInt(value.exponent - exponent);
  return value.negative ? -size : size;
}

function roundHalfEven(digits: bigint, drop: number): bigint {
  const unit = 10n ** BigInt(drop);
  const quotient = digits / unit;
  const twice = (digits % unit) * 2n;
  if (twice < unit || (twice === unit && quotient % 2n === 0n)) return quotient;
  return quotient + 1n;
}
