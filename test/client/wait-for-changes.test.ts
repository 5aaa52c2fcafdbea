import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { FaultProxy } from "../../src/testing.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { Board } from "./board.ts";
import { openBehindProxy, quick } from "./open-behind-proxy.ts";
import { when } from "./when.ts";

describeOnDatabases("a write that waits for its changes", (on) => {
  let board: Board;
  let proxy: FaultProxy;
  beforeEach(async () => {
    ({ board, proxy } = await openBehindProxy(on));
  });

  async function watched() {
    const client = board.client(proxy.url, quick);
    const list = client.tasks.live({ ordering: "id" });
    onTestFinished(list.subscribe(() => undefined));
    await list.ready();
    return { tasks: client.tasks, list };
  }

  test("resolves with its answer when the live lists show it", async () => {
    const { tasks, list } = await watched();
    const waits = { waitForChanges: true };
    for (let n = 0; n < 20; n += 1) {
      const made = await tasks.create({ title: `${n}` }, waits);
      expect(list.data?.at(-1)).toEqual(made);
      const changed = await tasks.patch(made.id, { priority: n + 1 }, waits);
      expect(list.data?.at(-1)).toEqual({ ...made, priority: n + 1 });
      expect(changed).toEqual(list.data?.at(-1));
      expect(await tasks.delete(made.id, waits)).toBeNull();
      expect(list.data).toEqual([]);
    }
  });

  test("does so beside an optimistic change, which is not taken back before", async () => {
    await board.Task.objects.create({ title: "a" });
    const { tasks, list } = await watched();
    const patched = tasks.patch(1, { title: "b" }, { waitForChanges: true, optimistic: true });
    expect(list.data?.[0]?.title).toBe("b");
    await patched;
    expect(list.data?.[0]?.title).toBe("b");
  });

  test("rejects as soon as the server refuses it", async () => {
    const { tasks } = await watched();
    await expect(tasks.create({ title: "" }, { waitForChanges: true })).rejects.toMatchObject({ status: 400 });
  });

  test("waits for the next connection when this one ends before the changes have come", async () => {
    const { tasks, list } = await watched();
    const answered = proxy.dropAnswer('"settled"');
    const made = tasks.create({ title: "a" }, { waitForChanges: true });
    await answered.happened();
    await made;
    expect([list.status, list.data?.length]).toEqual(["live", 1]);
    proxy.refuse();
    proxy.cut();
    await when(list, ({ status }) => status === "stale");
    const later = tasks.create({ title: "b" }, { waitForChanges: true });
    proxy.accept();
    await later;
    expect([list.status, list.data?.length]).toEqual(["live", 2]);
  });

  test("asks for nothing else where nothing is live", async () => {
    const { tasks } = board.client(proxy.url, quick);
    expect(await tasks.create({ title: "a" }, { waitForChanges: true })).toMatchObject({ title: "a" });
  });
});
