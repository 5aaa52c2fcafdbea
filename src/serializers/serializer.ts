import { BaseSerializer, type SerializerClass } from "./base-serializer.ts";
import { SerializerDeclaration } from "./serializer-declaration.ts";
import type { FieldRecord, InOf, OutOf, ValidatedOf } from "./serializer-types.ts";

/** A serializer of plain fields; rows are whatever `create` and `update` return. */
export type PlainSerializer<F extends FieldRecord> = BaseSerializer<object, OutOf<F>, InOf<F>, ValidatedOf<F>>;

/**
 * Makes a serializer class from fields:
 *
 * ```ts
 * class ContactSerializer extends Serializer({
 *   email: new EmailField(),
 *   note: new CharField({ required: false, allowBlank: true }),
 * }) {}
 * ```
 */
export function Serializer<const F extends FieldRecord>(fields: F): SerializerClass<PlainSerializer<F>>;
export function Serializer(fields: FieldRecord): object {
  return class extends BaseSerializer<object, object, object> {
    static override readonly declaration = new SerializerDeclaration(fields);
  };
}
