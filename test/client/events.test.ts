import { beforeEach, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  action,
  channelMessage,
  GenericAsyncAPIConsumer,
  modelObserver,
  ModelSerializer,
  Multiplexer,
  observer,
  PermissionDenied,
  rePath,
  reply,
  serve,
  Signal,
} from "../../src/index.ts";
import { type ClientOptions, createClient, type EventItem } from "../../src/client.ts";
import type { RequestId } from "../../src/protocol/request-id.ts";
import { FaultProxy } from "../../src/testing.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { TestDatabase } from "../databases/test-database.ts";

/** A ticker, and the notes of authors, behind a proxy. */
async function start(on: TestDatabase) {
  const { table, id, text, integer } = on.builder;
  const notes = table("note", { id: id(), author: integer().notNull(), title: text({ length: 200 }).notNull() });
  const { db, create, close } = await on.open();
  onTestFinished(close);
  await create([notes]);
  const Note = db.model(notes, { name: "Note" });
  const priceChanged = new Signal<{ symbol: string; price: number }>();
  const ended: unknown[] = [];

  class NoteSerializer extends ModelSerializer(Note, { fields: ["id", "author", "title"] }) {}
  class NoteConsumer extends GenericAsyncAPIConsumer({ queryset: Note.objects.all(), serializerClass: NoteSerializer }) {
    noteActivity = modelObserver(Note, {
      serializerClass: NoteSerializer,
      groupsForSignal: ({ author }) => [`author-${author}`],
      groupsForConsumer: ({ author }: { author: number }) => [`author-${author}`],
    });
    follow = action({ input: z.object({ author: z.number() }) }, async ({ author }, { requestId }) => {
      if (author === 0) throw new PermissionDenied();
      await this.noteActivity.subscribe({ author, requestId });
      return reply({ following: author }, 201);
    });
    unfollow = action({ input: z.object({ author: z.number() }) }, async ({ author }, { requestId }) => {
      ended.push(await this.noteActivity.unsubscribe({ author, requestId }));
    });
  }
  class TickerConsumer extends GenericAsyncAPIConsumer({ queryset: Note.objects.all(), serializerClass: NoteSerializer }) {
    #rooms: RequestId[] = [];
    onPrice = observer(priceChanged);
    watch = action(async (_input, { requestId }) => {
      await this.onPrice.subscribe({ requestId });
    });
    /** Sends before it answers. */
    watchEagerly = action(async (_input, { requestId }) => {
      await this.reply({ action: "early", data: 1, requestId });
      return reply("late");
    });
    join = action(async (_input, { requestId }) => {
      this.#rooms.push(requestId);
      await this.groupAdd("room");
    });
    said = channelMessage({ type: "room.said", message: z.object({ text: z.string() }) }, async ({ text: said }) => {
      for (const requestId of this.#rooms) await this.reply({ action: "said", data: said, requestId });
    });
  }
  const routes = [rePath(/^ws\/$/, Multiplexer({ notes: NoteConsumer, ticker: TickerConsumer }))];
  const server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false, drainTimeout: 200 });
  onTestFinished(() => server.close());
  const proxy = await FaultProxy.start({ target: server.url });
  onTestFinished(() => proxy.close());
  const connect = (options: ClientOptions = {}) => {
    const client = createClient<typeof routes>(`${proxy.url}/ws/`, { WebSocket, backoff: { initial: 20, max: 50 }, ...options });
    onTestFinished(() => client.close());
    return client;
  };
  return { Note, priceChanged, ended, server, proxy, connect };
}

/** The next item of each kind that is not an event, and the data of events. */
function shown(item: EventItem<{ readonly action: string; readonly data: unknown }> | undefined): unknown {
  if (item?.kind === "event") return [item.action, item.data];
  return item?.kind === "subscribed" ? { subscribed: item.data } : item?.kind;
}

