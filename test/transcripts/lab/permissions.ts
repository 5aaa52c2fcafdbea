import { setTimeout as sleep } from "node:timers/promises";
import type { AsyncAPIConsumer } from "../../../src/consumers/async-api-consumer.ts";
import type { Connection } from "../../../src/consumers/connection.ts";
import { BasePermission, type PermissionClass, type PermissionConsumer } from "../../../src/permissions/base-permission.ts";
import { IsAuthenticated, isAuthenticated } from "../../../src/permissions/is-authenticated.ts";
import type { MessageArguments } from "../../../src/protocol/arguments.ts";
import { NotAuthenticated, PermissionDenied } from "../../../src/protocol/exceptions.ts";
import type { Scope } from "../../../src/protocol/scope.ts";
import { SECRET } from "./failures.ts";

/** Overrides nothing, so it denies every action. */
export class DefaultPerm extends BasePermission {}

export class NoConnect extends BasePermission {
  override async canConnect(): Promise<boolean> {
    return false;
  }

  override async hasPermission(): Promise<boolean> {
    return true;
  }
}

export class ConnectRaisesDenied extends NoConnect {
  override async canConnect(): Promise<boolean> {
    throw new PermissionDenied("no entry");
  }
}

export class ConnectRaisesNotAuth extends NoConnect {
  override async canConnect(): Promise<boolean> {
    throw new NotAuthenticated();
  }
}

export class ConnectCrash extends NoConnect {
  override async canConnect(): Promise<boolean> {
    throw new TypeError(SECRET);
  }
}

export class SyncPerm extends BasePermission {
  override hasPermission(_scope: Scope, _consumer: PermissionConsumer, action: string): boolean {
    return action !== "echo_sync";
  }
}

export class OnlyEcho extends BasePermission {
  override async hasPermission(_scope: Scope, _consumer: PermissionConsumer, action: string): Promise<boolean> {
    return action === "echo_async";
  }
}

export class RaisesCustom extends BasePermission {
  override async hasPermission(_scope: Scope, _consumer: PermissionConsumer, action: string): Promise<boolean> {
    if (action === "echo_async") throw new NotAuthenticated("log in first");
    if (action === "echo_sync") throw new TypeError(SECRET);
    return true;
  }
}

/** Sees the keys of the frame. */
export class DataPerm extends BasePermission {
  override async hasPermission(
    _scope: Scope,
    _consumer: PermissionConsumer,
    _action: string,
    args: MessageArguments,
  ): Promise<boolean> {
    return args["token"] === "s3cret";
  }
}

export class SlowConnect extends BasePermission {
  override async canConnect(): Promise<boolean> {
    await sleep(400);
    return true;
  }

  override hasPermission(): boolean {
    return true;
  }
}

/** DRF's `IsAuthenticated`, which Channels asks at the handshake too. */
export class DrfIsAuthenticated extends IsAuthenticated {
  override canConnect(scope: Scope): boolean {
    return isAuthenticated(scope);
  }
}

type AnyConsumer = new (connection: Connection) => AsyncAPIConsumer;

/** A consumer with these permissions in place of its own. */
export function withPermissions(Base: AnyConsumer, ...classes: readonly PermissionClass[]): AnyConsumer {
  return class extends Base {
    override permissionClasses = classes;
  };
}
