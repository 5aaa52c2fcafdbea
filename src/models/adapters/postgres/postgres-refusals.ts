import { encodeJson } from "../../../protocol/json.ts";
import type { ColumnKind, ColumnTraits } from "../../column-kind.ts";

type Refusal = (value: unknown) => string | undefined;

/** Integers from `-end` to before `end`. */
export function rangeRefusal(end: bigint): Refusal {
  return (value) => {
    if (typeof value === "number" && !Number.isInteger(value)) return "Expected an integer.";
    const integer = typeof value === "number" ? BigInt(value) : BigInt(String(value));
    return integer >= -end && integer < end ? undefined : `Expected an integer from ${-end} to ${end - 1n}.`;
  };
}

/** Characters, as PostgreSQL counts them: code points. */
export function lengthRefusal(length: number): Refusal {
  return (value) => {
    const text = String(value);
    // PostgreSQL cuts spaces at the end off itself.
    if (text.length <= length || Array.from(text.replace(/ +$/, "")).length <= length) return undefined;
    return `Expected at most ${length} characters.`;
  };
}

export function choiceRefusal(choices: readonly string[]): Refusal {
  const allowed = new Set(choices);
  return (value) => (allowed.has(String(value)) ? undefined : `Expected one of: ${choices.join(", ")}.`);
}

/** A finite number that `real` would take for infinity. */
export function realRefusal(value: unknown): string | undefined {
  const number = Number(value);
  return Number.isFinite(number) && !Number.isFinite(Math.fround(number)) ? "Expected a number that fits real." : undefined;
}

/** `jsonb` keeps texts as texts, which have no null character and no half of a surrogate pair. */
export function jsonbRefusal(value: unknown): string | undefined {
  if (!UNSTORABLE.test(encodeJson(value))) return undefined;
  return "Expected JSON whose texts have no null characters and no halves of surrogate pairs.";
}

/** `encodeJson` escapes half of a pair only where the other half is missing. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Lists of values that a column of the elements' type would take, or null. */
export function arrayRefusal({ kind, isDate, refusal }: ColumnTraits): Refusal {
  const isElement = isDate === true ? (value: unknown) => value instanceof Date : ELEMENTS[kind];
  return (value) => {
    if (!Array.isArray(value)) return "Expected a list.";
    for (const element of value) {
      if (element === null) continue;
      if (!isElement(element)) return `Expected a list of values of kind ${kind}.`;
      const reason = refusal?.(element);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

const isText = (value: unknown): boolean => typeof value === "string" && !value.includes("\0") && !/\p{Surrogate}/u.test(value);
const isInteger = (value: unknown): boolean => typeof value === "bigint" || Number.isInteger(value);

const ELEMENTS: Readonly<Record<ColumnKind, (value: unknown) => boolean>> = {
  integer: isInteger,
  bigint: isInteger,
  float: (value) => typeof value === "number",
  decimal: isText,
  string: isText,
  boolean: (value) => typeof value === "boolean",
  datetime: isText,
  date: isText,
  time: isText,
  uuid: isText,
  json: () => true,
  binary: (value) => value instanceof Uint8Array,
};
