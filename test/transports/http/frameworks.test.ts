import { createServer, type RequestListener } from "node:http";
import { connect as connectTcp } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { createHttpHandler, toNodeHandler } from "../../../src/http.ts";
import { serve } from "../../../src/index.ts";
import { connectWebsocket } from "../../../src/testing.ts";
import { sqliteFile } from "../../databases/sqlite-file.ts";
import type { OpenDatabase } from "../../databases/test-database.ts";
import { listening } from "../../examples/listening.ts";
import { articleTables, type Articles, declareArticles, fillArticles } from "./articles.ts";
import { EventReader } from "./event-reader.ts";

const tables = articleTables(sqliteFile.builder);
let database: OpenDatabase;
let declared: Articles;

beforeAll(async () => {
  database = await sqliteFile.open();
  await database.create([tables.articles]);
  declared = declareArticles(database.db, tables);
});

beforeEach(async () => {
  await database.empty([tables.articles]);
  await fillArticles(declared);
});

afterAll(() => database.close());

function makeApi() {
  const api = createHttpHandler({ routes: declared.routes });
  onTestFinished(() => api.close());
  return api;
}

/** What any framework must let through: reading, writing, an error, a stream; and its own routes. */
async function servesAll(origin: string): Promise<void> {
  const own = await fetch(`${origin}/own`);
  expect([own.status, await own.text()]).toEqual([200, "own"]);
  const echo = await fetch(`${origin}/own`, { method: "POST", headers: { "content-type": "text/plain" }, body: "a body" });
  expect(await echo.text(), "a body that is not the API's is left unread").toBe("a body");
  const rows = await fetch(`${origin}/api/articles/?id__in=1,2&ordering=-id`);
  expect(await rows.json()).toMatchObject([{ id: 2 }, { id: 1 }]);
  const init = { method: "POST", headers: { "content-type": "application/json" } };
  const made = await fetch(`${origin}/api/articles/`, { ...init, body: JSON.stringify({ title: "new", slug: "new" }) });
  expect([made.status, made.headers.get("location")]).toEqual([201, "/api/articles/6/"]);
  const refused = await fetch(`${origin}/api/articles/`, { ...init, body: "{" });
  expect(refused.status).toBe(400);
  const deleted = await fetch(`${origin}/api/articles/6/`, { method: "DELETE" });
  expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
  const head = await fetch(`${origin}/api/articles/`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const reader = new EventReader(await fetch(`${origin}/api/articles/1/`, { headers: { accept: "text/event-stream" } }));
  expect(await reader.next()).toMatchObject({ event: "snapshot", data: { id: 1 } });
  await declared.Article.objects.filter({ id: 1 }).update({ views: 77 });
  expect(await reader.next()).toMatchObject({ event: "update", data: { views: 77 } });
  await reader.cancel();
}

test("serve({ httpApi: true }) serves sockets and HTTP, with one authentication", async () => {
  const server = await serve({
    routes: declared.routes,
    port: 0,
    host: "127.0.0.1",
    signals: false,
    drainTimeout: 500,
    authenticate: ({ headers }) => (headers.get("authorization") === "Bearer ann" ? { user: { id: "ann" } } : null),
    httpApi: true,
    http: (request, response) => {
      const isOwn = request.url === "/own";
      if (isOwn && request.method === "POST") request.pipe(response);
      else if (isOwn) response.end("own");
      return isOwn;
    },
  });
  onTestFinished(() => server.close());
  const origin = `http://127.0.0.1:${server.port}`;
  await servesAll(origin);
  const headers = { authorization: "Bearer ann" };
  const who = await fetch(`${origin}/api/who/who_am_i/`, { method: "POST", headers });
  expect(await who.json()).toEqual({ user: "ann", type: "http", address: "127.0.0.1" });
  const client = await connectWebsocket(`${server.url}/ws/`, { headers });
  client.sendJson({ stream: "who", payload: { action: "who_am_i", request_id: 1 } });
  expect(await client.receiveJson()).toMatchObject({ payload: { data: { user: "ann", type: "websocket" } } });
  await client.close();
  expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  expect(await (await fetch(`${origin}/healthz`)).text()).toBe("ok\n");
});

test("serve() without httpApi serves no HTTP", async () => {
  const server = await serve({ routes: declared.routes, port: 0, host: "127.0.0.1", signals: false });
  onTestFinished(() => server.close());
  expect((await fetch(`http://127.0.0.1:${server.port}/api/articles/`)).status).toBe(404);
});

test("close() of a server ends its event streams", async () => {
  const server = await serve({ routes: declared.routes, port: 0, host: "127.0.0.1", signals: false, httpApi: true });
  const headers = { accept: "text/event-stream" };
  const reader = new EventReader(await fetch(`http://127.0.0.1:${server.port}/api/articles/`, { headers }));
  await reader.next();
  await server.close();
  expect(await reader.next()).toBeNull();
});

test("Express: app.use(toNodeHandler(api)), also where it is mounted", async () => {
  const app = express();
  app.use(toNodeHandler(makeApi()));
  app.get("/own", (_request, response) => void response.send("own"));
  app.post("/own", express.text(), (request, response) => void response.send(request.body));
  await servesAll(`http://127.0.0.1:${await listening(createServer(app as RequestListener))}`);
  const mounted = express();
  mounted.use("/api", toNodeHandler(makeApi()));
  const port = await listening(createServer(mounted as RequestListener));
  expect((await fetch(`http://127.0.0.1:${port}/api/articles/1/`)).status).toBe(200);
});

test("Express: a body that a parser in front has read is taken from it", async () => {
  const app = express();
  app.use(express.json(), toNodeHandler(makeApi()));
  const port = await listening(createServer(app as RequestListener));
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"numbers":[1,2]}' };
  expect(await (await fetch(`http://127.0.0.1:${port}/api/articles/add_up/`, init)).json()).toEqual({ sum: 3 });
});

