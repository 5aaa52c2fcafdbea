import type { MessageArguments } from "../protocol/arguments.ts";
import type { Scope } from "../protocol/scope.ts";
import type { Verdict } from "./verdict.ts";

/** What a permission may know of the consumer that asks. A permission for one kind of consumer narrows the parameter to that class. */
export interface PermissionConsumer {
  readonly scope: Scope;
  readonly channelName: string;
}

/**
 * Decides who may connect, who may call an action, and on which object. Override what you judge:
 *
 * ```ts
 * class IsOwner extends BasePermission {
 *   override hasPermission(scope: Scope) { return scope.user !== null; }
 *   override hasObjectPermission(scope: Scope, consumer: PermissionConsumer, action: string, post: Post) {
 *     return post.authorId === scope.user?.id;
 *   }
 * }
 * ```
 *
 * One object may be asked for many requests, so a permission keeps no state between its calls. Any method may throw an
 * `APIException` (such as `NotAuthenticated`) to choose the answer itself. Source: DCRF `permissions.py`.
 */
export abstract class BasePermission {
  /** What a refused client reads. Default: the text of `PermissionDenied`. */
  readonly message: string | undefined = undefined;
  /** The stable code of the refusal. Default: `permission_denied`. */
  readonly code: string | undefined = undefined;

  /** May this connection be opened? Default: yes. */
  canConnect(_scope: Scope, _consumer: PermissionConsumer): Verdict {
    return true;
  }

  /** May this action be called with these arguments? Default: no, so a permission that forgets to override it lets nobody in. */
  hasPermission(_scope: Scope, _consumer: PermissionConsumer, _action: string, _args: MessageArguments): Verdict {
    return false;
  }

  /** May this action touch this object? Asked in `getObject`, after `hasPermission` was granted. Default: yes. */
  hasObjectPermission(
    _scope: Scope,
    _consumer: PermissionConsumer,
    _action: string,
    _object: unknown,
    _args: MessageArguments,
  ): Verdict {
    return true;
  }
}

/** What `permissionClasses` lists. */
export type PermissionClass = new () => BasePermission;
