import fc from "fast-check";
import * as v from "valibot";
import { type } from "arktype";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ActionContract, type Contract, describeRoutes } from "../../src/contracts.ts";
import {
  action,
  and,
  AsyncAPIConsumer,
  BasePermission,
  IsAdminUser,
  IsAuthenticated,
  Multiplexer,
  not,
  or,
  path,
  rePath,
  viewAsConsumer,
} from "../../src/index.ts";
import { WebsocketCommunicator } from "../../src/testing.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { blogOf } from "../security/blog.ts";
import { openBlogDatabase } from "../security/blog-database.ts";
import { board, quickstart } from "./example-routes.ts";
import { misfits } from "./fits-schema.ts";

const database = await openBlogDatabase(sqliteFile);
afterAll(() => database.close());
const blogRoutes = blogOf(database);
const blog = describeRoutes(blogRoutes);
const { routes: quickstartRoutes } = await quickstart();
const boardContract = describeRoutes(await board());

function resource(contract: Contract, name: string) {
  const found = contract.resources.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`Expected a resource ${name}.`);
  return found;
}

function actionOf(contract: Contract, name: string, wanted: string): ActionContract {
  const found = resource(contract, name).actions.find((one) => one.name === wanted);
  if (found === undefined) throw new TypeError(`Expected an action ${name}.${wanted}.`);
  return found;
}

describe("a resource", () => {
  test("says where it is served, who may call it, and how its lists are narrowed and ordered", () => {
    const tasks = resource(boardContract, "tasks");
    expect(tasks).toMatchObject({
      places: [{ path: "ws/", stream: "tasks" }],
      permissions: ["IsAuthenticated"],
      ordering: ["position", "createdAt", "title"],
      search: true,
      pagination: null,
      lookup: { argument: "pk", schema: { type: "integer" } },
      dynamic: true,
    });
    expect(tasks.filters).toMatchObject({
      status__in: { type: "array", items: { type: "string", enum: ["todo", "doing", "done"] } },
      assignee: { type: ["integer", "null"] },
      assignee__isnull: { type: "boolean" },
    });
    expect(resource(blog, "users").places).toEqual([
      { path: "ws/users/", stream: null },
      { path: "ws/all/", stream: "users" },
    ]);
  });

  test("that leaves all to its class is not dynamic, one that decides per request is", () => {
    expect(resource(boardContract, "people").dynamic).toBe(false);
    expect(resource(blog, "posts").dynamic).toBe(true);
  });

  test("orders by what answers hold where it names no fields, and filters by a schema of its own", () => {
    expect(resource(boardContract, "people").ordering).toEqual(["id", "name", "color"]);
    expect(resource(blog, "users").filters["named"]).toMatchObject({ type: "string", maxLength: 20 });
    expect(resource(blog, "posts").filters["owner__username"]).toEqual({ type: ["string", "null"] });
  });

  test("never says a write-only field in an answer", () => {
    const answers = [...blog.resources, ...boardContract.resources].flatMap(({ row, actions }) => [
      row,
      ...actions.map(({ output }) => output),
    ]);
    expect(JSON.stringify(answers)).not.toMatch(/password|moderation/);
    expect(JSON.stringify(blog.schemas["Post"])).not.toContain("moderation");
    expect(JSON.stringify(blog.schemas["Owner"])).not.toContain("password");
    expect(JSON.stringify(blog.schemas["PostInput"])).toContain("moderation");
  });
});

