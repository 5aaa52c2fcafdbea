import { afterEach, beforeEach, expect, test } from "vitest";
import { BasePermission, type MessageArguments, ModelSerializer } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { FoldedList } from "./fold-list.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive } from "./live-client.ts";

describeOnDatabases("refreshed subscriptions", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
    await lab.Task.objects.bulkCreate(
      [1, 2, 3, 4, 5, 6].map((n) => ({ title: `task ${n}`, ownerId: ((n - 1) % 3) + 1, priority: n })),
    );
  });
  afterEach(() => lab.close());

  /** Tasks of owners that may change, with all of its connected consumers. */
  function owned() {
    const rights = { owners: [1], isAllowed: true, short: false };
    const barrier = new Barrier();
    const all: { refresh(): Promise<void> }[] = [];
    class Allowed extends BasePermission {
      override hasPermission(): boolean {
        return rights.isAllowed;
      }
    }
    class Short extends ModelSerializer(lab.Task, { fields: ["id", "title"] }) {}
    class Consumer extends lab.TaskConsumer {
      override readonly guessableFields = ["priority", "done", "ownerId", "team", "team__name"];
      override permissionClasses = [Allowed];
      override async connect(): Promise<void> {
        all.push(this);
      }
      override async getQueryset() {
        const { owners } = rights;
        await barrier.pass();
        return lab.Task.objects.filter({ ownerId__in: owners });
      }
      override getSerializerClass(args: MessageArguments) {
        return rights.short ? Short : super.getSerializerClass(args);
      }
    }
    const refresh = async (): Promise<void> => void (await Promise.all(all.map((consumer) => consumer.refresh())));
    return { Consumer, rights, refresh, barrier };
  }

  test("10.13 what may no longer be seen leaves, what has become visible enters", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await client.ask({ action: "subscribe_list", request_id: "o", ordering: "-priority" });
    await client.ask({ action: "subscribe_count", request_id: "c", filters: { priority__gt: 1 } });
    await client.ask({ action: "subscribe_instance", request_id: "i", pk: 1 });
    rights.owners = [2, 3];
    await refresh();
    await client.fence();
    expect(client.told("a").toSorted()).toEqual(["create 2", "create 3", "create 5", "create 6", "delete 1", "delete 4"]);
    expect(client.told("o")).toEqual(["delete 4", "delete 1", "create 6 @0", "create 5 @1", "create 3 @2", "create 2 @3"]);
    await client.nextReset("c");
    expect(client.told("c")).toEqual(["reset 4"]);
    expect(client.told("i")).toEqual(["delete 1"]);
    await lab.Task.objects.create({ title: "x", ownerId: 1 });
    const { id } = await lab.Task.objects.create({ title: "y", ownerId: 3 });
    await client.fence();
    expect(client.told("a").at(-1)).toBe(`create ${id}`);
    expect(client.told("a")).toHaveLength(7);
  });

  test("10.13 nothing is sent when nothing has changed", async () => {
    const { Consumer, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    for (const [index, action] of ["subscribe_list", "subscribe_count"].entries())
      await client.ask({ action, request_id: index });
    await refresh();
    await client.fence();
    expect([...client.told(0), ...client.told(1)].filter((line) => !line.startsWith("reset"))).toEqual([]);
    expect(client.told(0)).toEqual([]);
  });

  test("10.13 rows that look different now are updates", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    rights.short = true;
    await refresh();
    await client.fence();
    expect(client.events("a").map(({ action, data }) => [action, data])).toEqual([
      ["update", { id: 1, title: "task 1" }],
      ["update", { id: 4, title: "task 4" }],
    ]);
  });

  test("10.13 an action that is no longer allowed ends its subscription: a reset without rows, then the refusal", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await client.ask({ action: "subscribe_count", request_id: "c" });
    rights.isAllowed = false;
    await refresh();
    rights.isAllowed = true;
    for (const id of ["a", "c"]) await client.nextReset(id);
    await lab.Task.objects.create({ title: "x", ownerId: 1 });
    await client.fence();
    const [reset, refusal, ...rest] = client.frames.filter(({ request_id }) => request_id === "a").slice(1);
    expect(reset).toMatchObject({ action: "reset", data: [], reset: true });
    expect(refusal).toMatchObject({ action: "subscribe_list", data: null, response_status: 403 });
    expect(rest).toEqual([]);
    expect(client.told("c")).toEqual(["reset 0"]);
  });

  test("10.13 under restwave.v1 the reset without rows is in a frame of events too", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer, { subprotocols: ["restwave.v1"] });
    await client.ask({ action: "subscribe_list", request_id: "a" });
    rights.isAllowed = false;
    await refresh();
    await client.fence();
    const resets = client.texts.filter((text) => text.includes('"action":"reset"'));
    expect(resets).toHaveLength(1);
    expect(resets[0]).toMatch(/^\{"events":\[/);
  });

  test("10.13 two refreshes at once leave the state of the last rights", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    const { data } = await client.ask({ action: "subscribe_list", request_id: "a" });
    const list = new FoldedList(data);
    const writing = (async () => {
      for (let n = 0; n < 30; n += 1)
        await lab.Task.objects.filter({ id: (n % 6) + 1 }).update({ priority: n, ownerId: (n % 3) + 1 });
    })();
    const refreshes = [];
    for (const owners of [[2], [1, 2], [3], [1, 3], [2, 3]]) {
      rights.owners = owners;
      refreshes.push(refresh());
      await Promise.resolve();
    }
    await Promise.all([...refreshes, writing]);
    await client.settled();
    list.apply(client.events("a"));
    expect(list.sorted).toEqual(await client.list({ ordering: "id" }));
  });

  test("10.13 a refresh while a subscription begins is not lost on it", async () => {
    const { Consumer, rights, refresh, barrier } = owned();
    const client = await connectLive(lab, Consumer);
    barrier.shut();
    const asked = client.ask({ action: "subscribe_list", request_id: "a" });
    await barrier.reached;
    rights.owners = [2];
    const refreshed = refresh();
    barrier.open();
    const list = new FoldedList((await asked).data);
    await refreshed;
    await client.fence();
    list.apply(client.events("a"));
    expect(list.sorted.map(({ id }) => id)).toEqual([2, 5]);
  });

  test("10.13 events that are on their way when rights change come once", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    const lists: { id: string; args: object; list: FoldedList }[] = [];
    for (const args of [{}, { ordering: "priority" }, { ordering: "-title" }]) {
      const id: string = `list ${lists.length}`;
      const { data } = await client.ask({ ...args, action: "subscribe_list", request_id: id });
      lists.push({ id, args, list: new FoldedList(data) });
    }
    for (let round = 0; round < 8; round += 1) {
      const writes = [1, 2, 3].map((n) => lab.Task.objects.create({ title: `r${round}-${n}`, ownerId: n, priority: round }));
      rights.owners = [(round % 3) + 1, ((round + 1) % 3) + 1];
      const moved = lab.Task.objects.filter({ priority: round - 1 }).update({ ownerId: (round % 3) + 1 });
      await Promise.all([...writes, refresh(), moved]);
    }
    await client.settled();
    for (const { id, args, list } of lists) {
      list.apply(client.events(id));
      const fresh = await client.list({ ordering: "id", ...args });
      expect("ordering" in args ? list.rows.map((row) => row.id).length : list.rows.length).toBe(fresh.length);
      expect(list.sorted).toEqual(fresh.toSorted((left, right) => left.id - right.id));
    }
  });

  test("10.13 a refresh that fails part way does not leave two lives of one subscription", async () => {
    const { Consumer, rights, refresh } = owned();
    const client = await connectLive(lab, Consumer);
    const { data } = await client.ask({ action: "subscribe_list", request_id: "a" });
    rights.owners = [1, 2];
    const { position } = lab.db.changes;
    lab.db.changes.position = () => Promise.reject(new TypeError("broken"));
    await refresh().catch(() => undefined);
    lab.db.changes.position = position;
    await lab.Task.objects.create({ title: "x", ownerId: 1 });
    await lab.Task.objects.create({ title: "y", ownerId: 2 });
    await client.next(({ action }) => action === "reset");
    await client.fence();
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.sorted).toEqual(await client.list({ ordering: "id" }));
  });
});
