/** A number as JSON writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;

/** What stands in the control. */
export function numberToText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}

/**
 * What is sent for what was typed: a number where one holds it exactly, nothing for nothing, else the text. The server reads digits as an integer of
 * any size, and says what is wrong with what is none.
 */
export function textToNumber(text: string, isInteger: boolean): number | string | undefined {
  const bare = text.trim();
  if (bare === "") return undefined;
  if (isInteger) return INTEGER.test(bare) && Number.isSafeInteger(Number(bare)) && bare !== "-0" ? Number(bare) : bare;
  return NUMBER.test(bare) && isHeld(bare) ? Number(bare) : bare;
}

function isHeld(text: string): boolean {
  const number = Number(text);
  if (!Number.isFinite(number) || Object.is(number, -0)) return false;
  return !INTEGER.test(text) || Number.isSafeInteger(number) || String(number) === text;
}
