import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { parseTime } from "./iso-time.ts";

/** A time of day, `HH:MM:SS` with microseconds when there are any. */
export class TimeField<const O extends FieldOptions<string> = FieldOptions<string>> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid: "Time has wrong format. Use one of these formats instead: {format}.",
  };
  declare readonly types: FieldTypesOf<O, string>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const time = typeof data === "string" ? parseTime(data) : null;
    return time ?? this.fail("invalid", { format: "hh:mm[:ss[.uuuuuu]]" });
  }
}
