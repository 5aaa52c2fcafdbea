import { type HandshakeRequest, type Identity, rePath, type RestwaveServer, serve } from "restwave";
import { NoteConsumer } from "./consumers.ts";
import { COOKIE, logIn } from "./login.ts";
import { Account } from "./models.ts";
import { readSession } from "./signed-cookie.ts";

export interface NoteServerOptions {
  readonly port: number;
  /** Signs the cookies. Whoever knows it can be everybody. */
  readonly secret: string;
}

/** Log in at `POST /login`, then open a socket at /ws/: the browser sends the cookie along. */
export function startNoteServer({ port, secret }: NoteServerOptions): Promise<RestwaveServer> {
  return serve({
    port,
    routes: [rePath(/^ws\/$/, NoteConsumer)],
    authenticate: (request) => authenticate(request, secret),
    http: async (request, response) => {
      if (request.method !== "POST" || request.url !== "/login") return false;
      await logIn(request, response, secret);
      return true;
    },
  });
}

/** The account is read anew for each connection, so that a deleted one no longer gets in. */
async function authenticate({ cookies }: HandshakeRequest, secret: string): Promise<Identity | null> {
  const claims = readSession(cookies[COOKIE] ?? "", secret);
  if (claims === null) return null;
  const account = await Account.objects.filter({ id: claims.userId }).first();
  return account === null ? null : { user: { id: account.id } };
}
