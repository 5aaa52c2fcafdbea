import { BasePermission, type PermissionClass } from "./base-permission.ts";

/** What `and`, `or` and `not` have in common: operands, one object of each. */
export abstract class CompositePermission extends BasePermission {
  abstract readonly operands: readonly BasePermission[];
}

/** One object of each class. */
export function instantiate(classes: readonly PermissionClass[]): readonly BasePermission[] {
  return classes.map((Permission) => new Permission());
}

/** Does this permission look at objects at all, or does it only inherit the default that allows every object? */
export function judgesObjects(permission: BasePermission): boolean {
  if (permission instanceof CompositePermission) return permission.operands.some(judgesObjects);
  return permission.hasObjectPermission !== BasePermission.prototype.hasObjectPermission;
}
