import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import { clientNetwork } from "./client-network.ts";

/** Who is counted: the user by primary key, an anonymous peer by its network. The two can never be the same text. */
export function clientIdentity(scope: Scope): string {
  if (isAnonymous(scope)) return `address:${clientNetwork(scope.client.address)}`;
  const id: unknown = Reflect.get(Object(scope.user), "id");
  if (typeof id === "string" || typeof id === "number" || typeof id === "bigint") return `user:${typeof id}:${id}`;
  throw new ImproperlyConfigured(
    `Expected scope.user to have an id that is a string or a number, got ${id === null ? "null" : typeof id}. Override getCacheKey of the throttle.`,
  );
}

/** Is nobody logged in on this connection? */
export function isAnonymous(scope: Scope): boolean {
  return scope.user === null || scope.user === undefined;
}
