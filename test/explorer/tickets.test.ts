import { describe, expect, test } from "vitest";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { action } from "../../src/consumers/action.ts";
import type { ExplorerUser } from "../../src/explorer.ts";
import type { ExplorerTicket, ListedUser } from "../../src/explorer/inspection.ts";
import { createHttpHandler } from "../../src/http.ts";
import { path } from "../../src/routing/path.ts";
import type { WebsocketClient } from "../../src/testing/websocket-client.ts";
import { connect, ask, get, startExplored } from "./start-explored.ts";
import { startServer } from "../transports/test-server.ts";

class WhoConsumer extends AsyncAPIConsumer {
  who = action(() => this.scope.user);
}

const routes = [path("ws/", WhoConsumer)];

/** A clock that is moved, users that come and go, and an inspector to log in with. */
async function start() {
  const clock = { now: 1_700_000_000_000 };
  const users = new Map<string, ExplorerUser>(
    ["ada", "grace"].map((name, index) => {
      const id = String(index + 1);
      return [id, { id, name, identity: { user: { id: index + 1 }, session: { theme: name } } }];
    }),
  );
  const find = async (search: string) => [...users.values()].filter(({ name }) => name.includes(search));
  const server = await startExplored(
    { routes, authenticate: () => ({ user: { id: 99 } }), clock: () => clock.now },
    { users: find },
  );
  const inspector = await server.connect("/explorer/ws/");
  const logIn = async (user: ListedUser = { id: "1", name: "ada" }): Promise<ExplorerTicket> =>
    (await ask<ExplorerTicket>(inspector, "log_in_as", user)).data;
  const open = (ticket: string): Promise<WebsocketClient> => server.connect(`/ws/?explorer_ticket=${ticket}`);
  return { clock, users, server, inspector, logIn, open };
}

describe("users", () => {
  test("are found by a search, with nothing of who they are but id and name", async () => {
    const { inspector } = await start();
    expect(await ask(inspector, "users", { search: "gr" })).toMatchObject({ status: 200, data: [{ id: "2", name: "grace" }] });
    expect((await ask<object[]>(inspector, "users")).data).toEqual([
      { id: "1", name: "ada" },
      { id: "2", name: "grace" },
    ]);
    expect(await ask(inspector, "users", { search: 1 })).toMatchObject({ status: 400 });
  });

  test("are at most 50", async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ id: String(index), name: "x", identity: { user: { id: index } } }));
    const server = await startExplored({ routes }, { users: () => many });
    expect((await ask<object[]>(await server.connect("/explorer/ws/"), "users")).data).toHaveLength(50);
  });

  test("without the option there are none, and tickets mean nothing", async () => {
    const server = await startExplored({ routes });
    const inspector = await server.connect("/explorer/ws/");
    expect(await ask(inspector, "users")).toMatchObject({ status: 405 });
    expect(await ask(inspector, "log_in_as", { id: "1", name: "ada" })).toMatchObject({ status: 405 });
    const client = await server.connect("/ws/?explorer_ticket=anything");
    expect(await ask(client, "who")).toMatchObject({ data: null });
  });
});

