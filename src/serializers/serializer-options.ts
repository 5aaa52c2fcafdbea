import type { SerializerContext } from "./serializer-context.ts";

/** What a serializer is made with. */
export interface SerializerOptions<Row = unknown> {
  /** The row to show or to change; null or absent to make one. */
  readonly instance?: Row | null;
  /** What the client sent. Only a serializer with data can be validated. */
  readonly data?: unknown;
  /** Whether fields that were not sent are left alone (`patch`). Default false. */
  readonly partial?: boolean;
  readonly context?: SerializerContext;
}
