import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createClient } from "../../src/client.ts";
import type { RestwaveServer } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Board, openBoard } from "./board.ts";
import { when } from "./when.ts";

/** The errors that nobody caught, while the test runs. */
function uncaught(): Error[] {
  const errors: Error[] = [];
  const known = process.listeners("uncaughtException");
  const note = (error: Error): void => void errors.push(error);
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", note);
  onTestFinished(() => {
    process.off("uncaughtException", note);
    for (const listener of known) process.on("uncaughtException", listener);
  });
  return errors;
}

describeOnDatabases("a client whose application makes mistakes", (on) => {
  let board: Board;
  let server: RestwaveServer;
  beforeEach(async () => {
    board = await openBoard(on);
    server = await board.serve();
  });

  test("tells the others when a listener throws, and says so", async () => {
    const errors = uncaught();
    const { tasks } = board.client(server.url);
    const [broken, well] = [tasks.live({ ordering: "id" }), tasks.live({ ordering: "-id" })];
    const stops = [
      broken.subscribe(() => {
        throw new TypeError("a listener's own mistake");
      }),
      well.subscribe(() => undefined),
    ];
    await Promise.all([broken.ready(), well.ready()]);
    for (let n = 1; n <= 3; n += 1) {
      await board.Task.objects.create({ title: `${n}` });
      await when(well, ({ data }) => data?.length === n);
    }
    expect(broken.data).toHaveLength(3);
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ message }) => message))).toEqual(new Set(["a listener's own mistake"]));
    for (const stop of stops) stop();
  });

  test("sends the write when its optimistic change throws, and shows what the server says", async () => {
    const errors = uncaught();
    await board.Task.objects.create({ title: "a" });
    const { tasks } = board.client(server.url);
    const list = tasks.live({});
    const stop = list.subscribe(() => undefined);
    await list.ready();
    const broken = (): never => {
      throw new TypeError("an optimistic mistake");
    };
    expect(await tasks.patch(1, { title: "b" }, { optimistic: broken })).toMatchObject({ title: "b" });
    await when(list, ({ data }) => data?.[0]?.title === "b");
    expect(errors.map(({ message }) => message)).toEqual(["an optimistic mistake"]);
    stop();
  });

  test("gives all pages of a streamed list, however late they are taken", async () => {
    await board.Task.objects.bulkCreate([1, 2, 3, 4, 5].map((n) => ({ title: `${n}` })));
    const client = board.client(server.url);
    const pages = client.streamed.list({ limit: 2 });
    await client.tasks.list();
    await client.tasks.list();
    const sizes: number[] = [];
    for await (const { results } of pages) sizes.push(results.length);
    expect(sizes).toEqual([2, 2, 1]);
  });

  test("says at once that there is no WebSocket, or no such URL", async () => {
    vi.stubGlobal("WebSocket", undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const without = createClient(server.url);
    await expect(without["tasks"]?.["list"]?.()).rejects.toMatchObject({ code: "no_websocket" });
    const nowhere = board.client("no url at all");
    await expect(nowhere.tasks.list()).rejects.toMatchObject({ code: "closed", message: expect.stringContaining("URL") });
  });

  test("may have a thousand requests under way, each with an optimistic change", async () => {
    const { tasks } = board.client(server.url);
    const list = tasks.live({});
    const stop = list.subscribe(() => undefined);
    await list.ready();
    const numbers = Array.from({ length: 300 }, (_each, n) => n);
    const writes = numbers.map((n) => tasks.create({ title: `${n}` }, { optimistic: n % 2 === 0 }));
    const reads = numbers.map(() => tasks.list({ filters: { title: "0" } }));
    expect((await Promise.all(writes)).map(({ title }) => Number(title))).toEqual(numbers);
    expect(await Promise.all(reads)).toHaveLength(300);
    await when(list, ({ data }) => data?.length === 300 && data.every(({ id }) => typeof id === "number"));
    stop();
  });

  test("is not told old data for new", async () => {
    const { tasks } = board.client(server.url, { gracePeriod: 0 });
    const list = tasks.live({});
    expect(await list.ready()).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(list.status).toBe("idle");
    await board.Task.objects.create({ title: "x" });
    expect(await list.ready()).toHaveLength(1);
  });

  test("comes to an end with live data that has failed", async () => {
    const client = board.client(server.url);
    const list = client.tasks.live({});
    const seen: string[] = [];
    for await (const { status } of list) {
      seen.push(status);
      if (status === "live") client.close();
    }
    expect(seen).toEqual(["loading", "live", "failed"]);
  });

  test("may change the arguments that it has given, and use dates", async () => {
    const { tasks } = board.client(server.url);
    const filters = { done: false };
    const list = tasks.live({ filters });
    filters.done = true;
    expect(list.request.args).toEqual({ filters: { done: false } });
    const untyped = createClient(server.url);
    onTestFinished(() => untyped.close());
    const of = (year: number) => untyped["tasks"]?.live({ filters: { due: new Date(Date.UTC(year, 0)) } });
    expect(of(2026)).not.toBe(of(2027));
  });

  test("shows no new row on a page, and finds rows by other fields", async () => {
    await board.Task.objects.bulkCreate([{ title: "a" }, { title: "b" }]);
    const client = board.client(server.url);
    const [page, list] = [client.pages.live({ limit: 2 }), client.tasks.live({})];
    const stops = [page, list].map((query) => query.subscribe(() => undefined));
    await Promise.all([page.ready(), list.ready()]);
    const gone = client.tasks.delete({ title: "a" }, { optimistic: true }).catch(() => undefined);
    expect(list.data).toHaveLength(1);
    await gone;
    expect(list.data).toHaveLength(2);
    const made = client.tasks.create({ title: "c" }, { optimistic: true });
    expect(list.data).toHaveLength(3);
    expect(page.data).toHaveLength(2);
    await made;
    for (const stop of stops) stop();
  });
});
