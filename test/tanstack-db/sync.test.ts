import { BTreeIndex, createCollection, createLiveQueryCollection, eq, gt } from "@tanstack/db";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../../src/client.ts";
import { restwaveCollectionOptions } from "../../src/tanstack-db.ts";
import type { FaultProxy } from "../../src/testing.ts";
import { LiveHub } from "../../src/observers/live-hub.ts";
import type { Board } from "../client/board.ts";
import { openBehindProxy, quick } from "../client/open-behind-proxy.ts";
import { when } from "../client/when.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { tasksOf } from "./tasks-of.ts";
import { until } from "./until.ts";

describeOnDatabases("a collection", (on) => {
  let board: Board;
  let proxy: FaultProxy;
  beforeEach(async () => {
    ({ board, proxy } = await openBehindProxy(on));
  });

  test("is ready with the rows of the list, and follows what others do", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2", priority: 5 }]);
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    expect(tasks.get(2)).toMatchObject({ id: 2, title: "2", priority: 5, done: false });
    await board.Task.objects.create({ title: "3" });
    await until(tasks, ({ size }) => size === 3);
    await board.Task.objects.filter({ title: "1" }).update({ title: "one" });
    await until(tasks, ({ toArray }) => toArray[0]?.title === "one");
    await board.Task.objects.filter({ title: "2" }).delete();
    await until(tasks, ({ size }) => size === 2);
    expect(shown).toEqual(["1,2", "1,2,3", "one,2,3", "one,3"]);
  });

  test("takes each transaction of the server's as one", async () => {
    await board.Task.objects.create({ title: "1" });
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    await board.db.atomic(async () => {
      await board.Task.objects.filter({ title: "1" }).delete();
      await board.Task.objects.bulkCreate([{ title: "2" }, { title: "3" }]);
    });
    await until(tasks, ({ size }) => size === 2);
    expect(shown).toEqual(["1", "2,3"]);
  });

  test("is ready without any row, and holds only what its list does", async () => {
    const client = board.client(proxy.url, quick);
    const list = { filters: { done: false } };
    const open = createCollection(restwaveCollectionOptions({ resource: client.tasks, list }));
    await open.preload();
    expect(open.size).toBe(0);
    await board.Task.objects.create({ title: "a" });
    await until(open, ({ size }) => size === 1);
    const written = open.update(1, (task) => {
      task.done = true;
    });
    await written.when("settled");
    expect(open.size).toBe(0);
  });

  test("holds a page of a resource that has pages", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }, { title: "3" }]);
    const client = board.client(proxy.url, quick);
    const page = createCollection(restwaveCollectionOptions({ resource: client.pages, list: { ordering: "-id", limit: 2 } }));
    expect((await page.toArrayWhenReady()).map(({ title }) => title).toSorted()).toEqual(["2", "3"]);
    await board.Task.objects.create({ title: "4" });
    await until(page, ({ toArray }) => toArray.some(({ title }) => title === "4"));
    expect(page.toArray.map(({ title }) => title).toSorted()).toEqual(["3", "4"]);
  });

  test("is joined, filtered and ordered with others on the spot, and stays so", async () => {
    await board.Task.objects.bulkCreate([
      { title: "open 1", priority: 1 },
      { title: "open 2", priority: 2 },
      { title: "done 2", priority: 2, done: true },
    ]);
    const client = board.client(proxy.url, quick);
    const of = (done: boolean) =>
      createCollection(restwaveCollectionOptions({ resource: client.tasks, list: { filters: { done } } }));
    const [open, done] = [of(false), of(true)];
    for (const tasks of [open, done]) tasks.createIndex((row) => row.priority, { indexType: BTreeIndex });
    const pairs = createLiveQueryCollection((q) =>
      q
        .from({ mine: open })
        .innerJoin({ like: done }, ({ mine, like }) => eq(mine.priority, like.priority))
        .where(({ mine }) => gt(mine.priority, 0))
        .orderBy(({ mine }) => mine.title, "desc")
        .select(({ mine, like }) => ({ mine: mine.title, like: like.title })),
    );
    const shown = () => pairs.toArray.map(({ mine, like }) => `${mine} = ${like}`);
    await pairs.preload();
    expect(shown()).toEqual(["open 2 = done 2"]);
    await board.Task.objects.create({ title: "done 1", priority: 1, done: true });
    await until(pairs, ({ size }) => size === 2);
    expect(shown()).toEqual(["open 2 = done 2", "open 1 = done 1"]);
    const moved = open.update(2, (task) => {
      task.priority = 1;
    });
    expect(shown()).toEqual(["open 2 = done 1", "open 1 = done 1"]);
    await moved.when("settled");
    expect(shown()).toEqual(["open 2 = done 1", "open 1 = done 1"]);
  });

  test("goes on after a broken connection, and tells meanwhile that it may be old", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    const { live } = tasks.utils;
    expect(live.status).toBe("live");
    proxy.refuse();
    proxy.cut();
    await when(live, ({ status }) => status === "stale");
    expect([tasks.status, tasks.size]).toEqual(["ready", 2]);
    await board.Task.objects.filter({ title: "2" }).delete();
    await board.Task.objects.create({ title: "3" });
    proxy.accept();
    await when(live, ({ status }) => status === "live");
    expect(shown.at(0)).toBe("1,2");
    await until(tasks, ({ toArray }) => toArray.map(({ title }) => title).join() === "1,3");
  });

  test("unsubscribes on the server when it is not used any more, and can be used again", async () => {
    await board.Task.objects.create({ title: "1" });
    const client = board.client(proxy.url, { ...quick, gracePeriod: 0 });
    const { tasks } = await tasksOf(client);
    const unsubscribed = proxy.message("toServer", "unsubscribe_list");
    await tasks.cleanup();
    await unsubscribed;
    while (LiveHub.of(board.db).size > 0) await client.tasks.list();
    await board.Task.objects.create({ title: "2" });
    await tasks.preload();
    expect(tasks.toArray.map(({ title }) => title)).toEqual(["1", "2"]);
  });

  test("is in error when the server refuses the list", async () => {
    await tasksOf(board.client(proxy.url, quick));
    const client = createClient(`${proxy.url}/alone/`, { WebSocket });
    onTestFinished(() => client.close());
    const list = { filters: { nothing: 1 } };
    const tasks = createCollection(restwaveCollectionOptions({ resource: client, list, getKey: ({ id }) => Number(id) }));
    await expect(tasks.preload()).rejects.toMatchObject({ status: 400 });
    expect(tasks.status).toBe("error");
    expect(tasks.utils.live.error).toMatchObject({ status: 400 });
  });

  test("takes the key that it is told, and handlers in place of its own", async () => {
    await board.Task.objects.create({ title: "a" });
    const client = board.client(proxy.url, quick);
    const tasks = createCollection(
      restwaveCollectionOptions({
        resource: client.tasks,
        getKey: ({ title }) => title,
        onDelete: async ({ transaction }) => {
          const [{ original }] = transaction.mutations;
          await client.tasks.delete(original.id, { waitForChanges: true });
        },
      }),
    );
    await tasks.preload();
    expect(tasks.get("a")?.id).toBe(1);
    await tasks.delete("a").when("settled");
    expect(tasks.size).toBe(0);
    expect(await board.Task.objects.count()).toBe(0);
  });
});
