import { pythonText } from "../python-text.ts";
import { choicesByText, type ChoiceOf, type Choices } from "./choices.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { isFiniteJson } from "./is-finite-json.ts";

export interface ChoiceFieldOptions extends FieldOptions {
  readonly choices: Choices;
  /** Whether `""` is a value besides the choices. Default false. */
  readonly allowBlank?: boolean;
}

type Value<O extends ChoiceFieldOptions> = ChoiceOf<O["choices"]> | (O extends { readonly allowBlank: true } ? "" : never);

/** One of a fixed set of values. */
export class ChoiceField<const O extends ChoiceFieldOptions = { readonly choices: readonly string[] }> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid_choice: '"{input}" is not a valid choice.',
  };
  declare readonly types: FieldTypesOf<O, Value<O>>;

  allowBlank: boolean;
  choices: ReadonlyMap<string, string | number>;

  constructor(options: O) {
    super(options);
    this.allowBlank = options.allowBlank ?? false;
    this.choices = choicesByText(options.choices);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    if (data === "" && this.allowBlank) return "";
    const text = pythonText(data);
    const choice = isFiniteJson(data) ? this.choices.get(text) : undefined;
    return choice ?? this.fail("invalid_choice", { input: text });
  }
}
