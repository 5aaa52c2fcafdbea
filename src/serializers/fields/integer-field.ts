import { BaseIntegerField, type IntegerFieldOptions } from "./base-integer-field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

/**
 * A whole number; also takes its text, `"7.0"` included. One beyond 2^53 is a bigint in the row and has all its digits in answers; set
 * `maxValue` where such numbers make no sense.
 */
export class IntegerField<const O extends IntegerFieldOptions = IntegerFieldOptions> extends BaseIntegerField {
  declare readonly types: FieldTypesOf<O, number>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    // Adding 0 makes 0 of -0.
    if (typeof data === "number" && Number.isSafeInteger(data)) return data + 0;
    return narrow(this.parse(data));
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
