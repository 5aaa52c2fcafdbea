import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeRoutes, openApiDocument } from "../../../src/contracts.ts";
import { createHttpHandler, type HttpApiOptions } from "../../../src/http.ts";
import { AuthenticationFailed, path, rePath } from "../../../src/index.ts";
import { sqliteFile } from "../../databases/sqlite-file.ts";
import type { OpenDatabase } from "../../databases/test-database.ts";
import { articleTables, type Articles, declareArticles, fillArticles } from "./articles.ts";

const tables = articleTables(sqliteFile.builder);
let database: OpenDatabase;
let declared: Articles;

beforeAll(async () => {
  database = await sqliteFile.open();
  await database.create([tables.articles]);
});

beforeEach(async () => {
  await database.empty([tables.articles]);
  declared = declareArticles(database.db, tables);
  await fillArticles(declared);
});

afterAll(() => database.close());

const silent = { error: () => {}, warn: () => {}, info: () => {} };

/** Asks an API of its own. */
async function ask(target: string, init: RequestInit = {}, options: Partial<HttpApiOptions> = {}): Promise<Response> {
  const api = createHttpHandler({ routes: declared.routes, logger: silent, ...options });
  const response = await api(new Request(`http://localhost:8000${target}`, init));
  if (response === null) throw new TypeError(`${target} leads nowhere.`);
  return response;
}

