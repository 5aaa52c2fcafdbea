import { Field, type FieldOptions } from "./field.ts";
import type { FieldTypesOf } from "./field-types.ts";

type ReadOnlyOptions = { readonly readOnly: true };

/** A value of the row as it is: a property, or a path such as `author.username` by `source`. Never taken from a client. */
export class ReadOnlyField<
  Value = unknown,
  const O extends Omit<FieldOptions, "readOnly" | "writeOnly" | "required"> = Omit<
    FieldOptions,
    "readOnly" | "writeOnly" | "required"
  >,
> extends Field {
  declare readonly types: FieldTypesOf<O & ReadOnlyOptions, Value>;

  constructor(options?: O) {
    super({ ...options, readOnly: true });
  }
}
