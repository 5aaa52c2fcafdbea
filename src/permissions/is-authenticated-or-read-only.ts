import type { Scope } from "../protocol/scope.ts";
import { BasePermission, type PermissionConsumer } from "./base-permission.ts";
import { isAuthenticated } from "./is-authenticated.ts";

/**
 * The actions that only read. DCRF maps an action to an HTTP method (`list` and `retrieve` to GET, any other to its own name in capitals)
 * and calls GET, HEAD and OPTIONS safe. So `subscribe_instance` and custom actions are not safe until you say so. Giving up one's own running
 * request (`cancel`, `list_cancel`) is safe: whoever may start a list may end it.
 */
export const SAFE_ACTIONS: ReadonlySet<string> = new Set(["list", "retrieve", "get", "head", "options", "cancel", "list_cancel"]);

/**
 * Lets everybody read, and active users do the rest. Override `safeActions` to open more actions to anonymous readers:
 *
 * ```ts
 * class ReadOrSubscribe extends IsAuthenticatedOrReadOnly {
 *   override readonly safeActions = new Set([...SAFE_ACTIONS, "subscribe_instance", "unsubscribe_instance"]);
 * }
 * ```
 */
export class IsAuthenticatedOrReadOnly extends BasePermission {
  readonly safeActions: ReadonlySet<string> = SAFE_ACTIONS;

  override hasPermission(scope: Scope, _consumer: PermissionConsumer, action: string): boolean {
    return this.safeActions.has(action) || isAuthenticated(scope);
  }
}
