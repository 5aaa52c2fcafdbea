import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { isoInstant, parseDateTime, type Instant } from "./iso-time.ts";

export interface DateTimeFieldOptions extends FieldOptions {
  /** What rows hold: a `Date` (milliseconds) or an ISO-8601 text in UTC (microseconds). Default `"string"`. */
  readonly valueType?: "date" | "string";
}

type ValueOf<O> = O extends { readonly valueType: "date" } ? Date : string;

/** A moment. Takes ISO 8601 as Django does (no offset means UTC, no time midnight); answers end in `Z`, with a fraction only when there is one. */
export class DateTimeField<const O extends DateTimeFieldOptions = DateTimeFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid: "Datetime has wrong format. Use one of these formats instead: {format}.",
    overflow: "Datetime value out of range.",
  };
  declare readonly types: FieldTypesOf<O, ValueOf<O>, string>;

  valueType: "date" | "string";

  constructor(options?: O) {
    const given: DateTimeFieldOptions = options ?? {};
    super(given);
    this.valueType = given.valueType ?? "string";
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const instant = instantOf(data);
    if (instant === null) return this.fail("invalid", { format: "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]" });
    if (instant === "out of range") return this.fail("overflow");
    return this.valueType === "date" ? new Date(instant.milliseconds) : isoInstant(instant);
  }

  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    const instant = instantOf(value);
    return instant === null || instant === "out of range" ? value : isoInstant(instant);
  }
}

function instantOf(value: unknown): Instant | "out of range" | null {
  if (typeof value === "string") return parseDateTime(value);
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return null;
  return { milliseconds: value.getTime(), microseconds: 0 };
}
