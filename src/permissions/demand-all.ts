import { APIException, PermissionDenied } from "../protocol/exceptions.ts";
import { noteRefusal, type Refusal } from "../protocol/refusal.ts";
import type { BasePermission } from "./base-permission.ts";
import { permissionName } from "./permission-name.ts";
import { isPending, type Verdict } from "./verdict.ts";

type Ask = (permission: BasePermission) => Verdict;
type By = Refusal["by"];

/**
 * Asks every permission in order; none at all allows everything.
 *
 * @param by what a refusal counts as.
 * @returns nothing at once when every permission answered at once, else a promise.
 * @throws PermissionDenied on the first refusal, with that permission's `message` and `code`, or what a permission throws. `refusalOf` tells which
 * permission it was.
 */
export function demandAll(permissions: readonly BasePermission[], by: By, ask: Ask, start = 0): void | Promise<void> {
  for (let index = start; index < permissions.length; index += 1) {
    const permission = permissions[index];
    if (permission === undefined) continue;
    const verdict = judge(permission, by, ask);
    if (isPending(verdict)) {
      return Promise.resolve(verdict).then(
        (settled) => {
          demand(settled, permission, by);
          return demandAll(permissions, by, ask, index + 1);
        },
        (error: unknown) => rethrow(error, permission, by),
      );
    }
    demand(verdict, permission, by);
  }
}

function judge(permission: BasePermission, by: By, ask: Ask): Verdict {
  try {
    return ask(permission);
  } catch (error) {
    return rethrow(error, permission, by);
  }
}

function demand(granted: boolean, permission: BasePermission, by: By): void {
  if (granted !== true) rethrow(new PermissionDenied(permission.message, permission.code), permission, by);
}

/** A permission that fails has refused nothing. */
function rethrow(error: unknown, permission: BasePermission, by: By): never {
  if (error instanceof APIException && error.status < 500) noteRefusal(error, () => ({ by, name: permissionName(permission) }));
  throw error;
}
