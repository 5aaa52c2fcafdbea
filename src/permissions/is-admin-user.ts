import type { Scope } from "../protocol/scope.ts";
import { BasePermission } from "./base-permission.ts";
import { isAuthenticated, userFlag } from "./is-authenticated.ts";

/** Lets active users in whose `isStaff` is true (DRF). */
export class IsAdminUser extends BasePermission {
  override hasPermission(scope: Scope): boolean {
    return isAuthenticated(scope) && userFlag(scope, "isStaff") === true;
  }
}
