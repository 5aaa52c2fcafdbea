import type { SerializerContext } from "../serializer-context.ts";

/** What a field and its validators may know of the serializer that runs them; every serializer is one. */
export interface FieldScope {
  /** The row that is being changed, or null when one is made. */
  readonly instance: unknown;
  /** Whether fields that were not sent are to be left alone (`patch`). */
  readonly partial: boolean;
  readonly context: SerializerContext;
}
