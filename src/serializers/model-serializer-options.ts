import type { Choices } from "./fields/choices.ts";
import type { FieldOptions } from "./fields/field.ts";
import type { FieldRecord } from "./serializer-types.ts";
import type { Validator } from "./validators/validator.ts";

/** What `extraKwargs` may change of a field that was made from a column or relation. */
export interface ExtraKwargs extends FieldOptions {
  /** Text: whether `""` is a value. Default: true where the column's default is `""`. */
  readonly allowBlank?: boolean;
  readonly trimWhitespace?: boolean;
  readonly minLength?: number;
  /** Default: the column's length. */
  readonly maxLength?: number;
  readonly minValue?: number | bigint | string;
  readonly maxValue?: number | bigint | string;
  /** Makes a ChoiceField. Default: the column's enum, if it has one. */
  readonly choices?: Choices;
  /** Many-to-many: whether the list may be empty. Default true. */
  readonly allowEmpty?: boolean;
}

/** How `ModelSerializer` is set up, without the types. */
export interface ModelSerializerSetup {
  /** Names of columns, relations and declared fields, in the order of answers; or `"__all__"`. */
  readonly fields?: "__all__" | readonly string[];
  /** All but these. */
  readonly exclude?: readonly string[];
  readonly extraKwargs?: Readonly<Record<string, ExtraKwargs>>;
  /** Fields that are written out, in place of those made from columns or besides them. */
  readonly declaredFields?: FieldRecord;
  /** Short for `readOnly: true` in `extraKwargs`. */
  readonly readOnlyFields?: readonly string[];
  /** Checks of the whole object. Default: those for columns that are unique together. */
  readonly validators?: readonly Validator[];
}
