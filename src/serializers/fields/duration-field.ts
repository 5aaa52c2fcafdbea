import { pythonText } from "../python-text.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { numberBoundMessages, type NumberBounds } from "./number-bounds.ts";

/** `minValue` and `maxValue` are in milliseconds. */
export interface DurationFieldOptions extends FieldOptions<number>, NumberBounds<number> {}

const MAX_MICROSECONDS = Number.MAX_SAFE_INTEGER;

/** A span of time: milliseconds in rows (with microseconds as fraction), `[days ]HH:MM:SS[.ffffff]` in answers. Takes that form, ISO 8601 and plain seconds. */
export class DurationField<const O extends DurationFieldOptions = DurationFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    ...numberBoundMessages,
    invalid: "Duration has wrong format. Use one of these formats instead: {format}.",
    overflow: "The number of days must be between {min_days} and {max_days}.",
  };
  declare readonly types: FieldTypesOf<O, number, string, string | number>;

  minValue: number | null;
  maxValue: number | null;

  constructor(options?: O) {
    const given: DurationFieldOptions = options ?? {};
    super(given);
    const { minValue = null, maxValue = null } = given;
    this.minValue = minValue;
    this.maxValue = maxValue;
    if (maxValue !== null) this.validators.push((value) => this.checkMax(Number(value), maxValue));
    if (minValue !== null) this.validators.push((value) => this.checkMin(Number(value), minValue));
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const microseconds = parseDuration(pythonText(data));
    if (microseconds === null) return this.fail("invalid", { format: "[DD] [HH:[MM:]]ss[.uuuuuu]" });
    if (Math.abs(microseconds) > MAX_MICROSECONDS) this.fail("overflow", { min_days: -104249, max_days: 104249 });
    return microseconds / 1000;
  }

  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    return formatDuration(Math.round(Number(value) * 1000));
  }

  private checkMax(value: number, maxValue: number): void {
    if (value > maxValue) this.fail("max_value", { max_value: formatDuration(maxValue * 1000) });
  }

  private checkMin(value: number, minValue: number): void {
    if (value < minValue) this.fail("min_value", { min_value: formatDuration(minValue * 1000) });
  }
}