function json(value: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

describe("paths", () => {
  test("a path that leads to no resource is somebody else's: null", async () => {
    const api = createHttpHandler({ routes: declared.routes });
    for (const target of ["/", "/api", "/api/", "/api/nobody/", "/articles/", "/apiarticles/", "/api/%zz/"])
      expect(await api(new Request(`http://localhost${target}`)), target).toBeNull();
  });

  test("a path below a resource that names nothing is 404", async () => {
    for (const target of ["/api/articles/1/2/3/", "/api/articles/1/fly/", "/api/who/"]) {
      const response = await ask(target);
      expect(response.status, target).toBe(404);
      expect(await response.json()).toEqual({ detail: "Not found." });
    }
  });

  test("the slash at the end may be left out, and the prefix is an option", async () => {
    expect((await ask("/api/articles/1")).status).toBe(200);
    expect((await ask("/v1/articles", {}, { prefix: "/v1" })).status).toBe(200);
    expect((await ask("/articles/1/", {}, { prefix: "/" })).status).toBe(200);
  });

  test("a consumer with a route of its own has the name of its class", async () => {
    class BlogEntryConsumer extends declared.consumers.articles {}
    const routes = [path("ws/blog/", BlogEntryConsumer)];
    expect((await ask("/api/blog-entries/1/", {}, { routes })).status).toBe(200);
  });

  test("11.12 a route with parameters is a path with parameters, and the consumer has them", async () => {
    expect(await (await ask("/api/rooms/2/room_articles/")).json()).toMatchObject([{ id: 5 }]);
    expect((await ask("/api/rooms/2/room_articles/5/")).status).toBe(200);
    expect((await ask("/api/rooms/2/room_articles/1/")).status).toBe(404);
    const api = createHttpHandler({ routes: declared.routes });
    for (const target of ["/api/rooms/x/room_articles/", "/api/room_articles/", "/api/rooms/2/"])
      expect(await api(new Request(`http://localhost${target}`)), target).toBeNull();
  });

  test("a route with parameters whose end is the resource's name needs it once; an expression has named groups", async () => {
    class MessageConsumer extends declared.RoomConsumer {}
    const options = { routes: [path("rooms/<int:room>/messages/", MessageConsumer)] };
    expect(await (await ask("/api/rooms/2/messages/", {}, options)).json()).toHaveLength(1);
    expect((await ask("/api/rooms/2/messages/5/", {}, options)).status).toBe(200);
    const expression = { routes: [rePath(/^chat\/(?<room>\d+)$/, MessageConsumer)] };
    expect(await (await ask("/api/chat/1/messages/", {}, expression)).json()).toHaveLength(4);
  });

  test("a resource with two routes is at its name when one of them has no parameters", async () => {
    class BlogEntryConsumer extends declared.consumers.articles {}
    const options = { routes: [path("rooms/<int:room>/", BlogEntryConsumer), path("ws/blog/", BlogEntryConsumer)] };
    expect((await ask("/api/blog-entries/1/", {}, options)).status).toBe(200);
    expect((await ask("/api/rooms/2/blog-entries/1/", {}, options)).status).toBe(200);
  });

  test("11.12 OpenAPI has each list at the path where it is", async () => {
    class MessageConsumer extends declared.RoomConsumer {}
    const routes = [
      ...declared.routes,
      path("rooms/<int:room>/messages/", MessageConsumer),
      rePath(/^chat\/(?<room>\d+)$/, class ChatConsumer extends declared.RoomConsumer {}),
      rePath(/^any\/(?:of|these)\/(?<room>\d+)$/, class HiddenConsumer extends declared.RoomConsumer {}),
    ];
    const { paths } = openApiDocument(describeRoutes(routes));
    const lists = Object.keys(paths ?? {}).filter((target) => /rooms|chat|any|hidden/.test(target));
    expect(lists).toEqual([
      "/rooms/{room}/room_articles/",
      "/rooms/{room}/room_articles/{pk}/",
      "/rooms/{room}/messages/",
      "/rooms/{room}/messages/{pk}/",
      "/chat/{room}/chats/",
      "/chat/{room}/chats/{pk}/",
    ]);
    for (const target of lists) {
      const response = await ask(`/api${target.replace("{room}", "2").replace("{pk}", "5")}`, {}, { routes });
      expect(response.status, target).toBe(200);
    }
    expect(paths).toMatchObject({
      "/rooms/{room}/messages/{pk}/": {
        parameters: [
          { name: "room", in: "path", schema: { type: "integer" } },
          { name: "pk", in: "path" },
        ],
      },
    });
  });

  test("a key is percent-decoded, slash and all", async () => {
    await declared.Article.objects.filter({ id: 1 }).update({ slug: "a/b ü" });
    expect(await (await ask(`/api/slugged/${encodeURIComponent("a/b ü")}/`)).json()).toMatchObject({ id: 1 });
  });
});

describe("custom actions", () => {
  test("11.6 are called by name, with - or _, with the row in the path or in the body", async () => {
    for (const target of ["/api/articles/add-up/", "/api/articles/add_up/"])
      expect(await (await ask(target, json({ numbers: [1, 2] }))).json()).toEqual({ sum: 3 });
    expect(await (await ask("/api/articles/1/publish/", { method: "POST" })).json()).toEqual({ published: 1 });
    expect(await (await ask("/api/articles/publish/", json({ pk: 2 }))).json()).toEqual({ published: 2 });
    expect((await ask("/api/articles/99/publish/", { method: "POST" })).status).toBe(404);
  });

  test("have no envelope to break out of", async () => {
    const body = { action: "crash", request_id: 7, x: 1 };
    expect(await (await ask("/api/articles/echo/", json(body))).json()).toEqual({ x: 1 });
  });

  test("an action that answers nothing is 204", async () => {
    const response = await ask("/api/articles/silent/", { method: "POST" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("11.6 actions of a connection that lasts, and those with a method of their own, are not there", async () => {
    for (const name of [
      "subscribe_list",
      "unsubscribe_list",
      "subscribe_count",
      "cancel",
      "settle",
      "authenticate",
      "list",
      "create",
      "delete",
    ])
      expect((await ask(`/api/articles/${name}/`, json({}))).status, name).toBe(405);
    for (const name of ["constructor", "__proto__", "getQueryset"])
      expect((await ask(`/api/articles/${name}/`, json({}))).status, name).toBe(405);
    expect((await ask("/api/who/authenticate/", json({ token: "x" }))).status).toBe(404);
  });

  test("a body that is no object is 400", async () => {
    expect((await ask("/api/articles/echo/", json([1]))).status).toBe(400);
  });

  test("11.8 a stream is lines, or events for who asks for them", async () => {
    const lines = await ask("/api/articles/count_to/", json({ to: 1 }));
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await lines.text()).toBe('{"status":206,"data":{"n":1}}\n{"status":200,"data":{"total":1}}\n');
    const events = await ask("/api/articles/count_to/", json({ to: 1 }, { accept: "text/event-stream" }));
    expect(await events.text()).toBe('event: item\ndata: {"n":1}\n\nevent: end\ndata: {"total":1}\n\n');
    const failing = await ask("/api/articles/count_to/", json({ to: 0, failing: true }, { accept: "text/event-stream" }));
    expect([failing.status, await failing.json()]).toEqual([409, { detail: "Lost count." }]);
  });
});

describe("answers", () => {
  test("11.3 create says where the row is", async () => {
    const row = { title: "new", slug: "the/new" };
    expect((await ask("/api/articles/", json(row))).headers.get("location")).toBe("/api/articles/6/");
    const other = { title: "newer", slug: "a b" };
    expect((await ask("/api/slugged/", json(other))).headers.get("location")).toBe("/api/slugged/a%20b/");
  });

  test("are JSON of this user alone, with their length", async () => {
    const response = await ask("/api/articles/1/");
    const text = await response.clone().text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      vary: "Accept",
    });
  });

  test("11.3 HEAD is GET without the body", async () => {
    const get = await ask("/api/articles/");
    const head = await ask("/api/articles/", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  });

  test("11.3 OPTIONS names the methods", async () => {
    const methods = async (target: string) => (await ask(target, { method: "OPTIONS" })).headers.get("allow");
    expect(await methods("/api/articles/")).toBe("GET, HEAD, POST, OPTIONS");
    expect(await methods("/api/articles/1/")).toBe("GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    expect(await methods("/api/articles/1/publish/")).toBe("POST, OPTIONS");
    expect(await methods("/api/limited/")).toBe("GET, HEAD, OPTIONS");
  });

  test("11.3 another method is 405, with those that are allowed", async () => {
    const response = await ask("/api/limited/", json({}));
    expect([response.status, await response.json()]).toEqual([405, { detail: 'Method "POST" not allowed.' }]);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  test("11.4 what the client does not take is 406", async () => {
    for (const accept of ["text/html", "application/json;q=0", "image/*"])
      expect((await ask("/api/articles/", { headers: { accept } })).status, accept).toBe(406);
    for (const accept of ["*/*", "application/*;q=0.1", "text/html, application/json;q=0.5"])
      expect((await ask("/api/articles/", { headers: { accept } })).status, accept).toBe(200);
    expect((await ask("/api/numbered/", { headers: { accept: "text/event-stream" } })).status).toBe(406);
  });

  test("11.3 401 says how to log in", async () => {
    const refusing = () => {
      throw new AuthenticationFailed();
    };
    const response = await ask("/api/articles/", {}, { authenticate: refusing, wwwAuthenticate: 'Bearer realm="x"' });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="x"']);
    expect(await response.json()).toEqual({ detail: "Incorrect authentication credentials." });
    expect((await ask("/api/locked/")).headers.get("www-authenticate")).toBe("Bearer");
  });

  test("11.3 429 says when to come back", async () => {
    const api = createHttpHandler({ routes: declared.routes, authenticate: () => ({ user: { id: "often" } }) });
    const statuses: (number | undefined)[] = [];
    let last: Response | null = null;
    for (let n = 0; n < 3; n += 1) {
      last = await api(new Request("http://localhost/api/throttled/"));
      statuses.push(last?.status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("11.2 an error of the application is an id, which the log has too", async () => {
    const log: object[] = [];
    const logger = { ...silent, error: (details: object) => void log.push(details) };
    const response = await ask("/api/articles/crash/", json({}), { logger, ids: () => "the-id" });
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toEqual([
      500,
      { detail: "A server error occurred. Error id: the-id", error_id: "the-id" },
    ]);
    expect(log).toMatchObject([{ errorId: "the-id" }]);
  });

  test("an error of authenticate is an id too", async () => {
    const failing = () => {
      throw new TypeError("SECRET");
    };
    const response = await ask("/api/articles/", {}, { authenticate: failing });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("SECRET");
  });

  test("11.7 a replayed answer says so", async () => {
    const headers = { "idempotency-key": '"3f1de0b4-5a3c-4b7e-8d1a-2f5b8c9d0e1f"' };
    const row = { title: "once", slug: "once" };
    const authenticate = () => ({ user: { id: "replays" } });
    const first = await ask("/api/articles/", json(row, headers), { authenticate });
    const second = await ask("/api/articles/", json(row, headers), { authenticate });
    expect([first.headers.get("idempotency-replayed"), second.headers.get("idempotency-replayed")]).toEqual([null, "true"]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
  });

  test("numbers keep their digits, in and out", async () => {
    const response = await ask("/api/articles/echo/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"big":123456789012345678901234567890}',
    });
    expect(await response.text()).toBe('{"big":123456789012345678901234567890}');
  });
});

describe("bodies", () => {
  const send = (body: string | Uint8Array<ArrayBuffer>, type = "application/json", options: Partial<HttpApiOptions> = {}) =>
    ask("/api/articles/echo/", { method: "POST", body, headers: type === "" ? {} : { "content-type": type } }, options);

  test("11.4 only JSON is taken: 415", async () => {
    const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"];
    for (const type of types) expect((await send("{}", type)).status, type).toBe(415);
    for (const type of ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"])
      expect((await send("{}", type)).status, type).toBe(200);
  });

  test("what is no JSON is 400, with a message", async () => {
    for (const body of ["{", "nothing", "{} {}", new Uint8Array([0x7b, 0xff, 0x7d])]) {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ detail: "JSON parse error: expected the body to be one JSON value in UTF-8." });
    }
  });

  test("no body is an empty object", async () => {
    expect(await (await send("", "")).json()).toEqual({});
    expect((await ask("/api/articles/", { method: "POST" })).status).toBe(400);
  });

  test("11.4 one that is too large is 413, whether it says so or not", async () => {
    const limit = { maxBodyBytes: 100 };
    expect((await send(`"${"x".repeat(98)}"`, "application/json", limit)).status).toBe(400);
    expect((await send(`"${"x".repeat(99)}"`, "application/json", limit)).status).toBe(413);
    const headers = { "content-type": "application/json", "content-length": "101" };
    expect((await ask("/api/articles/echo/", { method: "POST", body: "{}", headers }, limit)).status).toBe(413);
  });

  test("one that does not come is 408", async () => {
    const body = new ReadableStream<Uint8Array>();
    const init: object = { method: "POST", body, duplex: "half", headers: { "content-type": "application/json" } };
    expect((await ask("/api/articles/echo/", init, { bodyTimeout: 5 })).status).toBe(408);
  });

  test("one that is nested too deep is 400", async () => {
    const body = `{"x":${"[".repeat(50)}${"]".repeat(50)}}`;
    expect((await send(body, "application/json", { maxDepth: 50 })).status).toBe(400);
    expect((await send(body, "application/json", { maxDepth: 60 })).status).toBe(200);
  });
});

describe("query strings", () => {
  const ids = async (query: string) => {
    const rows: unknown = await (await ask(`/api/articles/?${query}`)).json();
    return Array.isArray(rows) ? rows.map((row: { id: number }) => row.id) : rows;
  };

  test("11.5 values may be repeated or separated by commas", async () => {
    expect(await ids("id__in=1,2&id__in=4")).toEqual([1, 2, 4]);
    expect(await ids("views__range=20,30")).toEqual([2, 3]);
    expect(await ids("views__range=20&views__range=30")).toEqual([2, 3]);
  });

  test("11.5 of a name that is repeated the last counts, and an empty one asks for nothing (Django)", async () => {
    expect(await ids("views=10&views=20")).toEqual([2]);
    expect(await ids("views=&title=&ordering=&search=")).toEqual([1, 2, 3, 4, 5]);
  });

  test("truth values are read in any case, and as digits", async () => {
    for (const value of ["True", "true", "1"]) expect(await ids(`isPublished=${value}`), value).toEqual([2, 4]);
  });

  test("11.5 unknown parameters are ignored (DRF), unknown lookups of known columns are not", async () => {
    expect(await ids("utm_source=x&unknown__exact=1")).toEqual([1, 2, 3, 4, 5]);
    const { title__icontain: messages } = Object(await ids("title__icontain=1"));
    expect(messages).toEqual([expect.stringContaining('Unknown filter "title__icontain"')]);
  });

  test("a column that no answer shows is not filtered by, and the answer does not say that it exists", async () => {
    expect(await ids("secret=hidden")).toEqual([1, 2, 3, 4, 5]);
    expect(await ids("secret__icontains=zzz")).toEqual(await ids("nothing__icontains=zzz"));
  });

  test("cannot set what is said elsewhere in the request", async () => {
    expect(await ids("action=crash&request_id=5&filters=1&data=1")).toEqual([1, 2, 3, 4, 5]);
    expect((await ask("/api/articles/1/?pk=2&__proto__=x")).status).toBe(200);
    expect(await (await ask("/api/articles/1/?pk=2")).json()).toMatchObject({ id: 1 });
  });
});

test("the address of the client is what the adapter says, or a trusted proxy in the last place", async () => {
  const api = createHttpHandler({ routes: declared.routes });
  const proxied = { method: "POST", headers: { "x-forwarded-for": "192.0.2.1, 192.0.2.2" } };
  const request = () => new Request("http://localhost/api/who/who_am_i/", proxied);
  expect(await (await api(request(), { client: { address: "192.0.2.9", port: 1 } }))?.json()).toMatchObject({
    address: "192.0.2.9",
  });
  expect(await (await ask("/api/who/who_am_i/", proxied, { trustProxy: true })).json()).toMatchObject({ address: "192.0.2.2" });
});

describe("limits", () => {
  test("more requests under way than there may be are 503", async () => {
    expect((await ask("/api/articles/", {}, { maxConnections: 0 })).status).toBe(503);
  });

  test("one that is not accepted in time is 503, and its consumer is ended when it accepts after all", async () => {
    let accept = (): void => {};
    const accepting = new Promise<void>((resolve) => (accept = resolve));
    let end = (_code: number): void => {};
    const ended = new Promise<number>((resolve) => (end = resolve));
    class SlowArticleConsumer extends declared.consumers.articles {
      override connect = () => accepting;
      override async disconnect(code: number): Promise<void> {
        end(code);
      }
    }
    const routes = [path("ws/", SlowArticleConsumer)];
    expect((await ask("/api/slow-articles/", {}, { routes, handshakeTimeout: 5 })).status).toBe(503);
    accept();
    expect(await ended).toBe(1000);
  });

  test("close() answers what is under way, ends streams and refuses what comes", async () => {
    const api = createHttpHandler({ routes: declared.routes });
    const headers = { accept: "text/event-stream" };
    const stream = await api(new Request("http://localhost/api/articles/", { headers }));
    const under = api(new Request("http://localhost/api/articles/"));
    const closed = api.close();
    expect((await under)?.status).toBe(200);
    await closed;
    expect(await stream?.text()).toContain("event: snapshot");
    expect(api.connections()).toBe(0);
    expect((await api(new Request("http://localhost/api/articles/")))?.status).toBe(503);
  });
});
