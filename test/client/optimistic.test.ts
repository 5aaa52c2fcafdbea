import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { FaultProxy } from "../../src/testing.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { Board } from "./board.ts";
import { openBehindProxy, quick } from "./open-behind-proxy.ts";
import { when } from "./when.ts";

describeOnDatabases("an optimistic write", (on) => {
  let board: Board;
  let proxy: FaultProxy;
  beforeEach(async () => {
    ({ board, proxy } = await openBehindProxy(on));
  });

  /** A live list of all tasks, and the titles that it has shown, one after another. */
  async function watched() {
    const client = board.client(proxy.url, quick);
    const list = client.tasks.live({ ordering: "id" });
    const shown: string[] = [];
    const note = (): void => {
      const titles = list.data?.map(({ title }) => title).join();
      if (titles !== undefined && shown.at(-1) !== titles) shown.push(titles);
    };
    const stop = list.subscribe(note);
    onTestFinished(stop);
    await list.ready();
    note();
    return { client, list, shown };
  }

  test("shows a changed row at once, and never less than that until the server has told of it", async () => {
    const { id } = await board.Task.objects.create({ title: "a" });
    const { client, list, shown } = await watched();
    const row = client.tasks.liveInstance(id);
    onTestFinished(row.subscribe(() => undefined));
    await row.ready();
    proxy.hold("toServer");
    const patched = client.tasks.patch(id, { title: "b" }, { optimistic: true });
    expect(list.data?.[0]?.title).toBe("b");
    expect(row.data?.title).toBe("b");
    proxy.release("toServer");
    await patched;
    await board.Task.objects.filter({ id }).update({ title: "c" });
    await when(list, ({ data }) => data?.[0]?.title === "c");
    await when(row, ({ data }) => data?.title === "c");
    expect(shown).toEqual(["a", "b", "c"]);
  });

  test("shows a new row once, first with a key of its own, then with the server's", async () => {
    const { client, list, shown } = await watched();
    const others = client.tasks.live({ filters: { done: true } });
    onTestFinished(others.subscribe(() => undefined));
    await others.ready();
    proxy.hold("toServer");
    const created = client.tasks.create({ title: "new", done: false }, { optimistic: true });
    expect(list.data).toEqual([{ id: expect.any(String), title: "new", done: false }]);
    expect(others.data).toEqual([]);
    proxy.release("toServer");
    const made = await created;
    await when(list, ({ data }) => data?.[0]?.id === made.id);
    await client.tasks.create({ title: "other" });
    await when(list, ({ data }) => data?.length === 2);
    expect(shown).toEqual(["", "new", "new,other"]);
  });

  test("takes a row away at once", async () => {
    const [first, second] = await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { client, list, shown } = await watched();
    proxy.hold("toServer");
    const gone = client.tasks.delete(first?.id ?? 0, { optimistic: true });
    expect(list.data).toHaveLength(1);
    proxy.release("toServer");
    await gone;
    await board.Task.objects.filter({ id: second?.id ?? 0 }).update({ title: "two" });
    await when(list, ({ data }) => data?.[0]?.title === "two");
    expect(shown).toEqual(["1,2", "2", "two"]);
  });

  test("is taken back when the server refuses it", async () => {
    const { id } = await board.Task.objects.create({ title: "a" });
    const { client, list, shown } = await watched();
    await expect(client.tasks.patch(id, { title: "" }, { optimistic: true })).rejects.toMatchObject({ status: 400 });
    expect(list.data?.[0]?.title).toBe("a");
    expect(shown).toEqual(["a", "", "a"]);
  });

  test("can say itself what each list shows meanwhile", async () => {
    await board.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const { client, list } = await watched();
    const patched = client.tasks.patch(1, { priority: 9 }, { optimistic: (rows) => rows.toReversed() });
    expect(list.data?.map(({ title }) => title)).toEqual(["2", "1"]);
    await patched;
    await when(list, ({ data }) => data?.[0]?.priority === 9);
  });

  test("shows a new row once also when its event comes before its answer, which was lost", async () => {
    const { client, list, shown } = await watched();
    let answer = (): void => undefined;
    const again = new Promise<void>((resolve) => (answer = resolve));
    board.TaskConsumer.gates.push(Promise.resolve(), again);
    proxy.dropAnswer('"action":"create"');
    const resumed = proxy.message("toClient", '"subscribe_list"');
    const created = client.tasks.create({ title: "new" }, { optimistic: true });
    await resumed;
    // The event has come before this answer.
    await client.tasks.list();
    expect(list.data).toEqual([{ id: expect.any(String), title: "new" }]);
    answer();
    const { id } = await created;
    await when(list, ({ data, status }) => data?.[0]?.id === id && status === "live");
    await client.tasks.create({ title: "other" });
    await when(list, ({ data }) => data?.length === 2);
    expect(shown).toEqual(["", "new", "new,other"]);
  });

  test("holds through a lost answer and a reconnection, and is applied once", async () => {
    await board.Task.objects.create({ title: "a" });
    const { client, list, shown } = await watched();
    for (let round = 0; round < 10; round += 1) {
      if (round % 2 === 0) proxy.dropAnswer('"action":"patch"');
      else proxy.dropRequest('"action":"patch"');
      await client.tasks.patch(1, { title: `b${round}` }, { optimistic: true });
    }
    await client.tasks.create({ title: "z" });
    await when(list, ({ data, status }) => data?.length === 2 && status === "live");
    const rounds = Array.from({ length: 10 }, (_each, round) => `b${round}`);
    expect(shown).toEqual(["a", ...rounds, "b9,z"]);
  });

  test("does not give way before an earlier one to the same row, through lost connections", async () => {
    await board.Task.objects.create({ title: "x" });
    const { client, list, shown } = await watched();
    const expected = ["x"];
    for (let round = 0; round < 10; round += 1) {
      proxy.dropAnswer('"action":"settle"');
      const titles = [`a${round}`, `b${round}`];
      await Promise.all(titles.map((title) => client.tasks.patch(1, { title }, { optimistic: true, waitForChanges: true })));
      expected.push(...titles);
    }
    await client.tasks.create({ title: "z" });
    await when(list, ({ data, status }) => data?.length === 2 && status === "live");
    expect(shown).toEqual([...expected, "b9,z"]);
  });

  test("gives way together with an earlier one to the same row, of which the server has not yet said that it has told", async () => {
    await board.Task.objects.create({ title: "x" });
    const { client, shown } = await watched();
    let settle = (): void => undefined;
    board.TaskConsumer.settleGates.push(new Promise((resolve) => (settle = resolve)));
    const told = { optimistic: true, waitForChanges: true } as const;
    const first = client.tasks.patch(1, { title: "a" }, told);
    await client.tasks.patch(1, { title: "b" }, told);
    settle();
    await first;
    expect(shown).toEqual(["x", "a", "b"]);
  });
});
