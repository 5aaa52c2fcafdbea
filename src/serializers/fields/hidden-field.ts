import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { Field, type FieldOptions, type MaybePromise } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { SKIP } from "./outcome.ts";

export interface HiddenFieldOptions<Value> extends Pick<FieldOptions, "source" | "validators"> {
  /** The value, or a function that makes it from the serializer (its context, its instance). */
  readonly default: Value | ((serializer: FieldScope) => MaybePromise<Value>);
}

type HiddenOptions = { readonly writeOnly: true; readonly required: false };

/** A value that the server decides, whatever the client sends: it is in the validated data, never in an answer. */
export class HiddenField<Value = unknown> extends Field {
  declare readonly types: FieldTypesOf<HiddenOptions, Value, never, never>;

  constructor(options: HiddenFieldOptions<Value>) {
    if (!("default" in options))
      throw new ImproperlyConfigured("HiddenField: expected a default, as no client sends a value for it.");
    super({ ...options, writeOnly: true });
  }

  override runValidation(_data: unknown, scope: FieldScope): unknown {
    if (scope.partial) return SKIP;
    const value: unknown = typeof this.default === "function" ? this.default(scope) : this.default;
    return value instanceof Promise
      ? value.then((settled: unknown) => super.runValidation(settled, scope))
      : super.runValidation(value, scope);
  }
}
