import type { PermissionClass } from "../permissions/base-permission.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Identity } from "../protocol/scope.ts";
import { isProduction } from "./is-development.ts";

/** A user whom the explorer can be logged in as. */
export interface ExplorerUser {
  /** Unique among users. */
  readonly id: string;
  /** What people know the user by. */
  readonly name: string;
  /** What `authenticate` gives for this user. */
  readonly identity: Identity;
}

/** What the explorer is told. */
export interface ExplorerOptions {
  /**
   * Who may open the explorer, by the identity that the server's `authenticate` gives: all must agree. Asked for the page, for the contract and for
   * the inspector's socket, by `canConnect` and by `hasPermission` with the action `"explore"`. Whoever may sees the arguments of everybody's
   * subscriptions.
   *
   * Default: whoever is on this machine. Where `NODE_ENV` is `production` they must be given.
   */
  readonly permissionClasses?: readonly PermissionClass[];
  /**
   * Finds users by a text that they are searched by, empty for any: the page can then be logged in as each of them. At most 50 are shown. Asked
   * again, with the user's name, whenever it is needed who a user is now. Default: none, the page calls as whoever the browser is.
   */
  readonly users?: (search: string) => Promise<readonly ExplorerUser[]> | readonly ExplorerUser[];
  /** What the page calls the API. Default "API". */
  readonly title?: string;
  /** The version of the API. Default "0.0.0". */
  readonly version?: string;
}

/** The options with their defaults filled in. */
export interface ResolvedExplorerOptions {
  /** null: whoever is on this machine. */
  readonly permissionClasses: readonly PermissionClass[] | null;
  readonly users: NonNullable<ExplorerOptions["users"]> | null;
  readonly title: string;
  readonly version: string;
}

/** @throws ImproperlyConfigured where nobody is asked for permission, but somebody has to be. */
export function resolveExplorerOptions(options: ExplorerOptions, env: NodeJS.ProcessEnv = process.env): ResolvedExplorerOptions {
  const { permissionClasses = null, users = null, title = "API", version = "0.0.0" } = options;
  if (permissionClasses?.length === 0)
    throw new ImproperlyConfigured(
      "Option explorer.permissionClasses: expected at least one permission class, got none: everybody could look into the server. Name one, such as IsAdminUser, or leave the option out to serve the explorer to this machine only.",
    );
  if (permissionClasses === null && isProduction(env))
    throw new ImproperlyConfigured(
      "Option explorer: expected permissionClasses, since NODE_ENV is production. Say who may look into the server: explorer: { permissionClasses: [IsAdminUser] }; or turn it off: explorer: false.",
    );
  return { permissionClasses, users, title, version };
}
