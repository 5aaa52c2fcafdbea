import { afterAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { AsyncAPIConsumer, ServeOptions } from "../../../src/index.ts";
import { createHttpHandler, type HttpApi, type HttpApiOptions } from "../../../src/http.ts";
import { describeOnDatabases } from "../../databases/describe-on-databases.ts";
import { serve } from "../../../src/transports/node-ws/serve.ts";
import { articleTables, declareArticles, fillArticles } from "./articles.ts";
import { EventReader } from "./event-reader.ts";

const EVENTS = { accept: "text/event-stream" };
const silent = { error: () => {}, warn: () => {}, info: () => {} };

describeOnDatabases("live lists over HTTP", async (on) => {
  const tables = articleTables(on.builder);
  const { db, create, empty, close } = await on.open();
  await create([tables.articles]);
  const declared = declareArticles(db, tables);
  const { Article, consumers, routes } = declared;

  afterAll(close);

  beforeEach(async () => {
    await empty([tables.articles]);
    await fillArticles(declared);
  });

  const authenticate = ({ headers }: { headers: Headers }) => {
    const id = headers.get("x-user");
    return id === null ? null : { user: { id } };
  };

  /** A real server, and who opens streams on it over real sockets. */
  async function started(options: Partial<ServeOptions> = {}) {
    const server = await serve({
      routes,
      port: 0,
      host: "127.0.0.1",
      signals: false,
      drainTimeout: 500,
      httpApi: true,
      authenticate,
      ...options,
    });
    onTestFinished(() => server.close());
    const open = async (target: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`http://127.0.0.1:${server.port}${target}`, { headers: { ...EVENTS, ...headers } });
      const reader = new EventReader(response);
      onTestFinished(() => reader.cancel().catch(() => {}));
      return reader;
    };
    return { server, open };
  }

  /** The same in process. */
  async function opened(target: string, options: Partial<HttpApiOptions> = {}, headers: Record<string, string> = {}) {
    const api: HttpApi = createHttpHandler({ routes, logger: silent, authenticate, ...options });
    onTestFinished(() => api.close());
    const response = await api(new Request(`http://localhost${target}`, { headers: { ...EVENTS, ...headers } }));
    if (response === null) throw new TypeError("Expected an answer.");
    return { api, response };
  }

  const change = (id: number, views: number) => Article.objects.filter({ id }).update({ views });

  test("11.9 a list begins with what `list` answers, and each change follows", async () => {
    const { server, open } = await started();
    const list: unknown = await (await fetch(`http://127.0.0.1:${server.port}/api/articles/?views__gte=40`)).json();
    const reader = await open("/api/articles/?views__gte=40");
    expect(reader.response.headers.get("content-type")).toBe("text/event-stream");
    expect(await reader.next()).toEqual({ event: "snapshot", id: expect.stringMatching(/.+/), data: list });
    await change(1, 50);
    expect(await reader.next()).toMatchObject({ event: "create", data: { id: 1, views: 50 } });
    await change(1, 60);
    expect(await reader.next()).toMatchObject({ event: "update", data: { id: 1, views: 60 } });
    await Article.objects.filter({ id: 4 }).delete();
    expect(await reader.next()).toMatchObject({ event: "delete", data: { pk: 4 } });
  });

  test("11.9 a row, and a number of rows", async () => {
    const { open } = await started();
    const row = await open("/api/articles/1/");
    const count = await open("/api/articles/?subscribe=count&isPublished=true");
    expect(await row.next()).toMatchObject({ event: "snapshot", data: { id: 1, isPublished: false } });
    expect(await count.next()).toMatchObject({ event: "snapshot", data: { count: 2 } });
    await Article.objects.filter({ id: 1 }).update({ isPublished: true });
    expect(await row.next()).toMatchObject({ event: "update", data: { id: 1, isPublished: true } });
    expect(await count.next()).toMatchObject({ event: "update", data: { count: 3 } });
    expect((await open("/api/articles/99/")).response.status).toBe(404);
    expect((await open("/api/articles/?subscribe=everything")).response.status).toBe(400);
  });

  test("11.10 who comes back with the last id gets exactly what was missed", async () => {
    const { open } = await started();
    const reader = await open("/api/articles/");
    await reader.next();
    await change(1, 11);
    await reader.next();
    await reader.cancel();
    await change(2, 22);
    await Article.objects.filter({ id: 3 }).delete();
    const again = await open("/api/articles/", { "last-event-id": reader.lastEventId });
    expect(await again.take(2)).toMatchObject([
      { event: "update", data: { id: 2, views: 22 } },
      { event: "delete", data: { pk: 3 } },
    ]);
    await change(1, 12);
    expect(await again.next()).toMatchObject({ event: "update", data: { id: 1, views: 12 } });
    const since = await open(`/api/articles/?since=${encodeURIComponent(again.lastEventId)}`);
    await change(1, 13);
    expect(await since.next()).toMatchObject({ event: "update", data: { id: 1, views: 13 } });
  });

  test("11.10 an id that does not tell is answered with everything, as a reset", async () => {
    const { open } = await started();
    const reader = await open("/api/articles/", { "last-event-id": "of another time" });
    expect(await reader.next()).toMatchObject({ event: "reset", data: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }] });
    expect(reader.lastEventId).not.toBe("of another time");
  });

  test("11.10 half a transaction is never followed by an id: who is cut off within one gets it whole", async () => {
    const { open } = await started();
    const reader = await open("/api/articles/");
    await reader.next();
    const before = reader.lastEventId;
    await db.atomic(async () => {
      await change(1, 1);
      await change(2, 2);
      await Article.objects.filter({ id: 3 }).delete();
    });
    const first = await reader.next();
    expect(first?.id).toBeUndefined();
    expect(reader.lastEventId).toBe(before);
    await reader.cancel();
    const again = await open("/api/articles/", { "last-event-id": reader.lastEventId });
    const events = await again.take(3);
    expect(events.map((event) => event?.id === undefined)).toEqual([true, true, false]);
    expect(new Set(events.map((event) => event?.event))).toEqual(new Set(["delete", "update"]));
    expect(again.lastEventId).not.toBe(before);
  });

  test("11.9 `frames=true` gives the frames of a socket, with the index of a row", async () => {
    const { open } = await started();
    const reader = await open("/api/limited/?ordering=-views&limit=2&frames=true");
    expect(await reader.next()).toMatchObject({
      event: "snapshot",
      data: { response_status: 201, data: { results: [{ id: 5 }, { id: 4 }] } },
    });
    await change(1, 45);
    expect(await reader.take(2)).toMatchObject([
      { event: "delete", data: { data: { pk: 4 } } },
      { event: "create", data: { data: { id: 1 }, index: 1 } },
    ]);
  });

  test("permissions are asked before a stream opens: the refusal is an ordinary answer", async () => {
    const { open } = await started();
    const refused = await open("/api/guarded/");
    expect([refused.response.status, refused.response.headers.get("content-type")]).toEqual([403, "application/json"]);
    expect((await open("/api/locked/")).response.status).toBe(406);
    expect((await open("/api/guarded/", { "x-user": "ann" })).response.status).toBe(200);
  });

  test("revoke() ends the streams of the user, and of nobody else", async () => {
    const { server, open } = await started();
    const anns = await open("/api/articles/", { "x-user": "ann" });
    const bobs = await open("/api/articles/", { "x-user": "bob" });
    await Promise.all([anns.next(), bobs.next()]);
    await server.revoke("ann");
    expect(await anns.next()).toBeNull();
    await change(1, 7);
    expect(await bobs.next()).toMatchObject({ event: "update", data: { id: 1 } });
  });

  test("revoke({ close: false }) asks again who it is", async () => {
    let isKnown = true;
    const { api, response } = await opened("/api/articles/", {
      authenticate: () => (isKnown ? { user: { id: "ann" } } : null),
    });
    const reader = new EventReader(response);
    await reader.next();
    await api.revoke("ann", { close: false });
    await change(1, 7);
    expect(await reader.next()).toMatchObject({ event: "update", data: { views: 7 } });
    isKnown = false;
    await api.revoke("ann", { close: false });
    expect(await reader.next()).toBeNull();
  });

  test("when the client leaves, the subscription and its consumer end", async () => {
    let leave: (code: number) => void = () => {};
    const left = new Promise<number>((resolve) => (leave = resolve));
    class WatchedConsumer extends consumers.articles {
      override async disconnect(code: number): Promise<void> {
        leave(code);
      }
    }
    const { open } = await started({ routes: [{ pattern: "ws/", target: WatchedConsumer, match: () => null }] });
    const reader = await open("/api/watcheds/");
    await reader.next();
    await reader.cancel();
    expect(await left).toBe(1000);
  });

  test("a streaming action ends when the client leaves", async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    class EndlessConsumer extends consumers.articles {
      override async disconnect(): Promise<void> {
        end();
      }
    }
    const { server } = await started({ routes: [{ pattern: "ws/", target: EndlessConsumer, match: () => null }] });
    const body = JSON.stringify({ to: 1e9 });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${server.port}/api/endlesses/count_to/`, { method: "POST", body, headers });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await ended;
  });

  test("a reader that does not read costs bounded memory, and has the truth in the end", async () => {
    const { response } = await opened("/api/articles/", { softBufferedBytes: 2048, maxQueuedEventBytes: 2048 });
    for (let views = 1; views <= 400; views += 1) await change(1, views);
    // What is read of the log only now would go to a reader that reads.
    await db.changes.caughtUp(await db.changes.position());
    const reader = new EventReader(response);
    let seen: unknown;
    while (seen !== 400) {
      const event = await reader.next();
      const rows = Array.isArray(event?.data) ? event.data : [event?.data];
      seen = rows.find((row) => row.id === 1)?.views;
    }
    expect(reader.bytes).toBeLessThan(40_000);
  });

  test("a reader that takes nothing at all is cut off", async () => {
    const { api, response } = await opened("/api/articles/", { softBufferedBytes: 1, heartbeatInterval: 5 });
    const body = response.body?.getReader();
    const drained = async () => {
      while (api.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await drained();
    await expect(body?.read()).rejects.toThrow("too slow");
  });

  test("a stream without events is kept alive by comments", async () => {
    const { open } = await started({ httpApi: { heartbeatInterval: 5 } });
    const reader = await open("/api/articles/");
    await reader.untilComments(2);
    expect(reader.comments).toBeGreaterThanOrEqual(2);
  });

  test("one stream more than there may be is 503", async () => {
    const { api } = await opened("/api/articles/", { maxStreams: 1 });
    const request = () => new Request("http://localhost/api/articles/", { headers: EVENTS });
    expect((await api(request()))?.status).toBe(503);
  });

  test("what has no place in a stream does not come: greetings and frames that answer nothing", async () => {
    class GreetingConsumer extends consumers.articles {
      override async connect(this: AsyncAPIConsumer): Promise<void> {
        await this.sendJson({ hello: "world" });
        await this.reply({ action: "greeting", data: "hello" });
      }
    }
    const options = { routes: [{ pattern: "ws/", target: GreetingConsumer, match: () => null }] };
    const { api, response } = await opened("/api/greetings/", options);
    expect(await new EventReader(response).next()).toMatchObject({ event: "snapshot" });
    const list = await api(new Request("http://localhost/api/greetings/1/"));
    expect(await list?.json()).toMatchObject({ id: 1 });
  });
});