test("Fastify: a hook `onRequest`", async () => {
  const app = Fastify();
  onTestFinished(() => app.close());
  const handle = toNodeHandler(makeApi());
  app.addHook("onRequest", async (request, reply) => {
    if (await handle(request.raw, reply.raw)) reply.hijack();
  });
  app.get("/own", async () => "own");
  app.post("/own", (request, reply) => void reply.send(request.body));
  await servesAll(await app.listen({ port: 0, host: "127.0.0.1" }));
});

test("Hono: its requests and answers are the API's", async () => {
  const api = makeApi();
  const app = new Hono();
  app.all("/api/*", async (context) => (await api(context.req.raw)) ?? context.notFound());
  app.get("/own", (context) => context.text("own"));
  app.post("/own", async (context) => context.text(await context.req.text()));
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  await servesAll(`http://127.0.0.1:${await listening(server)}`);
});

test("a route handler of Next: a Request in, a Response out", async () => {
  const api = makeApi();
  const handler = async (request: Request): Promise<Response> => (await api(request)) ?? new Response(null, { status: 404 });
  const url = "http://localhost:3000/api/articles/";
  expect(await (await handler(new Request(`${url}1/`))).json()).toMatchObject({ id: 1 });
  const leaving = new AbortController();
  const headers = { accept: "text/event-stream" };
  const reader = new EventReader(await handler(new Request(url, { headers, signal: leaving.signal })));
  await reader.next();
  leaving.abort();
  expect(await reader.next()).toBeNull();
  expect((await handler(new Request("http://localhost:3000/api/nothing/"))).status).toBe(404);
});

test("Node: a body over the limit is answered 413, and the connection closed", async () => {
  const handle = toNodeHandler(createHttpHandler({ routes: declared.routes, maxBodyBytes: 1000 }));
  const port = await listening(createServer((request, response) => void handle(request, response)));
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify("x".repeat(500_000));
  const response = await fetch(`http://127.0.0.1:${port}/api/articles/`, { method: "POST", headers, body });
  expect([response.status, response.headers.get("connection")]).toEqual([413, "close"]);
});

test("Node: a body that nobody reads does not hold up the next request of its connection", async () => {
  const handle = toNodeHandler(makeApi());
  const port = await listening(createServer((request, response) => void handle(request, response)));
  for (let n = 0; n < 5; n += 1) {
    const init = { method: "PROPFIND", body: "x".repeat(200_000), headers: { "content-type": "text/plain" } };
    expect((await fetch(`http://127.0.0.1:${port}/api/articles/`, init)).status).toBe(405);
    expect((await fetch(`http://127.0.0.1:${port}/api/articles/1/`)).status).toBe(200);
  }
});

/** Sends bytes as they are and gives the first line of the answer. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, "127.0.0.1", () => socket.write(text));
    socket.once("data", (data) => {
      resolve(data.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

test("Node: strange requests are answered, and harm nobody", async () => {
  const handle = toNodeHandler(makeApi());
  const port = await listening(
    createServer((request, response) => {
      void handle(request, response).then((isTaken) => (isTaken ? undefined : response.writeHead(404).end()));
    }),
  );
  const head = (line: string, host = "x") => `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  expect(await raw(port, head("OPTIONS *"))).toBe("HTTP/1.1 404 Not Found");
  expect(await raw(port, head("TRACE /api/articles/"))).toBe("HTTP/1.1 404 Not Found");
  expect(await raw(port, head("GET //evil/api/articles/"))).toBe("HTTP/1.1 404 Not Found");
  expect(await raw(port, head("GET /api/articles/", "a b"))).toMatch(/HTTP\/1.1 40[04]/);
  expect(await raw(port, head("GET http://proxy/api/articles/1/"))).toBe("HTTP/1.1 200 OK");
  expect(await raw(port, head("PROPFIND /api/articles/"))).toBe("HTTP/1.1 405 Method Not Allowed");
});
