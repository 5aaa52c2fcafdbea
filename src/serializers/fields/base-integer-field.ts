import { pythonInt } from "../../models/python-int.ts";
import { pythonText, stripWhitespace } from "../python-text.ts";
import { Field, type FieldOptions } from "./field.ts";
import { MAX_NUMBER_TEXT, numberBoundMessages, type NumberBounds } from "./number-bounds.ts";

export interface IntegerFieldOptions extends FieldOptions<number>, NumberBounds<number | bigint> {}

// Digits of other scripts are left to `pythonInt`. Two steps keep the check linear: an optional fraction of zeros is cut off first, as DRF does.
const ZERO_FRACTION = /\.0*$/;
const INTEGER = /^[+-]?[0-9]+(?:_[0-9]+)*$/;

const END_OF_INT64 = 2n ** 63n;

/** What the integer fields share: reading the client's number, its limits and messages. */
export abstract class BaseIntegerField extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    ...numberBoundMessages,
    invalid: "A valid integer is required.",
  };

  minValue: number | bigint | null;
  maxValue: number | bigint | null;

  constructor(options: IntegerFieldOptions = {}) {
    super(options);
    const { minValue = null, maxValue = null } = options;
    this.minValue = null;
    this.maxValue = null;
    if (maxValue !== null) this.limitAbove(maxValue);
    if (minValue !== null) this.limitBelow(minValue);
  }

  /** Gives a field without limits those of its column, which holds integers from `-end` to before `end`. Default: a 64-bit column. */
  limitToColumn(end: bigint = END_OF_INT64): this {
    if (this.maxValue === null) this.limitAbove(end - 1n);
    if (this.minValue === null) this.limitBelow(-end);
    return this;
  }

  /** The number that the client meant, exact. */
  protected parse(data: unknown): bigint {
    if (typeof data === "bigint") return data;
    if (typeof data === "number" && Number.isInteger(data)) return BigInt(data);
    if (typeof data === "string" && data.length > MAX_NUMBER_TEXT) this.fail("max_string_length");
    const text = stripWhitespace(stripWhitespace(pythonText(data)).replace(ZERO_FRACTION, ""));
    if (INTEGER.test(text)) return BigInt(text.replaceAll("_", "").replace("+", ""));
    return BigInt(pythonInt(typeof data === "string" ? text : null) ?? this.fail("invalid"));
  }

  private limitAbove(maxValue: number | bigint): void {
    this.maxValue = maxValue;
    this.validators.push((value) => this.checkMax(value, maxValue));
  }

  private limitBelow(minValue: number | bigint): void {
    this.minValue = minValue;
    this.validators.push((value) => this.checkMin(value, minValue));
  }

  private checkMax(value: unknown, maxValue: number | bigint): void {
    if (isNumeric(value) && value > maxValue) this.fail("max_value", { max_value: maxValue });
  }

  private checkMin(value: unknown, minValue: number | bigint): void {
    if (isNumeric(value) && value < minValue) this.fail("min_value", { min_value: minValue });
  }
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
