import { pythonText, pythonTypeName } from "../python-text.ts";
import { choicesByText, type ChoiceOf } from "./choices.ts";
import type { ChoiceFieldOptions } from "./choice-field.ts";
import { Field } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { isFiniteJson } from "./is-finite-json.ts";

export interface MultipleChoiceFieldOptions extends ChoiceFieldOptions {
  /** Whether an empty list is a value. Default true. */
  readonly allowEmpty?: boolean;
}

/** Several of a fixed set of values, each once, in the order sent. */
export class MultipleChoiceField<
  const O extends MultipleChoiceFieldOptions = { readonly choices: readonly string[] },
> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid_choice: '"{input}" is not a valid choice.',
    not_a_list: 'Expected a list of items but got type "{input_type}".',
    empty: "This selection may not be empty.",
  };
  declare readonly types: FieldTypesOf<O, ChoiceOf<O["choices"]>[]>;

  allowEmpty: boolean;
  choices: ReadonlyMap<string, string | number>;

  constructor(options: O) {
    super(options);
    this.allowEmpty = options.allowEmpty ?? true;
    this.choices = choicesByText(options.choices);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    if (!Array.isArray(data)) return this.fail("not_a_list", { input_type: pythonTypeName(data) });
    if (data.length === 0 && !this.allowEmpty) this.fail("empty");
    return [...new Set(data.map((item) => this.choice(item)))];
  }

  private choice(item: unknown): string | number {
    const text = pythonText(item);
    const choice = isFiniteJson(item) ? this.choices.get(text) : undefined;
    return choice ?? this.fail("invalid_choice", { input: text });
  }
}
