import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { AnyQuerySet } from "../models/queryset.ts";
import { ValidationError } from "../protocol/exceptions.ts";
import type { FilterConsumer } from "./filter-consumer.ts";

/** A filter with a meaning of its own. Made by `methodFilter`. */
export interface MethodFilter<Value = unknown> {
  /** Exists for the type checker alone: what a client sends. */
  readonly types?: { readonly value: Value };
  /** What it takes, where that is known: for descriptions, and for query strings, which have texts alone: what one stands for is asked of it. */
  readonly schema?: StandardSchemaV1;
  /** @throws ValidationError with a list of messages when the value is not acceptable. */
  filterQueryset(queryset: AnyQuerySet, value: unknown, consumer: FilterConsumer): Promise<AnyQuerySet>;
}

/**
 * Makes a filter from a function and a schema (zod, valibot, arktype: any Standard Schema) for what the client sends. The function is
 * called with checked values only; it may throw a `ValidationError` of its own.
 *
 * ```ts
 * filters: {
 *   mine: methodFilter(z.boolean(), (queryset, mine, { scope }) => (mine ? queryset.filter({ ownerId: scope.user?.id }) : queryset)),
 * }
 * ```
 */
export function methodFilter<Schema extends StandardSchemaV1>(
  schema: Schema,
  filter: (
    queryset: AnyQuerySet,
    value: StandardSchemaV1.InferOutput<Schema>,
    consumer: FilterConsumer,
  ) => AnyQuerySet | Promise<AnyQuerySet>,
): MethodFilter<StandardSchemaV1.InferInput<Schema>> {
  return {
    schema,
    async filterQueryset(queryset, value, consumer) {
      return filter(queryset, await validate(schema, value), consumer);
    },
  };
}

async function validate<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
): Promise<StandardSchemaV1.InferOutput<Schema>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues) throw new ValidationError(result.issues.map((issue) => issue.message));
  return result.value;
}
