import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

export interface SerializerMethodFieldOptions extends Pick<FieldOptions, "label" | "helpText" | "jsonSchema"> {
  /** The serializer's method that makes the value. Default: `get` and the field's name, `getFullName` for `fullName`. */
  readonly method?: string;
}

type ReadOnlyOptions = { readonly readOnly: true };

/**
 * A value that a method of the serializer makes from the row: `getFullName(row)` for the field `fullName`. It may be async.
 *
 * ```ts
 * class UserSerializer extends ModelSerializer(User, {
 *   fields: ["id", "fullName"],
 *   declaredFields: { fullName: new SerializerMethodField<string>() },
 * }) {
 *   getFullName(user: UserSerializer["types"]["row"]) { return `${user.first} ${user.last}`; }
 * }
 * ```
 */
export class SerializerMethodField<Value = unknown> extends Field {
  declare readonly types: FieldTypesOf<ReadOnlyOptions, Value>;

  readonly method: string | null;

  constructor(options: SerializerMethodFieldOptions = {}) {
    super({ ...options, readOnly: true, source: "*" });
    this.method = options.method ?? null;
  }

  /** The name of the serializer's method, for the field's name there. */
  methodOf(name: string): string {
    return this.method ?? methodName(name);
  }

  /** The value for one row, from the serializer's own method. */
  call(name: string, row: unknown, serializer: FieldScope): unknown {
    const method = this.methodOf(name);
    const own: unknown = Reflect.get(serializer, method);
    if (typeof own === "function") return own.call(serializer, row);
    throw new ImproperlyConfigured(
      `${serializer.constructor.name} has a method field "${name}" but no method ${method}(row). Add it.`,
    );
  }
}

function methodName(field: string): string {
  return `get${pascalCase(field)}`;
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/gi, (_whole, letter: string) => letter.toUpperCase());
}
