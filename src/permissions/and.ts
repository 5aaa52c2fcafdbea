import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { PermissionClass, PermissionConsumer } from "./base-permission.ts";
import { CompositePermission, instantiate } from "./composite-permission.ts";
import { everyGrants, type Verdict } from "./verdict.ts";

/** A permission that grants what all of the given ones grant: connecting, actions and objects alike. */
export function and(...classes: readonly [PermissionClass, ...PermissionClass[]]): PermissionClass {
  return class And extends CompositePermission {
    readonly operands = instantiate(classes);

    override canConnect(scope: Scope, consumer: PermissionConsumer): Verdict {
      return everyGrants(this.operands, (operand) => operand.canConnect(scope, consumer));
    }

    override hasPermission(scope: Scope, consumer: PermissionConsumer, action: string, args: MessageArguments): Verdict {
      return everyGrants(this.operands, (operand) => operand.hasPermission(scope, consumer, action, args));
    }

    override hasObjectPermission(
      scope: Scope,
      consumer: PermissionConsumer,
      action: string,
      object: unknown,
      args: MessageArguments,
    ): Verdict {
      return everyGrants(this.operands, (operand) => operand.hasObjectPermission(scope, consumer, action, object, args));
    }
  };
}
