import { describe, expect, test } from "vitest";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { IsAuthenticated } from "../../src/permissions/is-authenticated.ts";
import { PermissionDenied } from "../../src/protocol/exceptions.ts";
import { Multiplexer } from "../../src/routing/multiplexer.ts";
import { BaseThrottle } from "../../src/throttling/base-throttle.ts";
import { Gate } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";
import { connected, failure, success } from "./connected.ts";

class WhoConsumer extends AsyncAPIConsumer {
  who = action(() => ({ user: this.scope.user, session: this.scope.session }));
  override async refresh(): Promise<void> {
    await this.sendJson({ refreshed: this.scope.user?.id });
  }
}

/** `user:5` is a token of user 5. */
async function authenticateToken(token: string) {
  const id = /^user:(\d+)$/.exec(token)?.[1];
  if (token === "banned") throw new PermissionDenied();
  return id === undefined ? null : { user: { id: Number(id) }, session: { token: token.length } };
}

const frame = { action: "authenticate", token: "user:5", request_id: 1 };
const accepted = success("authenticate", 1, { authenticated: true });

describe("a token over an open connection", () => {
  test("sets user and session, and every consumer of the socket looks again before the answer", async () => {
    const server = await startServer(Multiplexer({ a: WhoConsumer, b: WhoConsumer }), { authenticateToken });
    const client = await connect(server);
    client.sendJson({ stream: "a", payload: frame });
    expect([await client.receiveJson(), await client.receiveJson(), await client.receiveJson()]).toEqual([
      { stream: "a", payload: { refreshed: 5 } },
      { stream: "b", payload: { refreshed: 5 } },
      { stream: "a", payload: accepted },
    ]);
    client.sendJson({ stream: "b", payload: { action: "who", request_id: 2 } });
    expect(await client.receiveJson()).toMatchObject({ payload: { data: { user: { id: 5 }, session: { token: 6 } } } });
  });

  test("is taken on a plain socket and by the test communicator alike", async () => {
    const client = await connect(await startServer(WhoConsumer, { authenticateToken }));
    client.sendJson(frame);
    const communicator = await connected(WhoConsumer, { settings: { authenticateToken } });
    communicator.send(frame);
    for (const receive of [() => client.receiveJson(), () => communicator.receive()]) {
      expect(await receive()).toEqual({ refreshed: 5 });
      expect(await receive()).toEqual(accepted);
    }
  });

  test.each([
    ["is nobody's", "wrong", failure("authenticate", 1, 401, "Incorrect authentication credentials.")],
    [
      "is refused by an error of its own",
      "banned",
      failure("authenticate", 1, 403, "You do not have permission to perform this action."),
    ],
    ["is missing", undefined, failure("authenticate", 1, 400, { token: ["This field is required."] })],
    ["is no text", { a: 1 }, failure("authenticate", 1, 400, { token: ["Not a valid string."] })],
  ])("that %s changes nothing", async (_name, token, answer) => {
    const connection = await connected(WhoConsumer, { user: { id: 1 }, settings: { authenticateToken } });
    expect(await connection.ask({ ...frame, token })).toEqual(answer);
    expect(await connection.ask({ action: "who", request_id: 2 })).toMatchObject({ data: { user: { id: 1 } } });
  });

  test("is answered 405 by a server that takes none", async () => {
    const connection = await connected(WhoConsumer);
    expect(await connection.ask(frame)).toEqual(failure("authenticate", 1, 405, 'Method "authenticate" not allowed.'));
  });

  test("is taken from somebody whom the permissions would refuse, but not past the throttles", async () => {
    class Never extends BaseThrottle {
      override allowRequest(): boolean {
        return isAllowed;
      }
    }
    let isAllowed = true;
    class Guarded extends WhoConsumer {
      override permissionClasses = [IsAuthenticated];
      override throttleClasses = [Never];
    }
    const connection = await connected(Guarded, { settings: { authenticateToken } });
    expect(await connection.ask({ action: "who", request_id: 0 })).toMatchObject({ response_status: 403 });
    expect(await connection.ask(frame)).toEqual({ refreshed: 5 });
    expect(await connection.receive()).toEqual(accepted);
    expect(await connection.ask({ action: "who", request_id: 2 })).toMatchObject({ response_status: 200 });
    isAllowed = false;
    expect(await connection.ask(frame)).toMatchObject({ response_status: 429 });
  });

  test("gives way to an action of the application by the same name, which permissions judge", async () => {
    class Own extends WhoConsumer {
      override permissionClasses = [IsAuthenticated];
      authenticate = action(() => "mine");
    }
    const stranger = await connected(Own, { settings: { authenticateToken } });
    expect(await stranger.ask(frame)).toMatchObject({ response_status: 403 });
    const known = await connected(Own, { user: { id: 1, isActive: true }, settings: { authenticateToken } });
    expect(await known.ask(frame)).toMatchObject({ data: "mine", response_status: 200 });
  });
});

describe("revoking after a token over the connection", () => {
  test("finds the new user and no longer the old one", async () => {
    const server = await startServer(WhoConsumer, { authenticate: () => ({ user: { id: 1 } }), authenticateToken });
    const client = await connect(server);
    client.sendJson(frame);
    expect([await client.receiveJson(), await client.receiveJson()]).toEqual([{ refreshed: 5 }, accepted]);
    await server.revoke(1);
    client.sendJson({ action: "who", request_id: 2 });
    expect(await client.receiveJson()).toMatchObject({ action: "who" });
    await server.revoke(5);
    expect((await client.receiveClose()).code).toBe(4401);
  });

  test("with { close: false } asks the token again, not the handshake", async () => {
    let isValid = true;
    const server = await startServer(WhoConsumer, { authenticateToken: (token) => (isValid ? authenticateToken(token) : null) });
    const client = await connect(server);
    client.sendJson(frame);
    expect([await client.receiveJson(), await client.receiveJson()]).toEqual([{ refreshed: 5 }, accepted]);
    await server.revoke(5, { close: false });
    expect(await client.receiveJson()).toEqual({ refreshed: 5 });
    isValid = false;
    await server.revoke(5, { close: false });
    expect((await client.receiveClose()).code).toBe(4401);
  });

  test("while the token is being looked at, has it looked at again", async () => {
    const asked = new Gate();
    const gate = new Gate();
    let isValid = true;
    const server = await startServer(WhoConsumer, {
      authenticateToken: async (token) => {
        const identity = isValid ? await authenticateToken(token) : null;
        asked.open();
        await gate.opened;
        return identity;
      },
    });
    const client = await connect(server);
    client.sendJson(frame);
    await asked.opened;
    isValid = false;
    await server.revoke(5);
    gate.open();
    expect(await client.receiveJson()).toMatchObject({ action: "authenticate", response_status: 401 });
  });
});
