import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import type { FieldShape } from "./field-shape.ts";

/** What a field takes, in a few words beside its description. */
export function constraintHelp(schema: JsonSchema, shape: FieldShape): readonly string[] {
  return [
    ...formHelp(schema, shape),
    ...lengthHelp(schema),
    ...rangeHelp(schema),
    ...itemsHelp(schema),
    ...defaultHelp(schema, shape),
  ];
}

function formHelp({ format, pattern, contentEncoding }: JsonSchema, shape: FieldShape): readonly string[] {
  if (shape.kind === "moment") return shape.form === "date-time" ? ["In UTC."] : [];
  if (format === "int64") return ["A 64-bit integer."];
  if (contentEncoding === "base64") return ["In base64."];
  if (shape.kind === "text" && typeof format !== "string" && typeof pattern === "string") return patternHelp(pattern);
  return shape.kind === "json" ? ["JSON."] : [];
}

/** Longer ones help nobody. */
const LONGEST_PATTERN = 60;
const DECIMAL = /^\^-\?\[0-9\]\{1,(\d+)\}(?:\(\\\.\[0-9\]\{1,(\d+)\}\)\?)?\$$/;

function patternHelp(pattern: string): readonly string[] {
  const [, digits, places] = DECIMAL.exec(pattern) ?? [];
  if (digits === undefined) return pattern.length > LONGEST_PATTERN ? [] : [`Matches ${pattern}`];
  const whole = `Up to ${counted(Number(digits), "digit")}`;
  return [places === undefined ? `${whole}.` : `${whole} before the point and ${places} behind it.`];
}

function lengthHelp({ minLength, maxLength }: JsonSchema): readonly string[] {
  const least = typeof minLength === "number" && minLength > 1 ? minLength : null;
  return between(least, maxLength, "character");
}

function itemsHelp({ minItems, maxItems }: JsonSchema): readonly string[] {
  return between(minItems, maxItems, "item");
}

function between(least: unknown, most: unknown, unit: string): readonly string[] {
  const [from, to] = [asNumber(least), asNumber(most)];
  if (from !== null && from === to) return [`Exactly ${counted(from, unit)}.`];
  if (from !== null && to !== null) return [`${from} to ${counted(to, unit)}.`];
  if (from !== null && from > 0) return [`At least ${counted(from, unit)}.`];
  return to === null ? [] : [`At most ${counted(to, unit)}.`];
}

function rangeHelp(schema: JsonSchema): readonly string[] {
  const [least, most] = [asNumber(schema["minimum"]), asNumber(schema["maximum"])];
  const [above, below] = [asNumber(schema["exclusiveMinimum"]), asNumber(schema["exclusiveMaximum"])];
  const isAll = least === Number.MIN_SAFE_INTEGER && most === Number.MAX_SAFE_INTEGER;
  if (least !== null && most !== null) return isAll ? [] : [`${least} to ${most}.`];
  return [
    ...(least === null || least === Number.MIN_SAFE_INTEGER ? [] : [`At least ${least}.`]),
    ...(most === null || most === Number.MAX_SAFE_INTEGER ? [] : [`At most ${most}.`]),
    ...(above === null ? [] : [`More than ${above}.`]),
    ...(below === null ? [] : [`Less than ${below}.`]),
  ];
}

/** A control with a place for it shows the default itself. */
function defaultHelp({ default: value }: JsonSchema, { kind }: FieldShape): readonly string[] {
  const isShown = kind === "text" || kind === "number" || kind === "choice" || kind === "boolean";
  return value === undefined || isShown ? [] : [`Default: ${JSON.stringify(value)}.`];
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
