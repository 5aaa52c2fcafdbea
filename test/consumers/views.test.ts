import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { viewAsConsumer } from "../../src/consumers/view-as-consumer.ts";
import { connected, failure, success } from "./connected.ts";

const books = new Hono();
books.get("/books", (c) => c.json({ method: "GET", query: c.req.queries(), cookie: c.req.header("cookie") ?? null }));
books.get("/books/:id", (c) => c.json({ id: c.req.param("id") }));
books.put("/books", async (c) => c.json({ made: await c.req.json() }, 201));
books.patch("/books/:id", async (c) => c.json({ id: c.req.param("id"), changed: await c.req.json() }));
books.delete("/books/:id", (c) => c.body(null, 204));

const BookConsumer = viewAsConsumer((request) => books.fetch(request), { path: "/books/:id?" });

describe("views", () => {
  it("9 list and retrieve are GET, create is PUT, update and patch are PATCH, delete is DELETE; parameters fill the path", async () => {
    const connection = await connected(BookConsumer);
    expect(await connection.ask({ action: "list", request_id: 1 })).toMatchObject({
      data: { method: "GET" },
      response_status: 200,
    });
    const parameters = { id: 7 };
    expect(await connection.ask({ action: "retrieve", request_id: 2, parameters })).toEqual(success("retrieve", 2, { id: "7" }));
    const data = { title: "é" };
    expect(await connection.ask({ action: "create", request_id: 3, data })).toEqual(success("create", 3, { made: data }, 201));
    for (const name of ["update", "patch"]) {
      expect(await connection.ask({ action: name, request_id: 4, parameters, data })).toEqual(
        success(name, 4, { id: "7", changed: data }),
      );
    }
    expect(await connection.ask({ action: "delete", request_id: 5, parameters })).toEqual(success("delete", 5, null, 204));
  });

  it("9 query becomes the query string, a list of values one key each", async () => {
    const connection = await connected(BookConsumer);
    const answer = await connection.ask({ action: "list", query: { a: 1, b: ["x", "y&z"], c: { d: 1 } } });
    expect(answer).toMatchObject({ data: { query: { a: ["1"], b: ["x", "y&z"], c: ['{"d":1}'] } } });
  });

  it("9 a parameter cannot leave its part of the path", async () => {
    const connection = await connected(BookConsumer);
    const answer = await connection.ask({ action: "retrieve", parameters: { id: "../../admin?x=1#y" } });
    expect(answer).toMatchObject({ response_status: 200, data: { id: "../../admin?x=1#y" } });
  });

  it.each([".", ".."])(
    "9 the parameter %j would climb out of its path and is answered 400, without asking the view",
    async (id) => {
      const seen: string[] = [];
      const view = viewAsConsumer((request) => (seen.push(request.url), new Response("{}")), { path: "/private/:id/edit" });
      const answer = await (await connected(view)).ask({ action: "list", request_id: 1, parameters: { id } });
      expect(answer).toEqual(failure("list", 1, 400, { parameters: { id: [`"${id}" is not a valid value.`] } }));
      expect(seen).toEqual([]);
    },
  );

  it.each(["...", "%2e%2e", "a/..", "\\..\\x", "http://evil/"])("9 the parameter %j stays one part of its path", async (id) => {
    const seen: string[] = [];
    const view = viewAsConsumer((request) => (seen.push(new URL(request.url).pathname), new Response("{}")), {
      path: "/private/:id/edit",
    });
    await (await connected(view)).ask({ action: "list", parameters: { id } });
    expect(seen).toEqual([expect.stringMatching(/^\/private\/[^/]+\/edit$/)]);
  });

  it("9 a required parameter that is missing, and parameters or query that are no objects, are answered 400", async () => {
    const connection = await connected(viewAsConsumer((request) => books.fetch(request), { path: "/books/:id" }));
    expect(await connection.ask({ action: "retrieve", request_id: 1 })).toEqual(
      failure("retrieve", 1, 400, { parameters: { id: ["This field is required."] } }),
    );
    for (const key of ["parameters", "query"]) {
      expect(await connection.ask({ action: "retrieve", request_id: 2, [key]: [1] })).toMatchObject({
        response_status: 400,
        data: null,
      });
    }
  });

  it("9 the handshake's cookie goes along, per connection", async () => {
    const ann = await connected(BookConsumer, { headers: { cookie: "session=ann" } });
    const bob = await connected(BookConsumer, { headers: { cookie: "session=bob" } });
    expect(await ann.ask({ action: "list" })).toMatchObject({ data: { cookie: "session=ann" } });
    expect(await bob.ask({ action: "list" })).toMatchObject({ data: { cookie: "session=bob" } });
  });

  it("9.1 the data is the body, JSON or text, the status the response's, and errors is always empty", async () => {
    const view = (request: Request) =>
      request.method === "GET" ? new Response("plain é", { status: 203 }) : Response.json({ detail: "No." }, { status: 403 });
    const connection = await connected(viewAsConsumer(view));
    expect(await connection.ask({ action: "list", request_id: 1 })).toEqual(success("list", 1, "plain é", 203));
    expect(await connection.ask({ action: "create", request_id: 2 })).toEqual(success("create", 2, { detail: "No." }, 403));
  });

  it("9.1 a view that throws, or that says JSON and sends none, is answered 500 without its message", async () => {
    const view = (request: Request) => {
      if (request.method === "GET") throw new TypeError("/srv/secret");
      return new Response("{/srv/secret", { headers: { "content-type": "application/json" } });
    };
    const connection = await connected(viewAsConsumer(view));
    for (const name of ["list", "create"]) {
      const answer = await connection.ask({ action: name, request_id: 1 });
      expect(answer).toMatchObject({ response_status: 500, data: null, request_id: 1 });
      expect(JSON.stringify(answer)).not.toContain("secret");
    }
  });

  it("9.2 an action that is not mapped is answered 405", async () => {
    const connection = await connected(
      viewAsConsumer((request) => books.fetch(request), { path: "/books", methods: { list: "GET" } }),
    );
    expect(await connection.ask({ action: "list" })).toMatchObject({ response_status: 200 });
    for (const name of ["create", "call_view", "callView"]) {
      expect(await connection.ask({ action: name, request_id: 1 })).toEqual(
        failure(name, 1, 405, `Method "${name}" not allowed.`),
      );
    }
  });

  it("a view learns that its client has gone: the request's signal is aborted", async () => {
    const aborted: string[] = [];
    const view = (request: Request) =>
      new Promise<Response>((resolve) => {
        request.signal.addEventListener("abort", () => (aborted.push(request.method), resolve(new Response("late"))));
      });
    const connection = await connected(viewAsConsumer(view));
    connection.send({ action: "list", request_id: 1 });
    await connection.ask({ action: "nope" });
    await connection.communicator.disconnect();
    expect(aborted).toEqual(["GET"]);
  });
});
