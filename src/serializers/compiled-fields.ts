import type { AnyModel } from "../models/model.ts";
import { bindField, type BoundField } from "./bound-field.ts";
import type { Field } from "./fields/field.ts";
import { RelatedField } from "./fields/related-field.ts";
import { rowReader, type RowReader } from "./row-reader.ts";

/** The fields of a serializer, sorted for the two ways through it. Made once per class, or per serializer that overrides `getFields()`. */
export interface CompiledFields {
  readonly writable: readonly BoundField[];
  /** Read-only fields with a default: validators of the whole see that default (DRF). */
  readonly defaulted: readonly BoundField[];
  readonly readable: readonly ReadableField[];
  /** Those of `readable` that are represented for many rows at once. */
  readonly batched: readonly ReadableField[];
}

export interface ReadableField extends BoundField {
  /** Null for a batched field. */
  readonly read: RowReader | null;
}

export function compileFields(fields: Readonly<Record<string, Field>>, model: AnyModel | null): CompiledFields {
  const bound = Object.entries(fields).map(([name, field]) =>
    bindField(name, field, (source) => writeTarget(field, source, model)),
  );
  const readable = bound.filter(({ field }) => !field.writeOnly).map((one) => ({ ...one, read: rowReader(one, model) }));
  return {
    writable: bound.filter(({ field }) => !field.readOnly),
    defaulted: bound.filter(({ field }) => field.readOnly && field.hasDefault),
    readable,
    batched: readable.filter(({ read }) => read === null),
  };
}

/** The key that a related field gives for a relation is stored in the foreign key column. */
function writeTarget(field: Field, source: readonly string[], model: AnyModel | null): readonly string[] {
  const [head, ...rest] = source;
  if (
    !(field instanceof RelatedField) ||
    model === null ||
    head === undefined ||
    rest.length > 0 ||
    !Object.hasOwn(model.relations, head)
  )
    return source;
  const relation = model.relations[head];
  return relation?.type === "belongsTo" ? [relation.column] : source;
}
