import { beforeEach, expect, test } from "vitest";
import { APIError } from "../../src/client.ts";
import type { FaultProxy } from "../../src/testing.ts";
import type { Board } from "../client/board.ts";
import { openBehindProxy, quick } from "../client/open-behind-proxy.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { tasksOf } from "./tasks-of.ts";
import { until } from "./until.ts";

describeOnDatabases("what is written to a collection", (on) => {
  let board: Board;
  let proxy: FaultProxy;
  beforeEach(async () => {
    ({ board, proxy } = await openBehindProxy(on));
  });

  /** Stops what goes to the server behind the next write and what tells of its changes. @returns a promise of that. */
  async function holdBehindNextWrite(): Promise<void> {
    await proxy.message("toServer", "settle");
    proxy.hold("toServer");
  }

  test("shows a changed row at once, and goes over to the server's without a step back", async () => {
    const { id } = await board.Task.objects.create({ title: "a" });
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    proxy.hold("toServer");
    const written = tasks.update(id, (task) => {
      task.title = "b";
    });
    expect(tasks.get(id)).toMatchObject({ title: "b", $synced: false });
    proxy.release("toServer");
    await written.when("settled");
    expect(tasks.get(id)).toMatchObject({ title: "b", $synced: true });
    await board.Task.objects.filter({ id }).update({ title: "c" });
    await until(tasks, ({ toArray }) => toArray[0]?.title === "c");
    expect(shown).toEqual(["a", "b", "c"]);
  });

  test("shows a new row once, first with the key that it was given, then with the server's", async () => {
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    proxy.hold("toServer");
    const written = tasks.insert({ id: -1, title: "new", priority: 3, done: false });
    expect(tasks.get(-1)?.title).toBe("new");
    proxy.release("toServer");
    await written.when("settled");
    const made = await board.Task.objects.get({ title: "new" });
    expect([...tasks.keys()]).toEqual([made.id]);
    expect(tasks.get(made.id)).toMatchObject({ title: "new", priority: 3, done: false, $synced: true });
    await board.Task.objects.create({ title: "other" });
    await until(tasks, ({ size }) => size === 2);
    expect(shown).toEqual(["", "new", "new,other"]);
  });

  test("cannot change a new row by the key that only the client knows", async () => {
    const { tasks } = await tasksOf(board.client(proxy.url, quick));
    const inserted = tasks.insert({ id: -1, title: "new", priority: 0, done: false });
    const changed = tasks.update(-1, (task) => {
      task.title = "newer";
    });
    await expect(changed.when("settled")).rejects.toMatchObject({ status: 404 });
    await inserted.when("settled");
    expect(tasks.toArray).toMatchObject([{ id: 1, title: "new" }]);
  });

  test("takes a row away at once, and it does not come back", async () => {
    const [first, second] = await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    proxy.hold("toServer");
    const written = tasks.delete(first?.id ?? 0);
    expect(tasks.size).toBe(1);
    proxy.release("toServer");
    await written.when("settled");
    expect(await board.Task.objects.filter({ id: first?.id ?? 0 }).count()).toBe(0);
    await board.Task.objects.filter({ id: second?.id ?? 0 }).update({ title: "two" });
    await until(tasks, ({ toArray }) => toArray[0]?.title === "two");
    expect(shown).toEqual(["1,2", "2", "two"]);
  });

  test("is taken back when the server refuses it, with the server's reason", async () => {
    const { id } = await board.Task.objects.create({ title: "a" });
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    const patched = tasks.update(id, (task) => {
      task.title = "";
    });
    const refused: unknown = await patched.when("settled").catch((error: unknown) => error);
    if (!(refused instanceof APIError)) throw refused;
    expect(refused).toMatchObject({ status: 400, fieldErrors: { title: [expect.any(String)] } });
    await expect(tasks.insert({ id: -1, title: "", priority: 0, done: false }).when("settled")).rejects.toBeInstanceOf(APIError);
    await board.Task.objects.filter({ id }).delete();
    await until(tasks, ({ size }) => size === 0);
    expect(shown).toEqual(["a", "", "a", "a,", "a", ""]);
  });

  test("stays while another write is on its way behind it", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    const held = holdBehindNextWrite();
    const first = tasks.update(1, (task) => {
      task.title = "one";
    });
    await held;
    const second = tasks.delete(2);
    await first.when("settled");
    proxy.release("toServer");
    await second.when("settled");
    expect(shown).toEqual(["1,2", "one,2", "one"]);
  });

  test("sends several rows of one transaction, and tells when one of them was refused", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    const both = tasks.update([1, 2], (rows) => {
      for (const row of rows) row.priority = 9;
    });
    await both.when("settled");
    expect(await board.Task.objects.filter({ priority: 9 }).count()).toBe(2);
    const one = tasks.update([1, 2], ([first, second]) => {
      if (first !== undefined) first.title = "";
      if (second !== undefined) second.title = "two";
    });
    await expect(one.when("settled")).rejects.toMatchObject({ status: 400 });
    // What the server took stays.
    expect(shown).toEqual(["1,2", ",two", "1,two"]);
  });

  test("is taken back when the connection is closed for good", async () => {
    await board.Task.objects.create({ title: "a" });
    const client = board.client(proxy.url, quick);
    const { tasks, shown } = await tasksOf(client);
    proxy.hold("toServer");
    const written = tasks.delete(1);
    client.close();
    await expect(written.when("settled")).rejects.toMatchObject({ code: "closed" });
    expect(shown).toEqual(["a", "", "a"]);
  });

  test("survives lost answers and lost requests, and is applied once", async () => {
    await board.Task.objects.create({ title: "a" });
    const { tasks, shown } = await tasksOf(board.client(proxy.url, quick));
    for (let round = 0; round < 10; round += 1) {
      if (round % 2 === 0) proxy.dropAnswer('"action":"patch"');
      else proxy.dropRequest('"action":"patch"');
      const written = tasks.update(1, (task) => {
        task.title = `b${round}`;
      });
      await written.when("settled");
    }
    proxy.dropAnswer('"action":"create"');
    await tasks.insert({ id: -1, title: "z", priority: 0, done: false }).when("settled");
    const rounds = Array.from({ length: 10 }, (_each, round) => `b${round}`);
    expect(shown.map((titles) => titles.split(",").toSorted().join())).toEqual(["a", ...rounds, "b9,z"]);
    expect(await board.Task.objects.count()).toBe(2);
  });
});