describeOnDatabases("events of a server", (on) => {
  let lab: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    lab = await start(on);
  });

  test("come to who iterates, typed, in order, behind the answer; leaving the loop unsubscribes", async () => {
    const { Note, connect, ended } = lab;
    const client = connect();
    const seen: unknown[] = [];
    for await (const item of client.notes.events("follow", { author: 7 }, { unsubscribe: "unfollow" })) {
      seen.push(shown(item));
      if (item.kind === "subscribed") {
        await Note.objects.create({ author: 8, title: "another's" });
        const note = await Note.objects.create({ author: 7, title: "a" });
        await Note.objects.filter({ id: note.id }).update({ title: "b" });
      } else if (item.kind === "event" && item.data.title === "b") break;
    }
    const row = { id: 2, author: 7 };
    expect(seen).toEqual([
      { subscribed: { following: 7 } },
      ["create", { ...row, title: "a" }],
      ["update", { ...row, title: "b" }],
    ]);
    await expect.poll(() => ended).toEqual([["author-7"]]);
  });

  test("of signals and groups come to a listener, until it stops", async () => {
    const { priceChanged, connect, server } = lab;
    const client = connect();
    const seen: unknown[] = [];
    const note = (item: EventItem): void => void seen.push(shown(item));
    const stops = [client.ticker.events("watch").subscribe(note), client.ticker.events("join").subscribe(note)];
    await expect.poll(() => seen).toHaveLength(2);
    await priceChanged.send({ symbol: "RWV", price: 1 });
    await server.channelLayer.groupSend("room", { type: "room.said", text: "hi" });
    await expect.poll(() => seen).toHaveLength(4);
    expect(seen.slice(2)).toEqual(
      expect.arrayContaining([
        ["on_price", { symbol: "RWV", price: 1 }],
        ["said", "hi"],
      ]),
    );
    for (const stop of stops) stop();
    await priceChanged.send({ symbol: "RWV", price: 2 });
    await client.ticker.call("watch");
    expect(seen).toHaveLength(4);
  });

  test("that overtake the answer come behind it", async () => {
    const seen: unknown[] = [];
    for await (const item of lab.connect().ticker.events("watch_eagerly")) {
      seen.push(shown(item));
      if (item.kind === "event") break;
    }
    expect(seen).toEqual([{ subscribed: "late" }, ["early", 1]]);
  });

  test("are subscribed to again on each new connection, and it is told that some may have been missed", async () => {
    const { Note, connect, proxy } = lab;
    const client = connect();
    const items = client.notes.events("follow", { author: 7 }, { unsubscribe: "unfollow" })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => shown((await items.next()).value ?? undefined);
    expect(await next()).toEqual({ subscribed: { following: 7 } });
    await Note.objects.create({ author: 7, title: "a" });
    expect(await next()).toEqual(["create", { id: 1, author: 7, title: "a" }]);
    proxy.refuse();
    proxy.cut();
    await expect.poll(() => client.connection.state.status).toBe("reconnecting");
    await Note.objects.create({ author: 7, title: "missed" });
    proxy.accept();
    expect([await next(), await next()]).toEqual(["missed", { subscribed: { following: 7 } }]);
    await Note.objects.create({ author: 7, title: "c" });
    expect(await next()).toEqual(["create", { id: 3, author: 7, title: "c" }]);
    await items.return();
  });

  test("that may not be subscribed to reject, as does a client that is closed", async () => {
    const client = lab.connect();
    const refused = client.notes.events("follow", { author: 0 })[Symbol.asyncIterator]();
    await expect(refused.next()).rejects.toMatchObject({ status: 403 });
    const open = client.notes.events("follow", { author: 7 })[Symbol.asyncIterator]();
    expect(shown((await open.next()).value ?? undefined)).toEqual({ subscribed: { following: 7 } });
    const waiting = open.next();
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    const late = client.notes.events("follow", { author: 7 })[Symbol.asyncIterator]();
    await expect(late.next()).rejects.toMatchObject({ code: "closed" });
  });

  test("end with a signal, before and after the answer, and the server is told either way", async () => {
    const { connect, ended } = lab;
    const client = connect();
    await client.notes.call("follow", { author: 1 });
    const early = new AbortController();
    const first = client.notes.events("follow", { author: 7 }, { unsubscribe: "unfollow", signal: early.signal });
    const waiting = first[Symbol.asyncIterator]().next();
    early.abort(new TypeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect.poll(() => ended).toHaveLength(1);
    const late = new AbortController();
    const second = client.notes.events("follow", { author: 8 }, { unsubscribe: "unfollow", signal: late.signal });
    const items = second[Symbol.asyncIterator]();
    await items.next();
    late.abort(new TypeError("more than enough"));
    await expect(items.next()).rejects.toThrow("more than enough");
    await expect.poll(() => ended).toEqual([["author-7"], ["author-8"]]);
    await expect(second[Symbol.asyncIterator]().next()).rejects.toThrow("more than enough");
  });

  test("that nobody takes are bounded: of more than a thousand it is told that some were missed", async () => {
    const { priceChanged, connect } = lab;
    const client = connect();
    const items = client.ticker.events("watch")[Symbol.asyncIterator]();
    await items.next();
    const reached = new Promise<void>((resolve) => {
      client.ticker.events("watch").subscribe((item) => {
        if (item.kind === "event" && item.data.price === 1500) resolve();
      });
    });
    for (let price = 1; price <= 1500; price += 1) {
      await priceChanged.send({ symbol: "RWV", price });
      if (price % 100 === 0) await client.ticker.call("watch_eagerly");
    }
    await reached;
    expect(shown((await items.next()).value ?? undefined)).toBe("missed");
    expect(shown((await items.next()).value ?? undefined)).toEqual(["on_price", { symbol: "RWV", price: 1001 }]);
    await items.return();
  });

  test("of a server that does not answer who subscribes (DCRF) come all the same", async () => {
    const { priceChanged, connect } = lab;
    const client = connect({ protocol: "dcrf", maxInFlight: 1 });
    const items = client.ticker.events("watch")[Symbol.asyncIterator]();
    const first = await items.next();
    await client.ticker.call("watch_eagerly");
    await priceChanged.send({ symbol: "RWV", price: 1 });
    const seen = [shown(first.value ?? undefined)];
    while (seen.length < 3) seen.push(shown((await items.next()).value ?? undefined));
    expect(seen).toEqual([{ subscribed: null }, ["watch", null], ["on_price", { symbol: "RWV", price: 1 }]]);
    await items.return();
  });
});
