import type { Scope } from "../protocol/scope.ts";
import { BasePermission } from "./base-permission.ts";

/**
 * Lets known, active users call actions. Anybody may connect, as in DCRF: override `canConnect` to refuse at the handshake.
 * No user in scope is anonymous; a user whose `isActive` is false counts as anonymous too.
 */
export class IsAuthenticated extends BasePermission {
  override hasPermission(scope: Scope): boolean {
    return isAuthenticated(scope);
  }
}

/** Is somebody logged in on this connection who has not been deactivated? */
export function isAuthenticated(scope: Scope): boolean {
  return isObject(scope.user) && userFlag(scope, "isActive") !== false;
}

/** Reads a flag of the user, whose type the application chooses, so that it may lack the flag. */
export function userFlag(scope: Scope, name: "isActive" | "isStaff"): unknown {
  return isObject(scope.user) ? Reflect.get(scope.user, name) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
