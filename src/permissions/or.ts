import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { PermissionClass, PermissionConsumer } from "./base-permission.ts";
import { CompositePermission, instantiate } from "./composite-permission.ts";
import { someGrants, whenGranted, type Verdict } from "./verdict.ts";

/**
 * A permission that grants what at least one of the given ones grants. An object is granted by an operand that grants both the action and
 * the object: otherwise `or(IsAdminUser, IsOwner)` would give every object to everybody, since `IsAdminUser` alone refuses no object
 * (DRF 3.15).
 */
export function or(...classes: readonly [PermissionClass, ...PermissionClass[]]): PermissionClass {
  return class Or extends CompositePermission {
    readonly operands = instantiate(classes);

    override canConnect(scope: Scope, consumer: PermissionConsumer): Verdict {
      return someGrants(this.operands, (operand) => operand.canConnect(scope, consumer));
    }

    override hasPermission(scope: Scope, consumer: PermissionConsumer, action: string, args: MessageArguments): Verdict {
      return someGrants(this.operands, (operand) => operand.hasPermission(scope, consumer, action, args));
    }

    override hasObjectPermission(
      scope: Scope,
      consumer: PermissionConsumer,
      action: string,
      object: unknown,
      args: MessageArguments,
    ): Verdict {
      return someGrants(this.operands, (operand) =>
        whenGranted(operand.hasPermission(scope, consumer, action, args), () =>
          operand.hasObjectPermission(scope, consumer, action, object, args),
        ),
      );
    }
  };
}
