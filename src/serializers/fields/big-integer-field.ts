import { BaseIntegerField, type IntegerFieldOptions } from "./base-integer-field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

/** A whole number that is a bigint in rows, whatever its size; on the wire it is a JSON number with all its digits. */
export class BigIntegerField<const O extends IntegerFieldOptions = IntegerFieldOptions> extends BaseIntegerField {
  declare readonly types: FieldTypesOf<O, bigint, number | bigint>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    return this.parse(data);
  }
}
