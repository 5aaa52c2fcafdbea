import { isAuthenticated } from "../../../src/permissions/is-authenticated.ts";
import { BasePermission, type PermissionConsumer } from "../../../src/permissions/base-permission.ts";
import { MethodNotAllowed } from "../../../src/protocol/exceptions.ts";
import type { Scope } from "../../../src/protocol/scope.ts";

const grantsByUser = new Map<string, Set<string>>();

export function grant(username: string, permission: string): void {
  const grants = grantsByUser.get(username) ?? new Set();
  grantsByUser.set(username, grants.add(permission));
}

export function forgetGrants(): void {
  grantsByUser.clear();
}

/** What a user may do, as it was at login: Django's user object keeps its permissions for as long as it lives. */
export function grantsOf(username: string): ReadonlySet<string> {
  return new Set(grantsByUser.get(username));
}

const NEEDED: Readonly<Record<string, string | null>> = {
  list: null,
  retrieve: null,
  create: "add_item",
  update: "change_item",
  patch: "change_item",
  delete: "delete_item",
};

/** Django's model permissions, as an application would write them: only known users connect, each write needs its grant. */
export class ItemPermissions extends BasePermission {
  override canConnect(scope: Scope): boolean {
    return isAuthenticated(scope);
  }

  override hasPermission(scope: Scope, _consumer: PermissionConsumer, action: string): boolean {
    if (!Object.hasOwn(NEEDED, action)) throw new MethodNotAllowed(action.toUpperCase());
    const needed = NEEDED[action] ?? null;
    return needed === null || (scope.session?.["grants"] instanceof Set && scope.session["grants"].has(needed));
  }
}
