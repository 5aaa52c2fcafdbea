import { PermissionDenied } from "../protocol/exceptions.ts";
import type { BasePermission } from "./base-permission.ts";
import { isPending, type Verdict } from "./verdict.ts";

/**
 * Asks every permission in order; none at all allows everything.
 *
 * @returns nothing at once when every permission answered at once, else a promise.
 * @throws PermissionDenied on the first refusal, with that permission's `message` and `code`.
 */
export function demandAll(
  permissions: readonly BasePermission[],
  ask: (permission: BasePermission) => Verdict,
  start = 0,
): void | Promise<void> {
  for (let index = start; index < permissions.length; index += 1) {
    const permission = permissions[index];
    if (permission === undefined) continue;
    const verdict = ask(permission);
    if (isPending(verdict)) {
      return Promise.resolve(verdict).then((settled) => {
        demand(settled, permission);
        return demandAll(permissions, ask, index + 1);
      });
    }
    demand(verdict, permission);
  }
}

function demand(granted: boolean, permission: BasePermission): void {
  if (granted !== true) throw new PermissionDenied(permission.message, permission.code);
}
