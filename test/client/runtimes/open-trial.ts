import type { IncomingMessage, ServerResponse } from "node:http";
import { action, AsyncAPIConsumer, AuthenticationFailed, BasePermission, rePath, reply, type Scope } from "../../../src/index.ts";
import type { ProxiedMessage } from "../../../src/testing.ts";
import { FaultProxy } from "../../../src/testing.ts";
import { onTestFinished } from "vitest";
import { sqliteFile } from "../../databases/sqlite-file.ts";
import { openBoard } from "../board.ts";

export interface TrialOptions {
  readonly http?: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * What `scenario.ts` runs against: a board behind a proxy, a consumer for those with a token, and on the server's own address one that does to
 * the network what it is told. All end with the test.
 */
export async function openTrial(options: TrialOptions = {}) {
  const board = await openBoard(sqliteFile);
  let token = "token 1";
  let proxiedUrl = "";
  const network = (): FaultProxy => proxy;

  class WithToken extends BasePermission {
    override hasPermission({ user }: Scope): boolean {
      if (user !== null && Reflect.get(user, "token") === token) return true;
      throw new AuthenticationFailed("The token has expired.");
    }
  }
  class WhoConsumer extends AsyncAPIConsumer {
    override permissionClasses = [WithToken];
    who = action(() => this.scope.user?.id ?? null);
  }
  class ControlConsumer extends AsyncAPIConsumer {
    addresses = action(() => reply({ proxied: proxiedUrl }));
    loseAnswer = action(() => void network().dropAnswer("create"));
    refuse = action(() => network().refuse());
    cut = action(() => network().cut());
    mend = action(() => network().accept());
    fallSilent = action(() => network().blackhole());
    restore = action(() => network().restore());
    addTask = action(async () => void (await board.Task.objects.create({ title: "Meanwhile" })));
    expireToken = action(() => {
      token = "token 2";
    });
  }
  const control = [rePath(/^control\/$/, ControlConsumer)];
  const who = [rePath(/^who\/$/, WhoConsumer)];
  const server = await board.serve({
    ...options,
    routes: [...board.routes, ...control, ...who],
    // A page comes from the server itself, and connects through the proxy too.
    allowedOrigins: "*",
    authenticate: () => null,
    authenticateToken: (given) => (given === token ? { user: { id: 1, token } } : null),
  });
  const proxy = await FaultProxy.start({ target: server.url });
  onTestFinished(() => proxy.close());
  proxiedUrl = proxy.url;
  const sent: ProxiedMessage[] = [];
  proxy.onMessage((message) => void (message.direction === "toServer" && sent.push(message)));

  return { board, url: server.url, sent, tables: { control, who, board: board.routes } };
}

export type Trial = Awaited<ReturnType<typeof openTrial>>;
