import { afterEach, beforeEach, expect, test } from "vitest";
import { SocketEvents } from "../../src/observers/socket-events.ts";
import { LiveHub } from "../../src/observers/live-hub.ts";
import type { AnyGenericConsumer } from "../../src/consumers/generic-async-api-consumer.ts";
import { BasePermission, type MessageArguments, Multiplexer, type Scope } from "../../src/index.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { onCleanup, startServer } from "../transports/test-server.ts";
import { FoldedList } from "./fold-list.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, LiveClient } from "./live-client.ts";

describeOnDatabases("live subscriptions among others", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
  });
  afterEach(() => lab.close());

  test("10.11 subscriptions end by id, all at once, by row, and when another takes their place", async () => {
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = await connectLive(lab);
    const subscribe = async (): Promise<void> => {
      for (const request_id of ["a", "b", 1, "1", true]) await client.ask({ action: "subscribe_list", request_id });
      for (const request_id of ["a", "b"]) await client.ask({ action: "subscribe_count", request_id });
      for (const request_id of ["a", "b"])
        for (const pk of [1, 2]) await client.ask({ action: "subscribe_instance", request_id, pk });
    };
    /** Which of them hear of a new row, and of a change of each row. */
    const heard = async (): Promise<string[]> => {
      const from = client.frames.length;
      const { id } = await lab.Task.objects.create({ title: "x" });
      await lab.Task.objects.filter({ id__in: [1, 2] }).update({ priority: id });
      await client.fence();
      const events = client.frames.slice(from).filter(({ position, stream }) => position !== undefined && stream === "tasks");
      return events.map(({ request_id, data }) => `${JSON.stringify(request_id)} ${Object.values(data as object)[0]}`);
    };
    const end = async (frame: object): Promise<void> => {
      const answer = await client.ask({ action: "", request_id: null, ...frame });
      expect(answer).toMatchObject({ data: null, response_status: 204, errors: [] });
    };
    await subscribe();
    await end({ action: "unsubscribe_list", request_id: 1 });
    await end({ action: "unsubscribe_list", request_id: "never" });
    await end({ action: "unsubscribe_count", request_id: "a" });
    await end({ action: "unsubscribe_instance", request_id: "a", pk: 1 });
    await end({ action: "unsubscribe_instance", pk: 2 });
    await end({ action: "unsubscribe_instance", pk: 777 });
    expect((await heard()).toSorted()).toEqual(
      [
        '"1" 1',
        '"1" 2',
        '"1" 3',
        '"a" 1',
        '"a" 2',
        '"a" 3',
        '"b" 1',
        '"b" 1',
        '"b" 2',
        '"b" 3',
        '"b" 3',
        "true 1",
        "true 2",
        "true 3",
      ].toSorted(),
    );
    await client.ask({ action: "subscribe_list", request_id: "b", filters: { title: "none" } });
    await end({ action: "unsubscribe_instance", pk: 1 });
    await end({ action: "unsubscribe_count" });
    await end({ action: "unsubscribe_list", request_id: "a" });
    await end({ action: "unsubscribe_list", request_id: true });
    expect((await heard()).map((line) => line.split(" ")[0])).toEqual(['"1"', '"1"', '"1"']);
    await end({ action: "unsubscribe_list" });
    expect(await heard()).toEqual([]);
    await end({ action: "unsubscribe_list" });
    await subscribe();
    await client.communicator.disconnect();
    expect(LiveHub.of(lab.db).size).toBe(0);
  });

  test("10.3 hasPermission is asked for each event, with its action; of what is refused nothing is sent", async () => {
    const asked: string[] = [];
    class Judging extends BasePermission {
      override hasPermission(scope: Scope, _consumer: unknown, action: string): boolean {
        if (scope.user?.id === 1) asked.push(action);
        return action.includes("_") || scope.user?.id === 2 || action !== "create";
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Judging];
    }
    const [refused, granted] = [
      await connectLive(lab, Consumer, { user: { id: 1 } }),
      await connectLive(lab, Consumer, { user: { id: 2 } }),
    ];
    for (const client of [refused, granted]) await client.ask({ action: "subscribe_list", request_id: "a" });
    await lab.Task.objects.create({ title: "treasure" });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "plain" });
    await lab.Task.objects.delete();
    for (const client of [refused, granted]) await client.fence();
    expect(refused.told("a")).toEqual(["update 1", "delete 1"]);
    expect(granted.told("a")).toEqual(["create 1", "update 1", "delete 1"]);
    expect(refused.texts.join("\n")).not.toContain("treasure");
    expect(asked).toEqual(["subscribe_list", "create", "update", "delete"]);
  });

  test("10.3 hasObjectPermission judges the old and the new row", async () => {
    class Judging extends BasePermission {
      override hasPermission(): boolean {
        return true;
      }
      override hasObjectPermission(_scope: Scope, _consumer: unknown, _action: string, row: object): boolean {
        return Reflect.get(row, "ownerId") === 1;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Judging];
    }
    const client = await connectLive(lab, Consumer);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await lab.Task.objects.create({ title: "treasure", ownerId: 2 });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "gold" });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "mine", ownerId: 1 });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "still mine" });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "silver", ownerId: 2 });
    await lab.Task.objects.delete();
    await client.fence();
    expect(client.told("a")).toEqual(["create 1", "update 1", "delete 1"]);
    expect(client.texts.join("\n")).not.toMatch(/treasure|gold|silver/);
  });

  test("10.1 what a change means for a query is worked out once for all who share it", async () => {
    let shown = 0;
    class Counting extends lab.TaskSerializer {
      static override representMany(...given: Parameters<typeof lab.TaskSerializer.representMany>) {
        shown += 1;
        return super.representMany(...given);
      }
    }
    class Consumer extends lab.TaskConsumer {
      override serializerClass = Counting;
    }
    const clients: Awaited<ReturnType<typeof connectLive>>[] = [];
    for (let n = 0; n < 100; n += 1) {
      const client = await connectLive(lab, Consumer);
      await client.ask({ action: "subscribe_list", request_id: "a", filters: { done: false }, ordering: "title" });
      clients.push(client);
    }
    // One of the list, one of the fences' observer.
    expect(LiveHub.of(lab.db).size).toBe(2);
    shown = 0;
    await lab.Task.objects.create({ title: "x" });
    for (const client of clients) await client.next(({ request_id, action }) => request_id === "a" && action === "create");
    expect(shown).toBeLessThanOrEqual(1);
  });

  test("10.1 a change touches the subscriptions of its own value, not the thousand of others", async () => {
    const client = await connectLive(lab, lab.TaskConsumer, { settings: { maxSubscriptions: 2000 } });
    for (let ownerId = 0; ownerId < 1000; ownerId += 1) {
      await client.ask({ action: "subscribe_list", request_id: ownerId, filters: { ownerId } });
    }
    const looks: unknown[] = [];
    const stop = lab.db.changes.subscribe((transactions) => {
      for (const { changes } of transactions) {
        for (const { after } of changes) {
          // From here on each look at the column is counted.
          if (after !== null) Object.defineProperty(after, "ownerId", { get: () => (looks.push(after), 7), enumerable: true });
        }
      }
    });
    await lab.Task.objects.create({ title: "x", ownerId: 7 });
    await client.fence();
    stop();
    expect(client.frames.filter(({ action }) => action === "create").filter(({ stream }) => stream === "tasks")).toHaveLength(1);
    expect(client.told(7)).toEqual(["create 1"]);
    expect(looks.length).toBeLessThan(20);
  });

  test("10.14 what is told once keeps its place behind changes of relations", async () => {
    const barrier = new Barrier();
    class Slow extends BasePermission {
      override async hasPermission(): Promise<boolean> {
        await barrier.pass();
        return true;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override permissionClasses = [Slow];
      override observerManyToManyRelationships = true;
    }
    await lab.Label.objects.create({ name: "x" });
    await lab.Task.objects.create({ title: "long".repeat(50) });
    const client = await connectLive(lab, Consumer, { settings: { maxQueuedEventBytes: 6000 } });
    const { data } = await client.ask({ action: "subscribe_list", request_id: "a" });
    const change = (priority: number) => lab.Task.objects.filter({ id: 1 }).update({ priority });
    barrier.shut();
    await change(0);
    await barrier.reached;
    await lab.Task.objects.create({ title: "2" });
    await lab.TaskLabel.objects.create({ taskId: 2, labelId: 1 });
    for (let n = 1; n < 30; n += 1) await change(n);
    await lab.db.changes.caughtUp(await lab.db.changes.position());
    barrier.open();
    await client.fence();
    expect(client.told("a").slice(0, 3)).toEqual(["update 1", "create 2", "update 2"]);
    expect(client.told("a").length).toBeLessThan(20);
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.sorted).toEqual(await client.list({ ordering: "id" }));
  });

  test(
    "10.14 a reader that stops reading gets a reset when it reads again; others keep getting every event",
    { timeout: 120_000 },
    async () => {
      const others = 999;
      const consumers: AnyGenericConsumer[] = [];
      class Consumer extends lab.TaskConsumer {
        override async connect(): Promise<void> {
          consumers.push(this);
        }
      }
      const streams = { tasks: Consumer, fence: lab.FenceConsumer };
      const limit = 256 * 1024;
      const server = await startServer(Multiplexer(streams), { maxQueuedEventBytes: limit });
      const open = async (): Promise<LiveClient> => {
        const socket = await connectWebsocket(`${server.url}/ws/`);
        onCleanup(async () => socket.socket.terminate());
        const client = new LiveClient(socket, lab);
        await client.ask({ action: "subscribe", request_id: "fence" }, "fence");
        return client;
      };
      const stuck = await open();
      const lists: [args: MessageArguments, list: FoldedList][] = [];
      for (const [index, args] of [{}, { ordering: "-priority" }].entries()) {
        const { data } = await stuck.ask({ ...args, action: "subscribe_list", request_id: index });
        lists.push([args, new FoldedList(data)]);
      }
      const readers = [];
      for (let n = 0; n < others; n += 1) {
        const reader = await open();
        await reader.ask({ action: "subscribe_count", request_id: "c" });
        readers.push(reader);
      }
      const [stuckConsumer] = consumers;
      if (stuckConsumer === undefined) throw new TypeError("Expected a consumer.");
      const tcp = (stuck.link as unknown as { readonly socket: { pause(): void; resume(): void } }).socket;
      tcp.pause();
      const events = SocketEvents.of(stuckConsumer["connection"]);
      let most = 0;
      const long = "x".repeat(200);
      const [writes, rows] = [160, 100];
      for (let n = 0; n < writes; n += 1) {
        await lab.Task.objects.bulkCreate(Array.from({ length: rows }, (_each, k) => ({ title: long, priority: n * rows + k })));
        // Else the writes may all be done before the first of them is told.
        await lab.db.changes.caughtUp(await lab.db.changes.position());
        most = Math.max(most, events.queued.bytes);
      }
      for (const reader of readers) {
        await reader.next(({ data }) => (data as { count?: number } | null)?.count === writes * rows);
        expect(reader.events("c")).toHaveLength(writes);
      }
      expect(most).toBeGreaterThan(limit / 2);
      expect(most).toBeLessThan(limit * 5);
      tcp.resume();
      for (const index of lists.keys()) await stuck.next(({ request_id, action }) => request_id === index && action === "reset");
      await lab.Task.objects.filter({ priority__lt: 100 }).update({ done: true });
      await stuck.fence();
      for (const [index, [args, list]] of lists.entries()) {
        list.apply(stuck.events(index));
        expect(list.sorted.length).toBe(writes * rows);
        expect(list.sorted.filter(({ done }) => done === true).length).toBe(100);
        if ("ordering" in args)
          expect(list.rows.map(({ priority }) => priority)).toEqual(list.rows.map((_row, at) => writes * rows - 1 - at));
      }
    },
  );
});
