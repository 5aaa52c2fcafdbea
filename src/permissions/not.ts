import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { PermissionClass, PermissionConsumer } from "./base-permission.ts";
import { CompositePermission, instantiate, judgesObjects } from "./composite-permission.ts";
import { everyGrants, negate, type Verdict } from "./verdict.ts";

/**
 * A permission that grants the actions that the given one refuses. Connecting is never negated: `not(IsBanned)` asks `IsBanned.canConnect`
 * as it is, since nearly every permission lets everybody connect, and its negation would let nobody (as DCRF's does).
 *
 * Objects are negated only where the operand overrides `hasObjectPermission`, for the same reason: `not(IsAuthenticated)` allows every
 * object, `not(IsBannedFromRoom)` the rooms that the user is not banned from.
 */
export function not(operandClass: PermissionClass): PermissionClass {
  return class Not extends CompositePermission {
    readonly operands = instantiate([operandClass]);

    override canConnect(scope: Scope, consumer: PermissionConsumer): Verdict {
      return everyGrants(this.operands, (operand) => operand.canConnect(scope, consumer));
    }

    override hasPermission(scope: Scope, consumer: PermissionConsumer, action: string, args: MessageArguments): Verdict {
      return everyGrants(this.operands, (operand) => negate(operand.hasPermission(scope, consumer, action, args)));
    }

    override hasObjectPermission(
      scope: Scope,
      consumer: PermissionConsumer,
      action: string,
      object: unknown,
      args: MessageArguments,
    ): Verdict {
      return everyGrants(
        this.operands,
        (operand) => !judgesObjects(operand) || negate(operand.hasObjectPermission(scope, consumer, action, object, args)),
      );
    }
  };
}
