import type { AnyModel } from "../models/model.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { NestedField } from "../serializers/fields/nested-field.ts";

/** `out`: in answers; `in`: what a client sends. */
export type Direction = "in" | "out";

/** Where a field stands that is described. */
export interface FieldPlace {
  readonly name: string;
  readonly direction: Direction;
  /** The model of its serializer. */
  readonly model: AnyModel | null;
  /** One object of the serializer that a nested field shows. */
  nested(field: NestedField): JsonSchema;
}
