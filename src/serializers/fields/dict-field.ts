import { ValidationError } from "../../protocol/exceptions.ts";
import { pythonTypeName } from "../python-text.ts";
import { validateElements } from "./element-results.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypes, FieldTypesOf } from "./field-types.ts";
import { JSONField } from "./json-field.ts";

export interface DictFieldOptions extends FieldOptions {
  /** What each value is. Default: any JSON value, null included. */
  readonly child?: Field;
  /** Whether `{}` is a value. Default true. */
  readonly allowEmpty?: boolean;
}

type ChildOf<O extends DictFieldOptions> = O["child"] extends Field ? O["child"]["types"] & FieldTypes : FieldTypes;

/** An object with keys of the client's choice and values of one kind. Errors are keyed by those keys. */
export class DictField<const O extends DictFieldOptions = DictFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    not_a_dict: 'Expected a dictionary of items but got type "{input_type}".',
    empty: "This dictionary may not be empty.",
  };
  declare readonly types: FieldTypesOf<
    O,
    Record<string, ChildOf<O>["internal"]>,
    Record<string, ChildOf<O>["out"]>,
    Record<string, ChildOf<O>["in"]>
  >;

  child: Field;
  allowEmpty: boolean;

  constructor(options?: O) {
    const given: DictFieldOptions = options ?? {};
    super(given);
    this.child = given.child ?? new JSONField({ allowNull: true });
    this.allowEmpty = given.allowEmpty ?? true;
  }

  override async toInternalValue(data: unknown, scope: FieldScope): Promise<unknown> {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      return this.fail("not_a_dict", { input_type: pythonTypeName(data) });
    }
    const entries = Object.entries(data);
    if (entries.length === 0 && !this.allowEmpty) this.fail("empty");
    const { values, errors } = await validateElements(entries, (value) => this.child.runValidation(value, scope));
    if (errors.length > 0) throw new ValidationError(Object.fromEntries(errors));
    return Object.fromEntries(values);
  }

  override toRepresentation(value: unknown, scope: FieldScope): unknown {
    if (typeof value !== "object" || value === null) return value;
    const keys = Object.keys(value);
    const represented = this.child.representMany(Object.values(value), scope);
    if (represented instanceof Promise) return represented.then((settled) => zip(keys, settled));
    return zip(keys, represented);
  }
}

function zip(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}
