import { Field, type FieldOptions } from "./field.ts";
import type { FieldTypesOf } from "./field-types.ts";

/** Any JSON value, as it came. null needs `allowNull`. */
export class JSONField<const O extends FieldOptions = FieldOptions, Value = unknown> extends Field {
  static override readonly defaultErrorMessages = { ...Field.defaultErrorMessages, invalid: "Value must be valid JSON." };
  declare readonly types: FieldTypesOf<O, Value>;

  constructor(options?: O) {
    super(options);
  }
}
