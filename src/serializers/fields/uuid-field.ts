import { parseUuid, uuidFromInteger } from "../../models/uuid-values.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

/**
 * A UUID, lower-case and dashed in rows and answers. Takes what Python's `uuid.UUID` takes: with or without dashes and braces, as
 * `urn:uuid:`, or as a 128-bit integer.
 */
export class UUIDField<const O extends FieldOptions<string> = FieldOptions<string>> extends Field {
  static override readonly defaultErrorMessages = { ...Field.defaultErrorMessages, invalid: "Must be a valid UUID." };
  declare readonly types: FieldTypesOf<O, string>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    return parse(data) ?? this.fail("invalid");
  }
}

function parse(data: unknown): string | undefined {
  if (typeof data === "string") return parseUuid(data);
  return typeof data === "number" || typeof data === "bigint" ? uuidFromInteger(data) : undefined;
}
