import type { BasePermission, PermissionClass } from "./base-permission.ts";
import { CompositePermission } from "./composite-permission.ts";

/** The name of a permission's class; of `and`, `or` and `not` with what they join: `or(IsAdminUser, IsOwner)`. */
export function permissionName(permission: BasePermission): string {
  const { name } = permission.constructor;
  if (!(permission instanceof CompositePermission)) return name;
  return `${name.toLowerCase()}(${permission.operands.map(permissionName).join(", ")})`;
}

/** The same of classes. */
export function permissionNames(classes: readonly PermissionClass[]): readonly string[] {
  return classes.map((Permission) =>
    Permission.prototype instanceof CompositePermission ? permissionName(new Permission()) : Permission.name,
  );
}
