import type { Scope } from "../protocol/scope.ts";
import type { BasePermission, PermissionConsumer } from "./base-permission.ts";
import { demandAll } from "./demand-all.ts";

/**
 * Asks every permission in order whether the connection may be opened; no permission at all allows it.
 *
 * @returns nothing at once when every permission answered at once, else a promise.
 * @throws PermissionDenied on the first refusal, or what a permission throws itself.
 */
export function checkConnect(
  permissions: readonly BasePermission[],
  scope: Scope,
  consumer: PermissionConsumer,
): void | Promise<void> {
  return demandAll(permissions, "permission", (permission) => permission.canConnect(scope, consumer));
}
