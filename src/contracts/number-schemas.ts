import type { JsonSchema } from "../protocol/json-schema.ts";
import type { BaseIntegerField } from "../serializers/fields/base-integer-field.ts";
import type { DecimalField } from "../serializers/fields/decimal-field.ts";
import type { FloatField } from "../serializers/fields/float-field.ts";
import type { Direction } from "./field-place.ts";
import { textForms } from "./text-forms.ts";

const END_OF_INT64 = 2n ** 63n;

/** Limits that a double cannot hold are left out; those of a 64-bit column have a format of their own. */
export function integerSchema({ minValue, maxValue }: BaseIntegerField, direction: Direction): JsonSchema {
  if (direction === "out") return { type: "integer" };
  const isInt64 = minValue === -END_OF_INT64 && maxValue === END_OF_INT64 - 1n;
  return { type: "integer", ...(isInt64 ? { format: "int64" } : bounds(minValue, maxValue)) };
}

export function floatSchema({ minValue, maxValue }: FloatField, direction: Direction): JsonSchema {
  return direction === "out" ? { type: "number" } : { type: "number", ...bounds(minValue, maxValue) };
}

export function decimalSchema(field: DecimalField, direction: Direction): JsonSchema {
  const { maxDigits, decimalPlaces, minValue, maxValue } = field;
  const whole = maxDigits === null || decimalPlaces === null ? "+" : `{1,${Math.max(1, maxDigits - decimalPlaces)}}`;
  if (direction === "in") {
    const fraction = decimalPlaces === null ? "(\\.[0-9]+)?" : decimalPlaces === 0 ? "" : `(\\.[0-9]{1,${decimalPlaces}})?`;
    const limits = bounds(numberOrNull(minValue), numberOrNull(maxValue));
    return { type: ["string", "number"], pattern: `^-?[0-9]${whole}${fraction}$`, ...limits };
  }
  if (decimalPlaces === null) return textForms.decimal;
  return { type: "string", pattern: decimalPlaces === 0 ? "^-?[0-9]+$" : `^-?[0-9]+\\.[0-9]{${decimalPlaces}}$` };
}

function bounds(minimum: number | bigint | null, maximum: number | bigint | null): JsonSchema {
  return {
    ...(isExact(minimum) ? { minimum: Number(minimum) } : {}),
    ...(isExact(maximum) ? { maximum: Number(maximum) } : {}),
  };
}

function isExact(limit: number | bigint | null): limit is number | bigint {
  if (limit === null) return false;
  return typeof limit === "number"
    ? Number.isFinite(limit)
    : BigInt(Number(limit)) === limit && Number.isSafeInteger(Number(limit));
}

function numberOrNull(limit: number | string | null): number | null {
  return limit === null ? null : Number(limit);
}
