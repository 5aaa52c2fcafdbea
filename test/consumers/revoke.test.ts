import { describe, expect, test } from "vitest";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { InMemoryChannelLayer } from "../../src/layers/in-memory-channel-layer.ts";
import { revokeUser } from "../../src/layers/revoke-user.ts";
import { AuthenticationFailed } from "../../src/protocol/exceptions.ts";
import type { Identity, User } from "../../src/protocol/scope.ts";
import { Multiplexer } from "../../src/routing/multiplexer.ts";
import { HandshakeRefused, type WebsocketClient } from "../../src/testing/websocket-client.ts";
import type { HandshakeRequest } from "../../src/consumers/authenticate.ts";
import { Gate, MemoryLogger } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

/** Answers who it serves, and tells its client of each refresh. */
class WhoConsumer extends AsyncAPIConsumer {
  who = action(() => this.scope.user);
  override async refresh(): Promise<void> {
    await this.sendJson({ refreshed: this.scope.user });
  }
}

interface Accounts {
  readonly users: Map<string, User>;
  readonly authenticate: (request: HandshakeRequest) => Promise<Identity | null>;
}

/** Users by the `x-user` header of their handshake; a name that is not theirs is refused. */
function accounts(...ids: readonly number[]): Accounts {
  const users = new Map<string, User>(ids.map((id) => [`user ${id}`, { id }]));
  const authenticate = async ({ headers }: HandshakeRequest): Promise<Identity | null> => {
    const name = headers.get("x-user");
    if (name === null) return null;
    const user = users.get(name);
    if (user === undefined) throw new AuthenticationFailed();
    return { user };
  };
  return { users, authenticate };
}

/** Options of a server that knows these users. */
function options(...ids: readonly number[]): Pick<Accounts, "authenticate"> {
  const { authenticate } = accounts(...ids);
  return { authenticate };
}

const REVOKED = { code: 4401, reason: "Credentials were revoked." };

function connectAs(server: { readonly url: string }, id: number): Promise<WebsocketClient> {
  return connect(server, { headers: { "x-user": `user ${id}` } });
}

async function expectOpen(client: WebsocketClient): Promise<void> {
  client.sendJson({ action: "who", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ action: "who", response_status: 200 });
}

describe("revoking a user", () => {
  test("closes every connection of that user with 4401, and nobody else's", async () => {
    const server = await startServer(WhoConsumer, options(1, 2));
    const [one, again, two] = [await connectAs(server, 1), await connectAs(server, 1), await connectAs(server, 2)];
    const anonymous = await connect(server);
    await server.revoke(1);
    expect(await one.receiveClose()).toEqual(REVOKED);
    expect(await again.receiveClose()).toEqual(REVOKED);
    await expectOpen(two);
    await expectOpen(anonymous);
  });

  test("on one server reaches the others on its layer", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const near = await startServer(WhoConsumer, { ...options(1), channelLayer });
    const far = await startServer(WhoConsumer, { ...options(1), channelLayer });
    const clients = [await connectAs(near, 1), await connectAs(far, 1)];
    await near.revoke(1);
    for (const client of clients) expect(await client.receiveClose()).toEqual(REVOKED);
  });

  test("from a job by the layer alone; a key as text or as a number is the same user", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const server = await startServer(WhoConsumer, { ...options(7), channelLayer });
    const client = await connectAs(server, 7);
    await revokeUser(channelLayer, "7");
    expect(await client.receiveClose()).toEqual(REVOKED);
  });

  test("lets the user log in again", async () => {
    const server = await startServer(WhoConsumer, options(1));
    const client = await connectAs(server, 1);
    await server.revoke(1);
    expect(await client.receiveClose()).toEqual(REVOKED);
    await expectOpen(await connectAs(server, 1));
  });

  test("closes a multiplexed socket once, with all of its streams", async () => {
    const server = await startServer(Multiplexer({ a: WhoConsumer, b: WhoConsumer }), options(1));
    const client = await connectAs(server, 1);
    await server.revoke(1);
    expect(await client.receiveClose()).toEqual(REVOKED);
  });

  test("while the handshake asks who it is, has it asked again", async () => {
    const asked = new Gate();
    const gate = new Gate();
    const { users, authenticate } = accounts(1);
    let questions = 0;
    const server = await startServer(WhoConsumer, {
      authenticate: async (request) => {
        const identity = await authenticate(request);
        questions += 1;
        asked.open();
        if (questions === 1) await gate.opened;
        return identity;
      },
    });
    const refused = connectAs(server, 1).catch((error: unknown) => error);
    await asked.opened;
    users.clear();
    await server.revoke(1);
    gate.open();
    const error = await refused;
    expect(error).toBeInstanceOf(HandshakeRefused);
    expect(error).toMatchObject({ status: 401 });
  });

  test("while the consumer is about to accept closes the connection as soon as it is open", async () => {
    const began = new Gate();
    const gate = new Gate();
    class Slow extends WhoConsumer {
      override async connect(): Promise<void> {
        began.open();
        await gate.opened;
      }
    }
    const server = await startServer(Slow, options(1));
    const client = connectAs(server, 1);
    await began.opened;
    await server.revoke(1);
    gate.open();
    expect(await (await client).receiveClose()).toEqual(REVOKED);
  });

  test("leaves nothing on the layer when the server has closed", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const server = await startServer(WhoConsumer, { ...options(1), channelLayer });
    const client = await connectAs(server, 1);
    await server.revoke(1);
    await client.receiveClose();
    await server.close();
    expect([channelLayer.channelCount, channelLayer.groupCount]).toEqual([0, 0]);
  });
});

