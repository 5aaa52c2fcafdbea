import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

const TRUE_WORDS: ReadonlySet<unknown> = new Set(["t", "y", "yes", "true", "on", "1"]);
const FALSE_WORDS: ReadonlySet<unknown> = new Set(["f", "n", "no", "false", "off", "0"]);
const NULL_WORDS: ReadonlySet<unknown> = new Set(["null", ""]);

/** true or false; takes DRF's words for them too (`"yes"`, `"off"`, `1`), in any case. */
export class BooleanField<const O extends FieldOptions<boolean> = FieldOptions<boolean>> extends Field {
  static override readonly defaultErrorMessages = { ...Field.defaultErrorMessages, invalid: "Must be a valid boolean." };
  declare readonly types: FieldTypesOf<O, boolean>;

  constructor(options?: O) {
    super(options);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    const word = typeof data === "string" ? data.toLowerCase() : data;
    if (word === true || word === 1 || TRUE_WORDS.has(word)) return true;
    if (word === false || word === 0 || FALSE_WORDS.has(word)) return false;
    if (this.allowNull && NULL_WORDS.has(word)) return null;
    return this.fail("invalid");
  }
}