describe("an action", () => {
  test("of rows says arguments, statuses, the names of its errors and whether it takes a key", () => {
    expect(actionOf(blog, "users", "update")).toMatchObject({
      kind: "action",
      idempotent: true,
      input: { properties: { pk: { type: "integer" }, data: { $ref: "#/schemas/UserInput" } }, required: ["pk", "data"] },
      output: { $ref: "#/schemas/User" },
      statuses: [200, 400, 401, 403, 404, 405, 409, 429],
      errorFields: ["pk", "data", "username", "email", "password", "non_field_errors"],
    });
    expect(actionOf(blog, "users", "create").statuses[0]).toBe(201);
    expect(actionOf(blog, "users", "delete")).toMatchObject({
      output: { type: "null" },
      statuses: expect.arrayContaining([204, 404]),
    });
  });

  test("that lists pages says their envelope, and a stream of pages what each holds", () => {
    const rows = { type: "array", items: { $ref: "#/schemas/Post" } };
    expect(actionOf(blog, "posts", "list").output).toMatchObject({
      required: ["count", "results", "limit", "offset"],
      properties: { results: rows },
    });
    expect(actionOf(blog, "flat", "list").output).toMatchObject({
      required: ["count", "results", "page", "page_size", "num_pages"],
    });
    expect(actionOf(blog, "feed", "list").output).toMatchObject({ required: ["next", "previous", "results"] });
    expect(actionOf(blog, "stream", "list")).toMatchObject({
      kind: "streaming",
      items: { required: ["count", "results", "limit", "offset"] },
    });
  });

  test("that subscribes says its events", () => {
    const { kind, events, statuses } = actionOf(boardContract, "tasks", "subscribe_list");
    expect([kind, statuses[0]]).toEqual(["subscription", 201]);
    expect(events).toMatchObject({ create: { $ref: "#/schemas/Task" }, delete: { required: ["pk"] }, reset: { type: "array" } });
  });

  test("of the application is described by its schemas, whatever their library, and says so where it cannot be", () => {
    const tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => tree)) });
    class OddConsumer extends AsyncAPIConsumer {
      zod = action({ input: z.object({ a: z.number() }), output: z.object({ sum: z.number() }) }, ({ a }) => ({ sum: a }));
      ark = action({ input: type({ "b?": "string" }) }, () => null);
      valibot = action({ input: v.object({ c: v.number() }) }, () => null);
      date = action({ input: z.object({ d: z.date() }) }, () => null);
      nested = action({ input: tree }, () => null);
      open = action(() => null);
      count = action({ input: z.object({ to: z.number() }), output: z.number() }, async function* () {
        yield 1;
      });
    }
    const contract = describeRoutes([path("odd/", OddConsumer)]);
    const named = (name: string) => actionOf(contract, "odds", name);
    expect(named("zod")).toMatchObject({
      input: { type: "object", properties: { a: { type: "number" } }, required: ["a"] },
      output: { properties: { sum: { type: "number" } } },
      errorFields: ["a", "non_field_errors"],
    });
    expect(named("ark").input).toMatchObject({ properties: { b: { type: "string" } } });
    expect(named("valibot").input).toEqual({ description: expect.stringContaining("valibot") });
    expect(named("date").input).toEqual({ description: expect.stringContaining("Date cannot be represented") });
    expect(named("open").input).toMatchObject({ type: "object", description: expect.stringContaining("no input schema") });
    expect(named("count")).toMatchObject({ kind: "streaming", items: { type: "number" } });
    expect(named("nested").input).toEqual({ $ref: "#/schemas/odds.nested.input" });
    expect(misfits({ name: "a", children: [{ name: "b", children: [] }] }, named("nested").input, contract.schemas)).toEqual([]);
    expect(misfits({ name: "a", children: [{ name: 1 }] }, named("nested").input, contract.schemas)).not.toEqual([]);
  });

  test("authenticate is there only where the server takes tokens", () => {
    const names = (contract: Contract) => resource(contract, "users").actions.map(({ name }) => name);
    expect(names(describeRoutes(quickstartRoutes))).not.toContain("authenticate");
    expect(names(describeRoutes(quickstartRoutes, { authenticateToken: () => null }))).toContain("authenticate");
  });
});