describe("revoking with { close: false }", () => {
  test("asks the handshake's credentials again and has every consumer of the socket refresh", async () => {
    const { users, authenticate } = accounts(1);
    const server = await startServer(Multiplexer({ a: WhoConsumer, b: WhoConsumer }), { authenticate });
    const client = await connectAs(server, 1);
    users.set("user 1", { id: 1, isStaff: true });
    await server.revoke(1, { close: false });
    const frames = [await client.receiveJson(), await client.receiveJson()];
    expect(frames).toEqual(["a", "b"].map((stream) => ({ stream, payload: { refreshed: { id: 1, isStaff: true } } })));
  });

  test.each(["are refused", "are nobody's"])("closes with 4401 when the credentials %s", async (fate) => {
    const { users, authenticate } = accounts(1);
    let isGone = false;
    const server = await startServer(WhoConsumer, {
      authenticate: async (request) => (isGone && fate === "are nobody's" ? null : authenticate(request)),
    });
    const client = await connectAs(server, 1);
    isGone = true;
    users.clear();
    await server.revoke(1, { close: false });
    expect(await client.receiveClose()).toEqual(REVOKED);
  });

  test("closes with 1011 and a log entry when nobody can tell", async () => {
    const logger = new MemoryLogger();
    let isBroken = false;
    const { authenticate } = accounts(1);
    const server = await startServer(WhoConsumer, {
      logger,
      authenticate: async (request) => {
        if (isBroken) throw new RangeError("the database is away");
        return authenticate(request);
      },
    });
    const client = await connectAs(server, 1);
    isBroken = true;
    await server.revoke(1, { close: false });
    expect((await client.receiveClose()).code).toBe(1011);
    expect(logger.entries).toHaveLength(1);
  });

  test("closes a connection whose refresh fails, with 1011", async () => {
    class Failing extends AsyncAPIConsumer {
      override async refresh(): Promise<void> {
        throw new RangeError("no");
      }
    }
    const logger = new MemoryLogger();
    const server = await startServer(Failing, { ...options(1), logger });
    const client = await connectAs(server, 1);
    await server.revoke(1, { close: false });
    expect((await client.receiveClose()).code).toBe(1011);
    expect(logger.entries).toHaveLength(1);
  });

  test("has a consumer that is about to accept refresh once it has", async () => {
    const began = new Gate();
    const gate = new Gate();
    class Slow extends WhoConsumer {
      override async connect(): Promise<void> {
        began.open();
        await gate.opened;
      }
    }
    const { users, authenticate } = accounts(1);
    const server = await startServer(Slow, { authenticate });
    const client = connectAs(server, 1);
    await began.opened;
    users.set("user 1", { id: 1, isStaff: true });
    await server.revoke(1, { close: false });
    gate.open();
    expect(await (await client).receiveJson()).toEqual({ refreshed: { id: 1, isStaff: true } });
  });
});
