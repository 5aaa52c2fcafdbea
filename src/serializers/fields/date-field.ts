import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { parseDate } from "./iso-time.ts";

/** A day, `YYYY-MM-DD`. */
export class DateField<const O extends FieldOptions<string> = FieldOptions<string>> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid: "Date has wrong format. Use one of these formats instead: {format}.",
  };
  declare readonly types: FieldTypesOf<O, string>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const date = typeof data === "string" ? parseDate(data) : null;
    return date ?? this.fail("invalid", { format: "YYYY-MM-DD" });
  }
}
