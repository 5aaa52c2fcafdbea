import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { isFiniteJson } from "./is-finite-json.ts";

/** Any JSON value, as it came. null needs `allowNull`. */
export class JSONField<const O extends FieldOptions = FieldOptions, Value = unknown> extends Field {
  static override readonly defaultErrorMessages = { ...Field.defaultErrorMessages, invalid: "Value must be valid JSON." };
  declare readonly types: FieldTypesOf<O, Value>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    return isFiniteJson(data) ? data : this.fail("invalid");
  }
}
