import { pythonTypeName } from "../python-text.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypes, FieldTypesOf } from "./field-types.ts";
import type { RelatedField } from "./related-field.ts";

export interface ManyRelatedFieldOptions extends FieldOptions {
  /** How one row is named: a `PrimaryKeyRelatedField` or `SlugRelatedField`. */
  readonly child: RelatedField;
  /** Whether no row at all is a value. Default true. */
  readonly allowEmpty?: boolean;
}

type ChildOf<O extends ManyRelatedFieldOptions> = O["child"]["types"] & FieldTypes;

/** Rows of another model; each is validated to its primary key, once. */
export class ManyRelatedField<const O extends ManyRelatedFieldOptions = ManyRelatedFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    not_a_list: 'Expected a list of items but got type "{input_type}".',
    empty: "This list may not be empty.",
  };
  declare readonly types: FieldTypesOf<O, ChildOf<O>["internal"][], ChildOf<O>["out"][], ChildOf<O>["in"][]>;

  child: RelatedField;
  allowEmpty: boolean;

  constructor(options: O) {
    super(options);
    const given: ManyRelatedFieldOptions = options;
    this.child = given.child;
    this.allowEmpty = given.allowEmpty ?? true;
  }

  override async toInternalValue(data: unknown, scope: FieldScope): Promise<unknown> {
    if (!Array.isArray(data)) return this.fail("not_a_list", { input_type: pythonTypeName(data) });
    if (data.length === 0 && !this.allowEmpty) this.fail("empty");
    return [...new Set(await this.child.resolve(data, scope))];
  }

  override toRepresentation(value: unknown, scope: FieldScope): unknown {
    return Array.isArray(value) ? this.child.representMany(value, scope) : value;
  }
}
