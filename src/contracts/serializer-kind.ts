import type { AnySerializerClass } from "../consumers/generic-async-api-consumer.ts";
import type { Field } from "../serializers/fields/field.ts";
import type { NestableSerializer } from "../serializers/fields/nested-field.ts";
import { BaseSerializer } from "../serializers/base-serializer.ts";
import { SerializerDeclaration } from "../serializers/serializer-declaration.ts";

/** A serializer class as far as it is described. */
export interface SerializerKind {
  readonly name: string;
  readonly prototype: object;
  readonly declaration: SerializerDeclaration;
  readonly readableFieldNames: readonly string[];
  new (options: { readonly context: Readonly<Record<string, unknown>> }): { getFields(): Readonly<Record<string, Field>> };
}

/** Null for a class that was not made by `Serializer` or `ModelSerializer`. */
export function serializerKindOf(serializerClass: AnySerializerClass | NestableSerializer): SerializerKind | null {
  const kind: unknown = serializerClass;
  return isSerializerKind(kind) ? kind : null;
}

function isSerializerKind(kind: unknown): kind is SerializerKind {
  return typeof kind === "function" && "declaration" in kind && kind.declaration instanceof SerializerDeclaration;
}

const DECIDING = ["getFields", "toRepresentation", "toInternalValue"] as const;

/** Do its instances decide by themselves what they take or show? */
export function decidesItself(kind: SerializerKind): boolean {
  return DECIDING.some((method) => Reflect.get(kind.prototype, method) !== BaseSerializer.prototype[method]);
}
