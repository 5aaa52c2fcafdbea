import { ValidationError } from "../../protocol/exceptions.ts";
import { pythonTypeName } from "../python-text.ts";
import { validateElements } from "./element-results.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypes, FieldTypesOf } from "./field-types.ts";

export interface ListFieldOptions extends FieldOptions {
  /** What each element is. */
  readonly child: Field;
  /** Whether an empty list is a value. Default true. */
  readonly allowEmpty?: boolean;
  /** In elements. */
  readonly minLength?: number;
  /** In elements. */
  readonly maxLength?: number;
}

type ChildOf<O extends ListFieldOptions> = O["child"]["types"] & FieldTypes;

/** A list of values of one kind. Errors of elements are keyed by their index: `{"1": ["A valid integer is required."]}`. */
export class ListField<const O extends ListFieldOptions = ListFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    not_a_list: 'Expected a list of items but got type "{input_type}".',
    empty: "This list may not be empty.",
    min_length: "Ensure this field has at least {min_length} elements.",
    max_length: "Ensure this field has no more than {max_length} elements.",
  };
  declare readonly types: FieldTypesOf<O, ChildOf<O>["internal"][], ChildOf<O>["out"][], ChildOf<O>["in"][]>;

  child: Field;
  allowEmpty: boolean;
  minLength: number | null;
  maxLength: number | null;

  constructor(options: O) {
    super(options);
    const given: ListFieldOptions = options;
    this.child = given.child;
    this.allowEmpty = given.allowEmpty ?? true;
    this.minLength = given.minLength ?? null;
    this.maxLength = given.maxLength ?? null;
  }

  override async toInternalValue(data: unknown, scope: FieldScope): Promise<unknown> {
    if (!Array.isArray(data)) return this.fail("not_a_list", { input_type: pythonTypeName(data) });
    this.checkLength(data.length);
    const entries = data.map((value: unknown, index): [string, unknown] => [String(index), value]);
    const { values, errors } = await validateElements(entries, (value) => this.child.runValidation(value, scope));
    if (errors.length > 0) throw new ValidationError(Object.fromEntries(errors));
    return values.map(([, value]) => value);
  }

  override toRepresentation(value: unknown, scope: FieldScope): unknown {
    return Array.isArray(value) ? this.child.representMany(value, scope) : value;
  }

  private checkLength(length: number): void {
    if (length === 0 && !this.allowEmpty) this.fail("empty");
    if (this.maxLength !== null && length > this.maxLength) this.fail("max_length", { max_length: this.maxLength });
    if (this.minLength !== null && length < this.minLength) this.fail("min_length", { min_length: this.minLength });
  }
}
