import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  action,
  AsyncAPIConsumer,
  AuthenticationFailed,
  BasePermission,
  Multiplexer,
  rePath,
  type Scope,
  serve,
} from "../../src/index.ts";
import { createClient } from "../../src/client.ts";
import { connectWebsocket, FaultProxy } from "../../src/testing.ts";

/** Users whose present token the server takes, and the tokens it was given. */
class Tokens {
  readonly given: string[] = [];
  current = "token 1";

  /** @returns user 1 for the present token. */
  readonly check = (token: string): { readonly user: { readonly id: number; readonly token: string } } | null => {
    this.given.push(token);
    return token === this.current ? { user: { id: 1, token } } : null;
  };
}

async function start(tokens: Tokens) {
  /** Only whom the present token lets in. */
  class Present extends BasePermission {
    override hasPermission({ user }: Scope): boolean {
      if (user !== null && Reflect.get(user, "token") === tokens.current) return true;
      throw new AuthenticationFailed("The token has expired.");
    }
  }
  class WhoConsumer extends AsyncAPIConsumer {
    override permissionClasses = [Present];
    who = action(() => this.scope.user?.id ?? null);
  }
  const routes = [rePath(/^ws\/$/, Multiplexer({ who: WhoConsumer }))];
  const server = await serve({
    routes,
    port: 0,
    host: "127.0.0.1",
    signals: false,
    drainTimeout: 200,
    authenticate: () => null,
    authenticateToken: tokens.check,
  });
  onTestFinished(() => server.close());
  const proxy = await FaultProxy.start({ target: server.url });
  onTestFinished(() => proxy.close());
  const connect = (auth: () => Promise<string>, options: object = {}) => {
    const client = createClient<typeof routes>(`${proxy.url}/ws/`, {
      WebSocket,
      auth,
      backoff: { initial: 20, max: 50 },
      ...options,
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { server, proxy, connect };
}

test("a client says who it is before everything else, on each connection", async () => {
  const tokens = new Tokens();
  const { proxy, connect } = await start(tokens);
  const client = connect(async () => tokens.current);
  expect(await Promise.all([client.who.who({}), client.who.who({})])).toEqual([1, 1]);
  const again = proxy.connected();
  proxy.cut();
  await again;
  expect(await client.who.who({})).toBe(1);
  expect(tokens.given).toEqual(["token 1", "token 1"]);
});

test("a client asks for a new token when the server says that the old one has expired, once for all that wait", async () => {
  const tokens = new Tokens();
  const { connect } = await start(tokens);
  let asked = 0;
  const client = connect(async () => {
    asked += 1;
    return tokens.current;
  });
  expect(await client.who.who({})).toBe(1);
  tokens.current = "token 2";
  expect(await Promise.all([client.who.who({}), client.who.who({}), client.who.who({})])).toEqual([1, 1, 1]);
  expect(asked).toBe(2);
});

test("a client that has no good token any more is told so, and does not come back", async () => {
  const tokens = new Tokens();
  const { connect, proxy } = await start(tokens);
  const client = connect(async () => "stolen");
  await expect(client.who.who({})).rejects.toMatchObject({ code: "closed", message: expect.stringContaining("4401") });
  expect(client.connection.state).toMatchObject({ status: "closed", code: 4401 });
  expect(proxy.accepted).toBe(1);
});

test("a client whose user was revoked comes back with a new token", async () => {
  const tokens = new Tokens();
  const { connect, proxy, server } = await start(tokens);
  const client = connect(async () => tokens.current);
  expect(await client.who.who({})).toBe(1);
  tokens.current = "token 2";
  const closed = proxy.connected();
  await server.revoke(1);
  await closed;
  expect(await client.who.who({})).toBe(1);
  expect(tokens.given.at(-1)).toBe("token 2");
});

test("a refusal that a new token does not change is the caller's", async () => {
  const tokens = new Tokens();
  const { connect } = await start(tokens);
  const client = connect(async () => "token 1");
  expect(await client.who.who({})).toBe(1);
  tokens.current = "token 2";
  await expect(client.who.who({})).rejects.toMatchObject({ status: 401 });
});

test("a token in the URL is asked for before each connection", async () => {
  const urls: string[] = [];
  const tokens = new Tokens();
  const { proxy } = await start(tokens);
  const client = createClient(
    async () => {
      urls.push(`${proxy.url}/ws/?token=${urls.length}`);
      return urls.at(-1) ?? "";
    },
    { WebSocket, backoff: { initial: 20, max: 50 } },
  );
  onTestFinished(() => client.close());
  await expect(client["who"]?.["list"]?.()).rejects.toMatchObject({ status: 401 });
  proxy.cut();
  await expect(client["who"]?.["list"]?.()).rejects.toMatchObject({ status: 401 });
  expect(urls).toHaveLength(2);
});

test("a failure to get a new token is that of the call that needed it", async () => {
  const tokens = new Tokens();
  const { connect } = await start(tokens);
  let isAway = false;
  const client = connect(async () => {
    if (isAway) throw new TypeError("The identity provider is away.");
    return tokens.current;
  });
  expect(await client.who.who({})).toBe(1);
  tokens.current = "token 2";
  isAway = true;
  await expect(client.who.who({})).rejects.toThrow("The identity provider is away.");
  isAway = false;
  expect(await client.who.who({})).toBe(1);
});

test("a client that only connects says who it is too, and is open, or closed with 4401", async () => {
  const tokens = new Tokens();
  const { connect } = await start(tokens);
  const [good, bad] = [connect(async () => "token 1"), connect(async () => "stolen")];
  for (const client of [good, bad]) client.connect();
  await expect.poll(() => good.connection.state.status).toBe("open");
  await expect.poll(() => bad.connection.state).toMatchObject({ status: "closed", code: 4401 });
  expect(tokens.given.toSorted()).toEqual(["stolen", "token 1"]);
  expect(await good.who.who()).toBe(1);
});

test("8.6 a frame that authenticates without a stream is taken by one of the streams, for all; no other frame is", async () => {
  const tokens = new Tokens();
  const { server } = await start(tokens);
  const socket = await connectWebsocket(`${server.url}/ws/`);
  onTestFinished(() => socket.close());
  socket.sendJson({ action: "authenticate", request_id: 1, token: "token 1" });
  expect(await socket.receiveJson()).toMatchObject({ stream: "who", payload: { request_id: 1, data: { authenticated: true } } });
  socket.sendJson({ action: "who", request_id: 2 });
  expect(await socket.receiveJson()).toMatchObject({ stream: null, payload: { response_status: 400 } });
  socket.sendJson({ stream: "who", payload: { action: "who", request_id: 3 } });
  expect(await socket.receiveJson()).toMatchObject({ stream: "who", payload: { request_id: 3, data: 1 } });
});
