import { afterEach, beforeEach, expect, test } from "vitest";
import {
  action,
  GenericAsyncAPIConsumer,
  mixins,
  ModelSerializer,
  Multiplexer,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  reply,
} from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { startServer, onCleanup } from "../transports/test-server.ts";
import { FoldedList } from "./fold-list.ts";
import { Barrier } from "./gates.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, LiveClient } from "./live-client.ts";

/** Lets the process do other things: writing to a file in it does not. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describeOnDatabases("events and answers", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
  });
  afterEach(() => lab.close());

  /** Tasks whose lists wait at a barrier before and inside the snapshot. */
  function pausing() {
    const before = new Barrier();
    const inside = new Barrier();
    class Consumer extends lab.TaskConsumer {
      override async getQueryset() {
        await before.pass();
        return lab.Task.objects.all();
      }
      override async serializeMany(...given: Parameters<InstanceType<Lab["TaskConsumer"]>["serializeMany"]>) {
        const rows = await super.serializeMany(...given);
        await inside.pass();
        return rows;
      }
    }
    return { Consumer, before, inside };
  }

  test("10.1 there is no gap between snapshot and events while a writer commits all the time", { timeout: 60_000 }, async () => {
    const rounds = 60;
    const writer = { isOver: false };
    const writing = (async () => {
      for (let n = 0; !writer.isOver; n += 1) {
        if (n % 3 === 2) await lab.Task.objects.filter({ title: `w${n - 2}` }).delete();
        else await lab.Task.objects.create({ title: `w${n}`, priority: n % 5 });
        await nextTurn();
      }
    })();
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, windowed: lab.Windowed });
    const lists: { name: string; args: object; stream: string; list: FoldedList }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [stream, args] =
        round % 3 === 0
          ? ["windowed", { ordering: "-priority", limit: 3 }]
          : ["tasks", round % 3 === 1 ? {} : { ordering: "title" }];
      const name = `r${round}`;
      const { data } = await client.ask({ ...args, action: "subscribe_list", request_id: name }, stream);
      lists.push({ name, args, stream: stream, list: new FoldedList(data) });
    }
    writer.isOver = true;
    await writing;
    await client.fence();
    for (const { name, args, stream, list } of lists) {
      list.apply(client.events(name, stream));
      const isOrdered = "ordering" in args;
      const ordering = isOrdered ? `${String(args.ordering)},id` : "id";
      expect(isOrdered ? list.rows : list.sorted, name).toEqual(await client.list({ ...args, ordering }, stream));
    }
  });

  test("10.1 what commits between registration, snapshot and answer is in the snapshot or in an event, never both", async () => {
    const { Consumer, before, inside } = pausing();
    const client = await connectLive(lab, Consumer);
    await lab.Task.objects.create({ title: "1" });
    before.shut();
    inside.shut();
    const asked = client.ask({ action: "subscribe_list", request_id: "a" });
    await before.reached;
    await lab.Task.objects.create({ title: "2" });
    before.open();
    if (on.name === "PostgreSQL") {
      // A snapshot of SQLite may hold up nobody but is read in one go here.
      await inside.reached;
      await lab.Task.objects.create({ title: "3" });
    }
    inside.open();
    const { data } = await asked;
    await lab.Task.objects.create({ title: "4" });
    await client.fence();
    const list = new FoldedList(data);
    list.apply(client.events("a"));
    expect(list.sorted).toEqual(await client.list({ ordering: "id" }));
  });

  test("10.1 no event comes before the answer to the request that subscribed", async () => {
    const { Consumer, inside } = pausing();
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, slow: Consumer });
    await client.ask({ action: "subscribe_list", request_id: "other" });
    inside.shut();
    const asked = client.ask({ action: "subscribe_list", request_id: "a" }, "slow");
    await inside.reached;
    if (on.name === "PostgreSQL") await lab.Task.objects.create({ title: "1" });
    inside.open();
    await asked;
    await lab.Task.objects.create({ title: "2" });
    await client.fence();
    const own = client.frames.filter(({ request_id, stream }) => request_id === "a" && stream === "slow");
    expect(own[0]?.action).toBe("subscribe_list");
    expect(own.slice(1).map(({ action: name }) => name)).toEqual(on.name === "PostgreSQL" ? ["create", "create"] : ["create"]);
  });

  test("10.4 the answer to a write goes before its events, also of writes that are pipelined", async () => {
    const client = await connectLive(lab);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    for (let n = 0; n < 20; n += 1) {
      client.link.sendJson({
        stream: "tasks",
        payload: { action: "create", request_id: `write ${n}`, data: { title: `t${n}` } },
      });
    }
    await client.next(({ request_id }) => request_id === "write 19");
    await client.fence();
    const [answered, seen] = [new Set<number>(), [] as number[]];
    for (const { request_id, data, action: name } of client.frames) {
      if (name !== "create" || typeof data !== "object" || data === null) continue;
      const { id } = data as { id: number };
      if (request_id === "a") {
        expect(answered.has(id), `event of ${id}`).toBe(true);
        seen.push(id);
      } else answered.add(id);
    }
    expect(seen).toHaveLength(20);
  });

  test("10.4 other sockets do not wait for the answer", async () => {
    const barrier = new Barrier();
    class Slow extends lab.TaskConsumer {
      slow = action(async () => {
        await lab.Task.objects.create({ title: "x" });
        await barrier.pass();
        return reply(null, 200);
      });
    }
    const [writer, reader] = [await connectLive(lab, Slow), await connectLive(lab)];
    for (const client of [writer, reader]) await client.ask({ action: "subscribe_list", request_id: "a" });
    barrier.shut();
    const written = writer.ask({ action: "slow", request_id: "w" });
    await barrier.reached;
    await reader.fence();
    expect(reader.told("a")).toEqual(["create 1"]);
    expect(writer.told("a")).toEqual([]);
    barrier.open();
    await written;
    await writer.fence();
    const own = writer.frames.filter(({ request_id }) => request_id === "a" || request_id === "w").slice(1);
    expect(own.map(({ request_id }) => request_id)).toEqual(["w", "a"]);
  });

  test("10.5 events of one transaction leave together, in single frames for DCRF clients", async () => {
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, again: lab.TaskConsumer });
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await client.ask({ action: "subscribe_list", request_id: "b" }, "again");
    const from = client.texts.length;
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    await client.fence();
    expect(client.texts.slice(from, from + 4).every((text) => text.startsWith('{"stream":'))).toBe(true);
    expect(client.frames.slice(from, from + 4).map(({ request_id }) => request_id)).toEqual(["a", "a", "b", "b"]);
  });

  test("10.5 under restwave.v1 one transaction is one frame over all streams, numbered without a gap", async () => {
    const options = { subprotocols: ["restwave.v1"] };
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, again: lab.TaskConsumer }, options);
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await client.ask({ action: "subscribe_count", request_id: "b" }, "again");
    const from = client.texts.length;
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    await lab.Task.objects.filter({ id: 1 }).update({ title: "one" });
    await client.fence();
    const frames = client.texts.slice(from).map((text) => JSON.parse(text) as Record<string, unknown>);
    const live = frames.filter((frame) => "seq" in frame);
    expect(live.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(live[0]).toMatchObject({
      position: expect.any(String),
      events: [
        { stream: "tasks", payload: { action: "create", data: { id: 1 }, request_id: "a" } },
        { stream: "tasks", payload: { action: "create", data: { id: 2 }, request_id: "a" } },
        { stream: "again", payload: { action: "update", data: { count: 2 }, request_id: "b" } },
      ],
    });
    const last = client.events("b", "again")[0];
    expect(last?.position?.split("~")[0]).toBe(live[0]?.["position"]);
  });

  test("10.5 through a real socket one transaction is one write", async () => {
    const server = await startServer(Multiplexer({ tasks: lab.TaskConsumer, again: lab.TaskConsumer, fence: lab.FenceConsumer }));
    const socket = await connectWebsocket(`${server.url}/ws/`);
    onCleanup(() => socket.close());
    const client = new LiveClient(socket, lab);
    await client.ask({ action: "subscribe", request_id: "fence" }, "fence");
    await client.ask({ action: "subscribe_list", request_id: "a" });
    await client.ask({ action: "subscribe_list", request_id: "b" }, "again");
    const bursts: number[] = [];
    const { _socket: tcp } = socket.socket as unknown as { readonly _socket: NodeJS.EventEmitter };
    tcp.on("data", (chunk: Buffer) => bursts.push(chunk.toString("latin1").split('"action":"create"').length - 1));
    await lab.Task.objects.bulkCreate(Array.from({ length: 20 }, (_each, n) => ({ title: `${n}` })));
    await client.fence();
    expect(Math.max(...bursts)).toBeGreaterThanOrEqual(40);
    expect(client.told("a")).toHaveLength(20);
  });

  test("10.17 with each ping a restwave.v1 socket that has subscriptions is told how many frames it should have", async () => {
    const streams = { tasks: lab.TaskConsumer, fence: lab.FenceConsumer };
    const server = await startServer(Multiplexer(streams), { heartbeatInterval: 60 });
    const open = async (subprotocols: readonly string[]): Promise<LiveClient> => {
      const socket = await connectWebsocket(`${server.url}/ws/`, { subprotocols });
      onCleanup(() => socket.close());
      return new LiveClient(socket, lab);
    };
    const [live, plain] = [await open(["restwave.v1"]), await open([])];
    await live.ask({ action: "list" });
    await live.ask({ action: "subscribe_list", request_id: "a" });
    await plain.ask({ action: "subscribe_list", request_id: "a" });
    await lab.Task.objects.create({ title: "x" });
    const { position } = await live.next(({ request_id, action: name }) => request_id === "a" && name === "create");
    const isBeat = (text: string): boolean => text.startsWith('{"events":[],');
    while (!isBeat(live.texts.at(-1) ?? "")) await live.more();
    expect(JSON.parse(live.texts.at(-1) ?? "")).toEqual({ events: [], position: position?.split("~")[0], seq: 1 });
    expect(plain.texts.some(isBeat)).toBe(false);
  });

  test("10.19 settle is answered behind the events of the write that it was sent behind", async () => {
    const client = await connectLive(lab, { tasks: lab.TaskConsumer, again: lab.TaskConsumer });
    await client.ask({ action: "subscribe_list", request_id: "a" }, "again");
    await client.ask({ action: "subscribe_list", request_id: "b" });
    for (let round = 0; round < 10; round += 1) {
      const from = client.frames.length;
      const write = { action: "create", request_id: `w${round}`, data: { title: "x" } };
      client.link.sendJson({ stream: "tasks", payload: write });
      const settled = await client.ask({ action: "settle", after_request_id: `w${round}` });
      expect(settled).toMatchObject({ data: { settled: true }, response_status: 200 });
      const came = client.frames.slice(from).map(({ request_id }) => request_id);
      expect(came.slice(0, -1).map(String).toSorted()).toEqual(["a", "b", `w${round}`]);
    }
    expect(await client.ask({ action: "settle" })).toMatchObject({ data: { settled: true } });
  });

  test("10.18 under restwave.v1 a subscription's answer names the field of the primary key", async () => {
    const plain = await connectLive(lab);
    const live = await connectLive(lab, lab.TaskConsumer, { subprotocols: ["restwave.v1"] });
    class Titles extends ModelSerializer(lab.Task, { fields: ["title", "done"] }) {}
    class Keyless extends mixins(
      GenericAsyncAPIConsumer({ queryset: lab.Task.objects.all(), serializerClass: Titles }),
      ObserverModelListMixin,
      ObserverModelInstanceMixin,
    ) {}
    const keyless = await connectLive(lab, Keyless, { subprotocols: ["restwave.v1"] });
    const { id } = await lab.Task.objects.create({ title: "x" });
    for (const frame of [{ action: "subscribe_list" }, { action: "subscribe_instance", pk: id }]) {
      expect(await live.ask(frame)).toMatchObject({ response_status: 201, pk_field: "id" });
      expect(await plain.ask(frame)).not.toHaveProperty("pk_field");
      expect(await keyless.ask(frame)).not.toHaveProperty("pk_field");
    }
  });

  test("10.16 a connection may have 1,000 subscriptions per consumer; one more is 429", async () => {
    const client = await connectLive(lab, lab.TaskConsumer, { settings: { maxSubscriptions: 3 } });
    for (const id of [1, 2, 3]) await client.ask({ action: "subscribe_list", request_id: id });
    expect(await client.ask({ action: "subscribe_count", request_id: 4 })).toMatchObject({ data: null, response_status: 429 });
    expect(await client.ask({ action: "subscribe_list", request_id: 3 })).toMatchObject({ response_status: 201 });
    await client.ask({ action: "unsubscribe_list", request_id: 1 });
    expect(await client.ask({ action: "subscribe_count", request_id: 4 })).toMatchObject({ response_status: 201 });
    const many = await connectLive(lab, lab.TaskConsumer);
    for (let id = 0; id < 1000; id += 1) await many.ask({ action: "subscribe_count", request_id: id });
    expect(await many.ask({ action: "subscribe_count", request_id: 1000 })).toMatchObject({ response_status: 429 });
  });
});
