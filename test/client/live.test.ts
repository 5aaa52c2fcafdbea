import { beforeEach, expect, test } from "vitest";
import type { LiveQuery } from "../../src/client.ts";
import type { RestwaveServer } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Board, openBoard } from "./board.ts";
import { when } from "./when.ts";

describeOnDatabases("live queries of a client", (on) => {
  let board: Board;
  let server: RestwaveServer;
  beforeEach(async () => {
    board = await openBoard(on);
    server = await board.serve();
  });

  test("are what the server has, in its order, while somebody listens", async () => {
    await board.Task.objects.bulkCreate([{ title: "b" }, { title: "a" }]);
    const { tasks } = board.client(server.url);
    const list = tasks.live({ ordering: "title", filters: { done: false } });
    expect(list.getSnapshot()).toEqual({ status: "idle", data: undefined, error: null });
    const stop = list.subscribe(() => undefined);
    expect(list.status).toBe("loading");
    expect((await list.ready()).map(({ title }) => title)).toEqual(["a", "b"]);
    await board.Task.objects.create({ title: "aa" });
    await board.Task.objects.filter({ title: "b" }).update({ done: true });
    await when(list, ({ data }) => data?.length === 2 && data[1]?.title === "aa");
    expect(list.data?.map(({ title }) => title)).toEqual(["a", "aa"]);
    stop();
  });

  test("keep what has not changed: rows, lists and snapshots are the same objects", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }, { title: "3" }]);
    const { tasks } = board.client(server.url);
    const list = tasks.live({});
    const seen = await list.ready();
    const stop = list.subscribe(() => undefined);
    await board.Task.objects.filter({ id: 2 }).update({ title: "two" });
    await when(list, ({ data }) => data?.[1]?.title === "two");
    expect(list.data?.[0]).toBe(seen[0]);
    expect(list.data?.[1]).not.toBe(seen[1]);
    expect(list.data?.[2]).toBe(seen[2]);
    const before = list.getSnapshot();
    await board.Task.objects.filter({ id: 2 }).update({ title: "two" });
    await board.db.changes.markLost(board.Task);
    await tasks.retrieve(1);
    const other = tasks.liveCount({});
    await other.ready();
    expect(list.getSnapshot()).toBe(before);
    stop();
  });

  test("that ask for the same are one, with one subscription on the server", async () => {
    const client = board.client(server.url, { gracePeriod: 0 });
    const list = client.tasks.live({ filters: { done: false }, ordering: "title" });
    expect(client.tasks.live({ ordering: "title", filters: { done: false } })).toBe(list);
    expect(client.tasks.live({ filters: { done: true }, ordering: "title" })).not.toBe(list);
    const stops = [list.subscribe(() => undefined), list.subscribe(() => undefined)];
    await list.ready();
    stops[0]?.();
    await board.Task.objects.create({ title: "x" });
    await when(list, ({ data }) => data?.length === 1);
    stops[1]?.();
    // Timers of one length end in the order in which they began.
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(list.status).toBe("idle");
    expect(list.data).toHaveLength(1);
  });

  test("of one row show its changes and its end", async () => {
    const { id } = await board.Task.objects.create({ title: "x" });
    const { tasks } = board.client(server.url);
    const row = tasks.liveInstance(id);
    const stop = row.subscribe(() => undefined);
    expect(await row.ready()).toMatchObject({ title: "x" });
    await board.Task.objects.filter({ id }).update({ title: "y" });
    await when(row, ({ data }) => data?.title === "y");
    await board.Task.objects.filter({ id }).delete();
    await when(row, ({ data }) => data === null);
    stop();
    await expect(tasks.liveInstance(99).ready()).rejects.toMatchObject({ status: 404 });
  });

  test("of a count count", async () => {
    const { tasks } = board.client(server.url);
    const count = tasks.liveCount({ filters: { done: false } });
    const stop = count.subscribe(() => undefined);
    expect(await count.ready()).toBe(0);
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    await when(count, ({ data }) => data === 2);
    stop();
  });

  test("of a page stay one page, with what it says of the others", async () => {
    await board.Task.objects.bulkCreate([1, 2, 3].map((priority) => ({ title: `${priority}`, priority })));
    const { pages } = board.client(server.url);
    const page = pages.live({ limit: 2, ordering: "-priority" });
    const stop = page.subscribe(() => undefined);
    expect((await page.ready()).map(({ title }) => title)).toEqual(["3", "2"]);
    expect(page.page).toEqual({ count: 3, limit: 2, offset: 0 });
    await board.Task.objects.filter({ title: "3" }).delete();
    await when(page, ({ data }) => data?.[0]?.title === "2");
    expect(page.data?.map(({ title }) => title)).toEqual(["2", "1"]);
    stop();
  });

  test.each(["restwave.v1", "dcrf"] as const)("show no half of a transaction (%s)", async (protocol) => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { tasks } = board.client(server.url, { protocol });
    const list = tasks.live({});
    const sizes: unknown[] = [];
    const stop = list.subscribe(() => sizes.push(list.data?.length));
    await list.ready();
    await board.db.atomic(async () => {
      await board.Task.objects.filter({ id: 1 }).delete();
      await board.Task.objects.bulkCreate([{ title: "3" }, { title: "4" }, { title: "5" }]);
    });
    await when(list, ({ data }) => data?.length === 4);
    expect(sizes).toEqual([undefined, 2, 4]);
    stop();
  });

  test("that are refused say why", async () => {
    const { tasks } = board.client(server.url);
    // @ts-expect-error there is no such filter
    const list: LiveQuery<unknown> = tasks.live({ filters: { nothing: 1 } });
    await expect(list.ready()).rejects.toMatchObject({ status: 400, name: "APIError" });
    expect(list.status).toBe("failed");
  });
});
