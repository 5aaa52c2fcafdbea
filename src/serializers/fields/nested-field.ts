import { ValidationError } from "../../protocol/exceptions.ts";
import { NON_FIELD_ERRORS, type SerializerErrors } from "../error-list.ts";
import { pythonTypeName } from "../python-text.ts";
import type { SerializerContext } from "../serializer-context.ts";
import type { FieldSchema } from "../field-schema.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

/** The types that a nested serializer lends to its field. */
interface NestedTypes {
  readonly out: object;
  readonly in: object;
  readonly validated: object;
}

/** As much of a serializer class as nesting it needs. */
export interface NestableSerializer<T extends NestedTypes = NestedTypes> {
  new (options: { readonly partial: boolean; readonly context: SerializerContext }): {
    readonly types: T;
    runValidation(data: unknown): Promise<object>;
  };
  representMany(rows: readonly object[], context?: SerializerContext): Promise<object[]>;
  fieldSchema(): readonly FieldSchema[];
}

export interface NestedFieldOptions extends FieldOptions {
  /** Whether the value is a list. Default false. */
  readonly many?: boolean;
  /** Whether the list may be empty. Default true. */
  readonly allowEmpty?: boolean;
  /** In elements. */
  readonly minLength?: number;
  /** In elements. */
  readonly maxLength?: number;
}

type OneOrMany<Value, O> = O extends { readonly many: true } ? Value[] : Value;

/**
 * A serializer as a field of another one:
 *
 * ```ts
 * class OrderSerializer extends Serializer({
 *   address: nested(AddressSerializer),
 *   lines: nested(LineSerializer, { many: true, allowEmpty: false }),
 * }) {}
 * ```
 *
 * It is always readable. A ModelSerializer with a writable one needs `create` and `update` of its own, or `readOnly: true`.
 */
export function nested<T extends NestedTypes, const O extends NestedFieldOptions = NestedFieldOptions>(
  serializerClass: NestableSerializer<T>,
  options?: O,
): NestedField<T, O> {
  return new NestedField(serializerClass, options);
}

/** Made by {@link nested}. */
export class NestedField<
  T extends NestedTypes = NestedTypes,
  const O extends NestedFieldOptions = NestedFieldOptions,
> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    not_a_list: 'Expected a list of items but got type "{input_type}".',
    empty: "This list may not be empty.",
    min_length: "Ensure this field has at least {min_length} elements.",
    max_length: "Ensure this field has no more than {max_length} elements.",
  };
  declare readonly types: FieldTypesOf<O, OneOrMany<T["validated"], O>, OneOrMany<T["out"], O>, OneOrMany<T["in"], O>>;

  readonly serializerClass: NestableSerializer<T>;
  readonly many: boolean;
  allowEmpty: boolean;
  minLength: number | null;
  maxLength: number | null;

  constructor(serializerClass: NestableSerializer<T>, options?: O) {
    const given: NestedFieldOptions = options ?? {};
    super(given);
    this.serializerClass = serializerClass;
    this.many = given.many ?? false;
    this.allowEmpty = given.allowEmpty ?? true;
    this.minLength = given.minLength ?? null;
    this.maxLength = given.maxLength ?? null;
  }

  override get batches(): boolean {
    return true;
  }

  override toInternalValue(data: unknown, scope: FieldScope): Promise<unknown> {
    return this.many ? this.validateMany(data, scope) : this.validateOne(data, scope);
  }

  override async toRepresentation(value: unknown, scope: FieldScope): Promise<unknown> {
    const [represented] = await this.representMany([value], scope);
    return represented;
  }

  override async representMany(values: readonly unknown[], { context }: FieldScope): Promise<unknown[]> {
    const groups = values.map((value) => (Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : []));
    const represented = await this.serializerClass.representMany(groups.flat(), context);
    let start = 0;
    return groups.map((group, index) => {
      const mine = represented.slice(start, (start += group.length));
      if (this.many) return values[index] === null || values[index] === undefined ? null : mine;
      return mine[0] ?? null;
    });
  }

  private validateOne(data: unknown, { partial, context }: FieldScope): Promise<object> {
    return new this.serializerClass({ partial, context }).runValidation(data);
  }

  private async validateMany(data: unknown, scope: FieldScope): Promise<object[]> {
    if (!Array.isArray(data)) return this.failWhole("not_a_list", { input_type: pythonTypeName(data) });
    this.checkLength(data.length);
    const values: object[] = [];
    const errors: SerializerErrors[] = [];
    for (const item of data) {
      const outcome = await this.tryOne(item, scope);
      if ("value" in outcome) values.push(outcome.value);
      errors.push("errors" in outcome ? outcome.errors : {});
    }
    if (values.length < data.length) throw new ValidationError(errors);
    return values;
  }

  private async tryOne(item: unknown, scope: FieldScope): Promise<{ value: object } | { errors: SerializerErrors }> {
    try {
      return { value: await this.validateOne(item, scope) };
    } catch (error) {
      if (error instanceof ValidationError && isErrors(error.detail)) return { errors: error.detail };
      throw error;
    }
  }

  private checkLength(length: number): void {
    if (length === 0 && !this.allowEmpty) this.failWhole("empty");
    if (this.maxLength !== null && length > this.maxLength) this.failWhole("max_length", { max_length: this.maxLength });
    if (this.minLength !== null && length < this.minLength) this.failWhole("min_length", { min_length: this.minLength });
  }

  private failWhole(code: string, values: Readonly<Record<string, unknown>> = {}): never {
    throw new ValidationError({ [NON_FIELD_ERRORS]: [this.message(code, values)] }, code);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isErrors(detail: unknown): detail is SerializerErrors {
  return isObject(detail) && !Array.isArray(detail);
}
