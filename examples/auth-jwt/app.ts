import {
  action,
  AsyncAPIConsumer,
  AuthenticationFailed,
  type HandshakeRequest,
  type Identity,
  IsAuthenticated,
  rePath,
  reply,
  type RestwaveServer,
  type Scope,
  serve,
} from "restwave";
import { readToken } from "./token.ts";
import { tokenOf } from "./token-of.ts";

/** A socket outlives its handshake, so the token's end is looked at again for every request. */
class HasFreshToken extends IsAuthenticated {
  override canConnect(scope: Scope): boolean {
    return this.hasPermission(scope);
  }

  override hasPermission(scope: Scope): boolean {
    const expiresAt = scope.session?.expiresAt;
    if (typeof expiresAt === "number" && expiresAt <= Date.now()) throw new AuthenticationFailed("The token has expired.");
    return super.hasPermission(scope);
  }
}

class WhoAmIConsumer extends AsyncAPIConsumer {
  override permissionClasses = [HasFreshToken];

  whoAmI = action(() => reply({ id: this.scope.user?.id }));
}

export interface TokenServerOptions {
  readonly port: number;
  readonly secret: Uint8Array;
}

/** Serves /ws/ to those who have a token. */
export function startTokenServer({ port, secret }: TokenServerOptions): Promise<RestwaveServer> {
  return serve({
    port,
    routes: [rePath(/^ws\/$/, WhoAmIConsumer)],
    authenticate: (request) => authenticate(request, secret),
  });
}

async function authenticate(request: HandshakeRequest, secret: Uint8Array): Promise<Identity | null> {
  const token = tokenOf(request);
  if (token === null) return null;
  const { userId, expiresAt } = await readToken(token, secret);
  return { user: { id: userId }, session: { expiresAt } };
}
