import { stripWhitespace } from "../python-text.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { MAX_NUMBER_TEXT, numberBoundMessages, type NumberBounds } from "./number-bounds.ts";

export interface FloatFieldOptions extends FieldOptions<number>, NumberBounds<number> {}

const DIGITS = "[0-9]+(?:_[0-9]+)*";
const FLOAT = new RegExp(`^[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`, "i");

/** A number; also takes its text. NaN and the infinities are refused: JSON has no word for them. */
export class FloatField<const O extends FloatFieldOptions = FloatFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    ...numberBoundMessages,
    invalid: "A valid number is required.",
  };
  declare readonly types: FieldTypesOf<O, number>;

  minValue: number | null;
  maxValue: number | null;

  constructor(options?: O) {
    const given: FloatFieldOptions = options ?? {};
    super(given);
    const { minValue = null, maxValue = null } = given;
    this.minValue = minValue;
    this.maxValue = maxValue;
    if (maxValue !== null) this.validators.push((value) => this.checkMax(value, maxValue));
    if (minValue !== null) this.validators.push((value) => this.checkMin(value, minValue));
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const value = this.parse(data);
    return Number.isFinite(value) ? value : this.fail("invalid");
  }

  private parse(data: unknown): number {
    if (typeof data === "number") return data;
    if (typeof data === "bigint" || typeof data === "boolean") return Number(data);
    if (typeof data !== "string") return this.fail("invalid");
    if (data.length > MAX_NUMBER_TEXT) this.fail("max_string_length");
    const text = stripWhitespace(data);
    return FLOAT.test(text) ? Number(text.replaceAll("_", "")) : this.fail("invalid");
  }

  private checkMax(value: unknown, maxValue: number): void {
    if (Number(value) > maxValue) this.fail("max_value", { max_value: maxValue });
  }

  private checkMin(value: unknown, minValue: number): void {
    if (Number(value) < minValue) this.fail("min_value", { min_value: minValue });
  }
}
