import { afterEach, beforeEach, expect, test } from "vitest";
import { BasePermission, type ConsumerClass, type Scope } from "../../src/index.ts";
import { LiveHub } from "../../src/observers/live-hub.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { MemoryLogger } from "../transports/sessions.ts";
import { FoldedList } from "./fold-list.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, type Frame, type LiveClient } from "./live-client.ts";

describeOnDatabases("live subscriptions that something goes wrong with", (on) => {
  let lab: Lab;
  const logger = new MemoryLogger();
  beforeEach(async () => {
    lab = await openLab(on);
    logger.entries.length = 0;
  });
  afterEach(() => lab.close());

  /** Tasks with a permission that fails for as many events as are counted down. */
  function failing(times: { left: number }): ConsumerClass {
    class Failing extends BasePermission {
      override hasPermission(_scope: Scope, _consumer: unknown, action: string): boolean {
        if (["create", "update", "delete"].includes(action) && times.left > 0) {
          times.left -= 1;
          throw new TypeError("broken");
        }
        return true;
      }
    }
    return class extends lab.TaskConsumer {
      override permissionClasses = [Failing];
    };
  }

  async function expectFolded(client: LiveClient, data: unknown, from = 0): Promise<void> {
    const list = new FoldedList(data);
    list.apply(client.events("a").slice(from));
    expect(list.sorted).toEqual(await client.list({ ordering: "id" }));
  }

  test("10.14 a permission that fails is logged, and the subscription gets a reset", async () => {
    const times = { left: 0 };
    const client = await connectLive(lab, failing(times), { settings: { logger } });
    const { data } = await client.ask({ action: "subscribe_list", request_id: "a" });
    times.left = 1;
    await lab.Task.objects.create({ title: "1" });
    await lab.Task.objects.create({ title: "2" });
    await client.fence();
    await expectFolded(client, data);
    expect(client.events("a").filter(({ action }) => action === "reset")).toHaveLength(1);
    expect(logger.entries).toHaveLength(1);
  });

  test("10.10 what was missed is not told behind the reset that took its place", async () => {
    const times = { left: 0 };
    const consumer = failing(times);
    const first = await connectLive(lab, consumer, { settings: { logger } });
    const { data, position } = await first.ask({ action: "subscribe_list", request_id: "a" });
    await first.communicator.disconnect();
    for (const title of ["1", "2", "3"]) await lab.Task.objects.create({ title });
    const client = await connectLive(lab, consumer, { settings: { logger } });
    times.left = 1;
    await client.ask({ action: "subscribe_list", request_id: "a", since: position });
    await client.fence();
    await expectFolded(client, data);
  });

  test("10.15 a change that cannot be told row by row is a reset, for lists in no order, in one, windows and counts", async () => {
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, windowed: lab.Windowed });
    await client.ask({ action: "subscribe_list", request_id: "plain" });
    await client.ask({ action: "subscribe_list", request_id: "ordered", ordering: "title" });
    await client.ask({ action: "subscribe_list", request_id: "window", limit: 1 }, "windowed");
    await client.ask({ action: "subscribe_count", request_id: "count" });
    await client.ask({ action: "subscribe_list", request_id: "team", filters: { team__name: "x" } });
    await client.ask({ action: "subscribe_instance", request_id: "one", pk: 1 });
    await lab.db.changes.markLost(lab.Task);
    for (const id of ["plain", "ordered", "window", "count", "one"]) await client.nextReset(id);
    await client.fence();
    expect(client.told("plain")).toEqual(["reset 1,2"]);
    expect(client.told("ordered")).toEqual(["reset 1,2"]);
    expect(client.told("window", "windowed")).toEqual(["reset 1"]);
    expect(client.told("count")).toEqual(["reset 2"]);
    expect(client.told("one")).toEqual(["reset 1"]);
    expect(client.told("team")).toEqual([]);
    expect(client.events("plain")[0]).toMatchObject({ response_status: 200, reset: true, position: expect.any(String) });
    await lab.Task.objects.create({ title: "0" });
    await client.fence();
    expect(client.told("plain").slice(1)).toEqual(["create 3"]);
    expect(client.told("ordered").slice(1)).toEqual(["create 3 @0"]);
    expect(client.told("count").slice(1)).toEqual(["update 3"]);
  });

  test("10.14 a reset sends nothing to who may not list any more", async () => {
    let isAllowed = true;
    class Allowed extends BasePermission {
      override hasPermission(): boolean {
        return isAllowed;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Allowed];
    }
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    isAllowed = false;
    await lab.Task.objects.create({ title: "treasure" });
    await lab.db.changes.markLost(lab.Task);
    await client.fence();
    expect(client.texts.join("\n")).not.toContain("treasure");
  });

  test("10.10 resuming one row shows nothing that object permissions refuse, nor does a reset", async () => {
    class Owned extends BasePermission {
      override hasPermission(): boolean {
        return true;
      }
      override hasObjectPermission(_scope: Scope, _consumer: unknown, _action: string, row: object): boolean {
        return Reflect.get(row, "ownerId") === 1;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Owned];
    }
    const { id } = await lab.Task.objects.create({ title: "treasure", ownerId: 2 });
    const client = await connectLive(lab, Consumer);
    expect(await client.ask({ action: "subscribe_instance", pk: id })).toMatchObject({ response_status: 403 });
    await client.ask({ action: "subscribe_instance", pk: id, since: "anything" });
    await lab.db.changes.markLost(lab.Task);
    await client.fence();
    expect(client.texts.join("\n")).not.toContain("treasure");
  });

  test("10.11 no event comes behind the answer that ended its subscription, also one that was being judged", async () => {
    const barrier = new Barrier();
    class Slow extends BasePermission {
      override async hasPermission(_scope: Scope, _consumer: unknown, action: string): Promise<boolean> {
        if (action === "create") await barrier.pass();
        return true;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Slow];
    }
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    barrier.shut();
    await lab.Task.objects.create({ title: "1" });
    await barrier.reached;
    await client.ask({ action: "unsubscribe_list", request_id: "a" });
    barrier.open();
    await client.fence();
    expect(client.told("a")).toEqual([]);
  });

  test("10.11 nothing is left of a subscription whose connection ended while it began", async () => {
    const barrier = new Barrier();
    class Consumer extends lab.TaskConsumer {
      override async getQueryset() {
        await barrier.pass();
        return lab.Task.objects.all();
      }
    }
    const { id } = await lab.Task.objects.create({ title: "1" });
    for (const frame of [
      { action: "subscribe_list", request_id: "a" },
      { action: "subscribe_count", request_id: "a" },
      { action: "subscribe_instance", request_id: "a", pk: id },
    ]) {
      const client = await connectLive(lab, Consumer);
      barrier.shut();
      client.link.sendJson({ stream: "tasks", payload: frame });
      await barrier.reached;
      const ended = client.communicator.disconnect();
      barrier.open();
      await ended;
      expect(LiveHub.of(lab.db).size, frame.action).toBe(0);
    }
  });

  for (const times of [1, 2, 3]) {
    test(`10.14 windows whose rows cannot be read ${times} times are right afterwards`, async () => {
      await lab.Task.objects.bulkCreate(Array.from({ length: 200 }, (_each, n) => ({ title: `${n}`, priority: n })));
      const client = await connectLive(lab, lab.Windowed, { settings: { logger } });
      const windows = [
        { limit: 3, ordering: "priority" },
        { limit: 2, offset: 4, ordering: "-priority" },
      ];
      const lists: FoldedList[] = [];
      for (const [index, args] of windows.entries()) {
        const { data } = await client.ask({ ...args, action: "subscribe_list", request_id: index });
        lists.push(new FoldedList(data));
      }
      const { snapshot } = lab.db;
      let left = times;
      lab.db.snapshot = function (this: typeof lab.db, work) {
        left -= 1;
        if (left >= 0) return Promise.reject(new TypeError("The database is away."));
        return snapshot.call(this, work) as ReturnType<typeof work>;
      };
      await lab.Task.objects.filter({ priority__lt: 120 }).delete();
      await client.next(({ action }) => action === "reset");
      await lab.Task.objects.filter({ priority__gt: 190 }).delete();
      await lab.Task.objects.create({ title: "new", priority: 125 });
      await client.fence();
      for (const [index, list] of lists.entries()) {
        list.apply(client.events(index));
        expect(list.rows).toEqual(await client.list(windows[index]));
      }
      const told = [client.events(0).length, client.events(1).length];
      await lab.Task.objects.create({ title: "newer", priority: 0 });
      await lab.Task.objects.filter({ title: "new" }).delete();
      await client.fence();
      for (const [index, list] of lists.entries()) {
        list.apply(client.events(index).slice(told[index]));
        expect(list.rows).toEqual(await client.list(windows[index]));
      }
    });
  }

  test("10.15 who joins a list in an order while it is read again misses nothing", async () => {
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = await connectLive(lab);
    const ask = (name: string): Promise<Frame> => client.ask({ action: "subscribe_list", request_id: name, ordering: "title" });
    await ask("first");
    const barrier = new Barrier();
    const { snapshot } = lab.db;
    lab.db.snapshot = async function (this: typeof lab.db, work) {
      lab.db.snapshot = snapshot;
      await barrier.pass();
      return snapshot.call(this, work) as ReturnType<typeof work>;
    };
    barrier.shut();
    await lab.db.changes.markLost(lab.Task);
    await barrier.reached;
    const { data } = await ask("a");
    await lab.Task.objects.create({ title: "3" });
    barrier.open();
    await lab.Task.objects.create({ title: "4" });
    await client.nextReset("first");
    await client.fence();
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.rows).toEqual(await client.list({ ordering: "title" }));
    expect(list.rows).toHaveLength(4);
  });

  test("10.14 a relation's change that cannot be read takes nothing from those behind it", async () => {
    class Watching extends lab.TaskConsumer {
      override observerManyToManyRelationships = true;
    }
    await lab.Label.objects.create({ name: "x" });
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = await connectLive(lab, Watching, { settings: { logger } });
    const { data } = await client.ask({ action: "subscribe_list", request_id: "a", ordering: "title" });
    const { snapshot } = lab.db;
    lab.db.snapshot = function (this: typeof lab.db) {
      lab.db.snapshot = snapshot;
      return Promise.reject(new TypeError("The database is away."));
    };
    await lab.db.atomic(async () => {
      await lab.TaskLabel.objects.create({ taskId: 1, labelId: 1 });
      await lab.Task.objects.create({ title: "0" });
      await lab.Task.objects.filter({ id: 2 }).delete();
    });
    await client.next(({ action }) => action === "reset");
    await lab.Task.objects.create({ title: "3" });
    await client.fence();
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.rows).toEqual(await client.list({ ordering: "title" }));
    expect(list.rows).toHaveLength(3);
  });
});
