import type { AsyncAPIConsumer } from "../../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../../consumers/generic-async-api-consumer.ts";
import { parsePk } from "../../models/parse-pk.ts";

/** The argument that names a row, and the value that a segment of a path gives it: of the column's type, where it can be one. */
export function lookupArgument(consumer: AsyncAPIConsumer, segment: string): Readonly<Record<string, unknown>> {
  if (!(consumer instanceof GenericConsumer)) return { pk: segment };
  const { lookupField, queryset } = consumer;
  const value = queryset === undefined ? undefined : parsePk(queryset.model, segment, lookupField);
  return { [consumer.lookupUrlKwarg ?? lookupField]: value ?? segment };
}

/** What names a row in a path, percent-encoded, or null where its JSON does not show it. */
export function lookupSegment(consumer: AsyncAPIConsumer, row: unknown): string | null {
  if (!(consumer instanceof GenericConsumer) || typeof row !== "object" || row === null) return null;
  const { lookupField, queryset } = consumer;
  const name = lookupField === "pk" ? (queryset?.model.pk.name ?? "id") : lookupField;
  const value: unknown = Object.hasOwn(row, name) ? Reflect.get(row, name) : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? encodeURIComponent(String(value))
    : null;
}
