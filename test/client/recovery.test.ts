import { beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ConnectionError } from "../../src/client.ts";
import { LiveHub } from "../../src/observers/live-hub.ts";
import type { FaultProxy } from "../../src/testing.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { Board } from "./board.ts";
import { openBehindProxy, quick } from "./open-behind-proxy.ts";
import { when } from "./when.ts";

const CUTS = Number(process.env["RESTWAVE_CLIENT_CUTS"] ?? 60);

/** As that of Node 22, which says of a connection that cannot be made only that there was an error. */
class WithoutClose extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    return event === "close" ? false : super.emit(event, ...args);
  }
}

describeOnDatabases("a client over a bad network", (on) => {
  let board: Board;
  let proxy: FaultProxy;
  beforeEach(async () => {
    ({ board, proxy } = await openBehindProxy(on));
  });

  test("goes on where it stopped: what was missed follows, and nothing is read anew", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = board.client(proxy.url, quick);
    const list = client.tasks.live({ ordering: "title" });
    const stop = list.subscribe(() => undefined);
    const [first] = await list.ready();
    const states: string[] = [];
    client.connection.subscribe(() => states.push(client.connection.state.status));
    proxy.refuse();
    proxy.cut();
    await when(list, ({ status }) => status === "stale");
    await board.Task.objects.filter({ title: "2" }).delete();
    await board.Task.objects.create({ title: "3" });
    const resumed = proxy.message("toServer", "since");
    const answered = proxy.message("toClient", "subscribe_list");
    proxy.accept();
    await resumed;
    expect((await answered).text).toContain('"data":null');
    await when(list, ({ status, data }) => status === "live" && data?.[1]?.title === "3");
    expect(list.data).toHaveLength(2);
    expect(list.data?.[0]).toBe(first);
    expect([...new Set(states)]).toEqual(["reconnecting", "open"]);
    stop();
  });

  test("sends a write whose answer was lost again, and it is applied once", async () => {
    const { tasks } = board.client(proxy.url, quick);
    await tasks.list();
    for (const direction of ["answer", "request"]) {
      const lost = direction === "answer" ? proxy.dropAnswer("create") : proxy.dropRequest("create");
      const made = await tasks.create({ title: direction });
      expect(lost.hasHappened).toBe(true);
      expect(await board.Task.objects.filter({ title: direction }).count()).toBe(1);
      expect(await tasks.retrieve(made.id)).toEqual(made);
    }
  });

  test("asks again what it read, and keeps the order of what waits", async () => {
    const { tasks } = board.client(proxy.url, quick);
    await tasks.list();
    proxy.hold("toClient");
    const calls = ["a", "b", "c"].map((title) => tasks.create({ title }));
    const list = tasks.list();
    proxy.cut();
    proxy.release("toClient");
    expect((await Promise.all(calls)).map(({ title }) => title)).toEqual(["a", "b", "c"]);
    await list;
    expect((await tasks.list()).map(({ title }) => title)).toEqual(["a", "b", "c"]);
  });

  test("says of an action without a key that its answer was lost, and sends one with a key again", async () => {
    const { tasks } = board.client(proxy.url, quick);
    board.TaskConsumer.began.length = 0;
    await tasks.list();
    proxy.dropAnswer("clear");
    const lost: unknown = await tasks.clear({ done: true }).catch((error: unknown) => error);
    if (!(lost instanceof ConnectionError)) throw lost;
    expect(lost.code).toBe("answer_lost");
    proxy.dropAnswer("clear");
    const idempotencyKey = "3f1b2c9a-6c1e-4f0e-9a51-5d1f8f0f2b77";
    expect(await tasks.clear({ done: true }, { idempotencyKey })).toEqual({ left: 0 });
    expect(board.TaskConsumer.began).toEqual(["clear", "clear"]);
  });

  test("notices a network that carries nothing any more, and comes back when there is one", async () => {
    const client = board.client(proxy.url, { ...quick, heartbeat: { interval: 50, timeout: 200 }, connectTimeout: 200 });
    const list = client.tasks.live({});
    const stop = list.subscribe(() => undefined);
    await list.ready();
    proxy.blackhole();
    await when(list, ({ status }) => status === "stale");
    // One that is begun now ends nowhere.
    await proxy.connected();
    await board.Task.objects.create({ title: "meanwhile" });
    proxy.restore();
    await when(list, ({ status, data }) => status === "live" && data?.length === 1);
    stop();
  });

  test("tries again at once where the WebSocket says of a refused attempt that there was an error, and no more", async () => {
    const codes: number[] = [];
    const reconnect = ({ code }: { readonly code: number }): boolean => codes.push(code) > 0;
    proxy.refuse();
    const client = board.client(proxy.url, { ...quick, connectTimeout: 60_000, WebSocket: WithoutClose, reconnect });
    const list = client.tasks.list();
    await proxy.turnedAway(2);
    proxy.accept();
    expect(await list).toEqual([]);
    expect(new Set(codes)).toEqual(new Set([1006]));
  });

  test("follows a server that starts again in another place", async () => {
    const { tasks } = board.client(proxy.url, quick);
    const list = tasks.live({});
    const stop = list.subscribe(() => undefined);
    await list.ready();
    const next = await board.serve();
    proxy.retarget(next.url);
    proxy.end();
    await board.Task.objects.create({ title: "x" });
    await when(list, ({ status, data }) => status === "live" && data?.length === 1);
    expect(await tasks.create({ title: "y" })).toMatchObject({ title: "y" });
    stop();
  });

  test("goes on trying for ever, or gives up after the attempts that it is given: what waits fails, and every later call", async () => {
    proxy.refuse();
    const client = board.client(proxy.url, { ...quick, maxAttempts: 2 });
    const patient = board.client(proxy.url, quick);
    const states: unknown[] = [];
    client.connection.subscribe(() => states.push(client.connection.state));
    const list = client.tasks.live({});
    const stop = list.subscribe(() => undefined);
    await expect(client.tasks.list()).rejects.toMatchObject({ code: "unreachable", status: 503 });
    expect(list.getSnapshot()).toMatchObject({ status: "failed", error: { code: "unreachable" } });
    await expect(client.tasks.list()).rejects.toMatchObject({ code: "unreachable" });
    expect(states.at(-1)).toMatchObject({ status: "closed", code: 1006 });
    expect(states.filter((state) => Reflect.get(Object(state), "attempt") === 3)).toEqual([]);
    const waiting = patient.tasks.list();
    await expect.poll(() => Reflect.get(patient.connection.state, "attempt")).toBeGreaterThan(3);
    proxy.accept();
    expect(await waiting).toEqual([]);
    stop();
  });

  test("asks for live data again when the server could not go on with it, and not when it could not begin", async () => {
    const client = board.client(proxy.url, quick);
    board.TaskConsumer.unavailable = 1;
    await expect(client.tasks.live({}).ready()).rejects.toMatchObject({ status: 503 });
    board.TaskConsumer.unavailable = 0;
    const list = client.tasks.live({ ordering: "title" });
    const stop = list.subscribe(() => undefined);
    await list.ready();
    const seen = new Set<string>();
    list.subscribe(() => seen.add(list.status));
    board.TaskConsumer.unavailable = 3;
    proxy.cut();
    await board.Task.objects.create({ title: "meanwhile" });
    await when(list, ({ status, data }) => status === "live" && data?.length === 1);
    expect(board.TaskConsumer.unavailable).toBeLessThan(0);
    expect([...seen]).toEqual(["stale", "live"]);
    stop();
  });

  test("leaves nothing behind when it is closed, and what waits fails", async () => {
    const client = board.client(proxy.url);
    const list = client.tasks.live({});
    list.subscribe(() => undefined);
    await list.ready();
    const waiting = client.tasks.waitForEver({});
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    expect(list.getSnapshot()).toMatchObject({ status: "failed", error: { code: "closed" }, data: [] });
    await expect(client.tasks.list()).rejects.toBeInstanceOf(ConnectionError);
    expect(client.connection.state).toEqual({ status: "closed", code: 1000, reason: "" });
    const other = board.client(proxy.url);
    while (LiveHub.of(board.db).size > 0) await other.tasks.list();
  });

  test(`loses nothing and doubles nothing through ${CUTS} cuts`, { timeout: 60_000 + CUTS * 500 }, async () => {
    const client = board.client(proxy.url, { backoff: { initial: 5, max: 20 } });
    const lists = [
      client.tasks.live({}),
      client.tasks.live({ ordering: "-priority", filters: { done: false } }),
      client.pages.live({ limit: 5, ordering: "title" }),
    ];
    const count = client.tasks.liveCount({});
    const stops = [...lists, count].map((query) => query.subscribe(() => undefined));
    const titles: string[] = [];
    const run = { isOver: false };
    const writer = async (name: string): Promise<void> => {
      for (let n = 0; !run.isOver; n += 1) {
        const made = await client.tasks.create({ title: `${name}${n}`, priority: n % 7 });
        titles.push(made.title);
        if (n % 3 === 0) await client.tasks.patch(made.id, { done: true });
      }
    };
    const writing = Promise.all([writer("a"), writer("b")]);
    for (let cut = 0; cut < CUTS; cut += 1) {
      await proxy.message("toClient", "create");
      if (cut % 3 === 0) await proxy.cutInMessage("toClient", 1 + (cut % 4)).happened();
      else if (cut % 3 === 1) await proxy.dropAnswer("create").happened();
      else proxy.cut();
    }
    run.isOver = true;
    await writing;
    const made = await board.Task.objects.orderBy("id").toArray();
    expect(made.map(({ title }) => title).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      titles.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    await when(count, ({ data, status }) => status === "live" && data === made.length);
    const [all, open, page] = lists;
    const fresh = board.client(proxy.url);
    const byId = await fresh.tasks.list();
    const told = { timeout: 15_000 };
    // The last write is answered over one connection before the lists may be told of it over another.
    await expect.poll(() => all?.data?.toSorted((a, b) => a.id - b.id), told).toEqual(byId);
    const openTasks = await fresh.tasks.list({ ordering: "-priority", filters: { done: false } });
    await expect.poll(() => open?.data, told).toEqual(openTasks);
    const { results } = await fresh.pages.list({ limit: 5, ordering: "title" });
    await expect.poll(() => page?.data, told).toEqual(results);
    await expect.poll(() => lists.map(({ status }) => status), told).toEqual(["live", "live", "live"]);
    for (const stop of stops) stop();
  });
});
