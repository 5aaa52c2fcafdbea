import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { type SerializerKind, decidesItself } from "./serializer-kind.ts";

/** Hooks that change per request what a consumer is. */
const DECIDING = ["getSerializerClass", "getSerializer", "getQueryset", "filterQueryset", "paginateQueryset"];
const GUARDING = ["getPermissions", "checkPermissions", "getActionName"];

/** Does a consumer decide per request what its rows, their fields or its permissions are? */
export function isDynamic(consumer: AsyncAPIConsumer, kind: SerializerKind | null): boolean {
  const overrides = (names: readonly string[], stock: object): boolean =>
    names.some((name) => Reflect.get(consumer, name) !== Reflect.get(stock, name));
  if (overrides(GUARDING, AsyncAPIConsumer.prototype)) return true;
  if (!(consumer instanceof GenericConsumer)) return false;
  return overrides(DECIDING, GenericConsumer.prototype) || (kind !== null && decidesItself(kind));
}
