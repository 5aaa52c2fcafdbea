import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { BasePermission, PermissionConsumer } from "./base-permission.ts";
import { demandAll } from "./demand-all.ts";

/**
 * Asks every permission in order whether the action may be called. Returns at once when all of them do.
 *
 * @throws PermissionDenied on the first refusal, or what a permission throws itself.
 */
export function checkPermissions(
  permissions: readonly BasePermission[],
  scope: Scope,
  consumer: PermissionConsumer,
  action: string,
  args: MessageArguments,
): void | Promise<void> {
  return demandAll(permissions, "permission", (permission) => permission.hasPermission(scope, consumer, action, args));
}

/**
 * Asks every permission in order whether the action may touch the object. Returns at once when all of them do.
 *
 * @throws PermissionDenied on the first refusal, or what a permission throws itself.
 */
export function checkObjectPermissions(
  permissions: readonly BasePermission[],
  scope: Scope,
  consumer: PermissionConsumer,
  action: string,
  object: unknown,
  args: MessageArguments,
): void | Promise<void> {
  return demandAll(permissions, "object_permission", (permission) =>
    permission.hasObjectPermission(scope, consumer, action, object, args),
  );
}
