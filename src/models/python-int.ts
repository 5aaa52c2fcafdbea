const DIGIT = /^\p{Nd}$/u;
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;
/** Python limits the conversion of longer texts too (`sys.int_info.default_max_str_digits` is 4300); no integer column holds so many. */
const MAX_LENGTH = 100;

/**
 * Python's `int(value)`, by which Django turns a primary key from the wire into an integer: `" 2 "`, `"+3"`, `"1_0"` and Arabic digits
 * are integers, fractions of numbers are cut off, `true` is 1; `"1.0"`, null, lists and objects are not integers (undefined).
 */
export function pythonInt(value: unknown): number | bigint | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? narrow(Math.trunc(value)) : undefined;
    case "bigint":
      return narrow(value);
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return parseText(value);
    default:
      return undefined;
  }
}

function parseText(value: string): number | bigint | undefined {
  const text = value.trim();
  if (text.length > MAX_LENGTH || !INTEGER.test(text)) return undefined;
  const ascii = Array.from(text.replaceAll("_", ""), asciiDigit).join("");
  return narrow(BigInt(ascii.startsWith("+") ? ascii.slice(1) : ascii));
}

/** The decimal digits of every script stand in Unicode in runs of ten, the zero first. */
function asciiDigit(char: string): string {
  if (char <= "9" || !DIGIT.test(char)) return char;
  let zero = char.codePointAt(0) ?? 0;
  const code = zero;
  while (code - zero < 9 && DIGIT.test(String.fromCodePoint(zero - 1)) && !isRunStart(zero)) zero -= 1;
  return String(code - zero);
}

/** Runs may touch (the mathematical digits do): those begin at a fixed place. */
function isRunStart(code: number): boolean {
  return code >= 0x1d7ce && code <= 0x1d7ff && (code - 0x1d7ce) % 10 === 0;
}

function narrow(value: number | bigint): number | bigint {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