describe("a ticket", () => {
  test("opens one connection as its user, whoever the browser is", async () => {
    const { logIn, open, server } = await start();
    const { ticket, opensFor, sendsFor } = await logIn({ id: "2", name: "grace" });
    expect([opensFor, sendsFor]).toEqual([30_000, 300_000]);
    expect(Buffer.from(ticket, "base64url").length * 8).toBeGreaterThanOrEqual(128);
    expect(await ask(await open(ticket), "who")).toMatchObject({ data: { id: 2 } });
    await expect(open(ticket)).rejects.toMatchObject({ status: 401 });
    expect(await ask(await server.connect("/ws/"), "who")).toMatchObject({ data: { id: 99 } });
  });

  test("is good for 30 seconds", async () => {
    const { clock, logIn, open } = await start();
    const [first, second] = [await logIn(), await logIn()];
    clock.now += 29_999;
    expect(await ask(await open(first.ticket), "who")).toMatchObject({ data: { id: 1 } });
    clock.now += 1;
    await expect(open(second.ticket)).rejects.toMatchObject({ status: 401, body: expect.stringContaining("Ask for a new one") });
  });

  test("that nobody gave out opens nothing: who brings one means to be somebody else", async () => {
    const { open } = await start();
    for (const wrong of ["", "x", "A".repeat(43)]) await expect(open(wrong), wrong).rejects.toMatchObject({ status: 401 });
  });

  test("is given for users whom the application names only", async () => {
    const { inspector } = await start();
    expect(await ask(inspector, "log_in_as", { id: "3", name: "ada" })).toMatchObject({ status: 404 });
    expect(await ask(inspector, "log_in_as", { id: "1", name: "nobody" })).toMatchObject({ status: 404 });
    expect(await ask(inspector, "log_in_as", {})).toMatchObject({ status: 400 });
  });

  test("of one explorer is none of another", async () => {
    const [one, other] = [await start(), await start()];
    await expect(other.open((await one.logIn()).ticket)).rejects.toMatchObject({ status: 401 });
  });

  test("does not make the explorer's own requests its user's", async () => {
    const { logIn, server } = await start();
    const { ticket } = await logIn();
    await server.connect(`/explorer/ws/?explorer_ticket=${ticket}`);
    const client = await server.connect(`/ws/?explorer_ticket=${ticket}`);
    expect(await ask(client, "who")).toMatchObject({ data: { id: 1 } });
  });

  test("is shown by no inspector", async () => {
    const { logIn, open, inspector } = await start();
    const { ticket } = await logIn();
    await open(ticket);
    inspector.sendJson({ action: "watch", request_id: "watch" });
    expect(await inspector.receiveText()).toContain('"path":"/ws/"');
    inspector.sendJson({ action: "cancel", request_id: 2, cancel_request_id: "watch" });
    expect(await inspector.receiveText()).not.toContain(ticket);
  });
});

describe("a connection of a ticket", () => {
  test("survives a re-examination for as long as its user is found, with what the user is then", async () => {
    const { logIn, open, users, server } = await start();
    const client = await open((await logIn()).ticket);
    users.set("1", { id: "1", name: "ada", identity: { user: { id: 1, isStaff: true } } });
    await server.revoke(1, { close: false });
    expect(await ask(client, "who")).toMatchObject({ data: { id: 1, isStaff: true } });
    users.delete("1");
    await server.revoke(1, { close: false });
    expect(await client.receiveClose()).toMatchObject({ code: 4401 });
  });

  test("is closed when the user's rights are revoked for good", async () => {
    const { logIn, open, server } = await start();
    const client = await open((await logIn()).ticket);
    await server.revoke(1);
    expect(await client.receiveClose()).toMatchObject({ code: 4401 });
  });
});

describe("over HTTP", () => {
  test("a ticket is sent as a header, for five minutes, as often as is wanted", async () => {
    const { clock, logIn, server } = await start();
    const api = createHttpHandler(server.explorer.httpOptions);
    const { ticket } = await logIn();
    const who = async (headers: Record<string, string>) => {
      const answer = await api(new Request("http://localhost/api/whos/who/", { method: "POST", headers }));
      return [answer?.status, await answer?.json()];
    };
    expect(await who({ "x-explorer-ticket": ticket })).toEqual([200, { id: 1 }]);
    clock.now += 299_999;
    expect(await who({ "x-explorer-ticket": ticket })).toEqual([200, { id: 1 }]);
    clock.now += 1;
    expect(await who({ "x-explorer-ticket": ticket })).toEqual([401, expect.anything()]);
    expect(await who({})).toEqual([200, { id: 99 }]);
  });

  test("serve does the same", async () => {
    const server = await startServer(WhoConsumer, {
      httpApi: true,
      explorer: { users: () => [{ id: "5", name: "eve", identity: { user: { id: 5 } } }] },
    });
    const inspector = await connect(server.port, "/explorer/ws/");
    const { data } = await ask<ExplorerTicket>(inspector, "log_in_as", { id: "5", name: "eve" });
    const headers = { "x-explorer-ticket": data.ticket };
    expect(await get(server.port, "/api/whos/who/", { method: "POST", headers })).toMatchObject({
      status: 200,
      text: '{"id":5}',
    });
    const client = await connect(server.port, `/ws/?explorer_ticket=${data.ticket}`);
    expect(await ask(client, "who")).toMatchObject({ data: { id: 5 } });
  });
});
