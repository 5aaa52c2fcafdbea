import { AuthenticationFailed, MethodNotAllowed, ValidationError } from "../protocol/exceptions.ts";
import type { Identity, Scope } from "../protocol/scope.ts";
import type { Connection } from "./connection.ts";

/**
 * Says whose a token is that a client sends over an open connection; null: it is no good (401). An `APIException` that it throws is answered.
 */
export type AuthenticateToken = (token: string, scope: Scope) => Identity | null | Promise<Identity | null>;

/**
 * Puts the identity that a token proves in place of the connection's present one.
 *
 * @throws MethodNotAllowed (405) when the server takes no tokens, ValidationError (400), AuthenticationFailed (401): nothing has changed then.
 */
export async function authenticateConnection(connection: Connection, token: unknown): Promise<void> {
  const { scope, settings } = connection;
  const { authenticateToken } = settings;
  if (authenticateToken === null || connection.identify === undefined) throw new MethodNotAllowed("authenticate");
  if (typeof token !== "string" || token === "")
    throw new ValidationError({ token: [token === undefined ? "This field is required." : "Not a valid string."] });
  const isKnown = await connection.identify(async () => authenticateToken(token, scope));
  if (!isKnown) throw new AuthenticationFailed();
}