describe("describing", () => {
  test("writes composed permissions out, and those of the server where the class names none", () => {
    class IsBanned extends BasePermission {}
    class GuardedConsumer extends AsyncAPIConsumer {
      override permissionClasses = [or(IsAdminUser, and(IsAuthenticated, not(IsBanned)))];
    }
    class PlainConsumer extends AsyncAPIConsumer {}
    const routes = [path("a/", GuardedConsumer), path("b/", PlainConsumer)];
    const contract = describeRoutes(routes, { defaultPermissionClasses: [IsAuthenticated] });
    expect(contract.resources.map(({ permissions }) => permissions)).toEqual([
      ["or(IsAdminUser, and(IsAuthenticated, not(IsBanned)))"],
      ["IsAuthenticated"],
    ]);
  });

  test("says which consumer cannot be made without a user", () => {
    class NeedyConsumer extends AsyncAPIConsumer {
      readonly userId = Reflect.get(Object(this.scope.user ?? undefined), "id").toString();
    }
    expect(() => describeRoutes([path("ws/", NeedyConsumer)])).toThrow(
      'Expected NeedyConsumer at "ws/" to be made without a user',
    );
  });

  test("does with a view, and with regular expressions and prefixes as paths", () => {
    class PageConsumer extends viewAsConsumer(() => new Response("ok")) {}
    class RoomConsumer extends AsyncAPIConsumer {}
    const contract = describeRoutes([
      path("api/", [path("pages/", PageConsumer), rePath(/^rooms\/(?<room>\w+)\/$/, RoomConsumer)]),
      path("all/", Multiplexer({ pages: PageConsumer })),
    ]);
    expect(contract.resources.map(({ name, places }) => [name, places.map((place) => place.path)])).toEqual([
      ["pages", ["api/pages/", "all/"]],
      ["rooms", ["api/rooms/(?<room>\\w+)/"]],
    ]);
    expect(actionOf(contract, "pages", "list")).toMatchObject({ model: null, output: {} });
  });
});

describe("what the server answers fits its schema", () => {
  const text = fc.stringMatching(/^[a-zA-Z0-9 ]{0,20}$/);

  async function ask(communicator: WebsocketCommunicator, frame: object): Promise<{ response_status: number; data: unknown }> {
    communicator.sendJson(frame);
    const { response_status, data } = Object(await communicator.receiveJson(10_000));
    return { response_status, data };
  }

  test("for rows of the blog, made and read, in lists and pages", async () => {
    const user = { user: { id: 1 } };
    const [posts, flat] = ["posts", "flat"].map(
      (name) => new WebsocketCommunicator(blogRoutes, { path: `/ws/${name}/`, ...user }),
    );
    if (posts === undefined || flat === undefined) throw new TypeError("Expected two sockets.");
    await posts.connect();
    await flat.connect();
    const create = actionOf(blog, "posts", "create");
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ title: text, body: text, rating: fc.integer({ min: -5, max: 2 ** 31 }) }, { requiredKeys: [] }),
        async (data) => {
          const { response_status, data: answer } = await ask(posts, { action: "create", data });
          const isTaken = misfits({ data }, create.input, blog.schemas).length === 0;
          if (!isTaken) expect(response_status).toBe(400);
          if (response_status !== 201) return;
          made += 1;
          expect(misfits(answer, create.output, blog.schemas)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    expect(made).toBeGreaterThan(5);
    const list = await ask(posts, { action: "list", limit: 3 });
    expect(misfits(list.data, actionOf(blog, "posts", "list").output, blog.schemas)).toEqual([]);
    const page = await ask(flat, { action: "list", page: 2 });
    expect(misfits(page.data, actionOf(blog, "flat", "list").output, blog.schemas)).toEqual([]);
    await Promise.all([posts.disconnect(), flat.disconnect()]);
  });

  test("for the quickstart's users; what the schema of its input refuses the server refuses", async () => {
    const contract = describeRoutes(quickstartRoutes);
    const create = actionOf(contract, "users", "create");
    const socket = new WebsocketCommunicator(quickstartRoutes, { path: "/ws/" });
    await socket.connect();
    const answers = [];
    for (const username of fc.sample(fc.stringMatching(/^[a-z]{1,150}$/), 4)) {
      const data = { username, password: "secret word", email: `${username}@example.com` };
      expect(misfits({ data }, create.input, contract.schemas)).toEqual([]);
      answers.push(await ask(socket, { action: "create", data }));
    }
    const refused = [
      {},
      { username: "", password: "x" },
      { username: "x".repeat(151), password: "x" },
      { username: null, password: "x" },
      { username: "a" },
    ];
    for (const data of refused) {
      expect(misfits({ data }, create.input, contract.schemas)).not.toEqual([]);
      expect((await ask(socket, { action: "create", data })).response_status).toBe(400);
    }
    for (const { response_status, data } of answers) {
      expect([response_status, misfits(data, create.output, contract.schemas)]).toEqual([201, []]);
    }
    const list = await ask(socket, { action: "list" });
    expect(misfits(list.data, actionOf(contract, "users", "list").output, contract.schemas)).toEqual([]);
    await socket.disconnect();
  });
});
