import type { BasePermission, PermissionClass, PermissionConsumer } from "../permissions/base-permission.ts";
import { checkConnect } from "../permissions/check-connect.ts";
import { checkPermissions } from "../permissions/check-permissions.ts";
import { NotFound } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import { isForwarded, isLoopbackAddress, isLoopbackHost } from "./is-loopback.ts";

/** What a permission is asked about. */
const ACTION = "explore";

/** Says who may open the explorer. */
export class ExplorerGate {
  /** null: whoever is on this machine. */
  readonly #permissions: readonly BasePermission[] | null;

  constructor(permissionClasses: readonly PermissionClass[] | null) {
    this.#permissions = permissionClasses?.map((Permission) => new Permission()) ?? null;
  }

  /** Does it matter who somebody is? */
  get asksWho(): boolean {
    return this.#permissions !== null;
  }

  /** @throws NotFound (404) for who is not on this machine, PermissionDenied (403) or what a permission throws. */
  async admit(scope: Scope, consumer: PermissionConsumer = { scope, channelName: "" }): Promise<void> {
    if (this.#permissions === null) return demandThisMachine(scope);
    await checkConnect(this.#permissions, scope, consumer);
    await checkPermissions(this.#permissions, scope, consumer, ACTION, {});
  }
}

function demandThisMachine({ client, headers }: Scope): void {
  const isHere = isLoopbackAddress(client.address) && isLoopbackHost(headers.get("host")) && !isForwarded(headers);
  // The words that a server has for a socket that there is not.
  if (!isHere) throw new NotFound("There is no WebSocket at this path.");
}
