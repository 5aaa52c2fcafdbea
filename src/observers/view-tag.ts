import type { AnyQuerySet } from "../models/queryset.ts";
import { fingerprint, queryKey } from "./live-queries.ts";
import type { SubscriptionRequest } from "./subscription-request.ts";

/** Tells one view of the rows from another: which rows, then how they look. A position of one is not taken for the other. */
export function viewTag(
  { consumer, action, args, watchesRelations }: Omit<SubscriptionRequest, "requestId">,
  queryset: AnyQuerySet,
): string {
  const Serializer = consumer.getSerializerClass(args);
  const rows = fingerprint([action, queryKey(queryset, watchesRelations)]);
  return `${rows}.${fingerprint([Serializer.name, ...Serializer.readableFieldNames])}`;
}

/** Do rows look the same in both views? */
export function showsSame(left: string, right: string): boolean {
  return serializerPart(left) === serializerPart(right);
}

function serializerPart(tag: string): string {
  return tag.split(".")[1] ?? "";
}
