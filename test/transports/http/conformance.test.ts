import { afterAll, expect, test } from "vitest";
import { describeOnDatabases } from "../../databases/describe-on-databases.ts";
import { articleTables, declareArticles, fillArticles } from "./articles.ts";
import { type Binding, type Call, type Outcome, overHttp, overSocket } from "./bindings.ts";

interface Case {
  readonly rule: string;
  readonly calls: readonly Call[];
  /** The statuses of the answers. */
  readonly statuses: readonly number[];
  /** Default: ann. null: nobody. */
  readonly user?: string | null;
}

function one(rule: string, status: number, resource: string, action: string, args: Call["args"] = {}): Case {
  return { rule, calls: [{ resource, action, args }], statuses: [status] };
}

const list = (filters: object) => ({ filters });
const fresh = { title: "new", slug: "new", views: 1 };
const KEY = "3f1de0b4-5a3c-4b7e-8d1a-2f5b8c9d0e1f";

const CASES: readonly Case[] = [
  one("list answers all rows", 200, "articles", "list"),
  one("retrieve answers a row", 200, "articles", "retrieve", { pk: 3 }),
  one("retrieve of a row that does not exist is 404", 404, "articles", "retrieve", { pk: 99 }),
  one("a key that is none is 404", 404, "articles", "retrieve", { pk: "abc" }),
  one("create answers the new row", 201, "articles", "create", { data: { ...fresh, secret: "x" } }),
  one("create refuses what does not validate, by field", 400, "articles", "create", { data: { title: "", views: "many" } }),
  one("create without any field names those that are required", 400, "articles", "create", { data: {} }),
  one("create with data that is no object is 400", 400, "articles", "create", { data: [1] }),
  one("create with null is 400", 400, "articles", "create", { data: null }),
  one("create of a value that is taken is 400", 400, "articles", "create", { data: { ...fresh, title: "article 1" } }),
  one("update replaces a row", 200, "articles", "update", { pk: 1, data: { ...fresh, views: 7 } }),
  one("update without a required field is 400", 400, "articles", "update", { pk: 1, data: { views: 7 } }),
  one("patch changes a field", 200, "articles", "patch", { pk: 1, data: { views: 8 } }),
  one("patch of a row that does not exist is 404", 404, "articles", "patch", { pk: 99, data: { views: 8 } }),
  {
    rule: "delete removes a row, and then it is 404",
    calls: [
      { resource: "articles", action: "delete", args: { pk: 2 } },
      { resource: "articles", action: "delete", args: { pk: 2 } },
    ],
    statuses: [204, 404],
  },
  one("a filter by equality", 200, "articles", "list", list({ title: "article 2" })),
  one("a filter by a part of a text", 200, "articles", "list", list({ title__icontains: "ICLE 3" })),
  one("a filter by a text that looks like a number", 200, "articles", "list", list({ title: "12" })),
  one("a filter by a number", 200, "articles", "list", list({ views__gte: 30 })),
  one("a filter by several numbers", 200, "articles", "list", list({ id__in: [1, 4, 9] })),
  one("a filter by several texts", 200, "articles", "list", list({ title__in: ["article 1", "article 5"] })),
  one("a filter by a range", 200, "articles", "list", list({ views__range: [20, 40] })),
  one("a filter by a number with a point", 200, "articles", "list", list({ score__lt: 0.75 })),
  one("a filter by a decimal", 200, "articles", "list", list({ price: "2.50" })),
  one("a filter by a truth value", 200, "articles", "list", list({ isPublished: true })),
  one("a filter by NULL", 200, "articles", "list", list({ big__isnull: false })),
  one("a filter by equality with null", 200, "articles", "list", list({ big: null })),
  one("a filter by a large number", 200, "articles", "list", list({ big: Number.MAX_SAFE_INTEGER })),
  one("a filter by a moment", 200, "articles", "list", list({ createdAt__gte: "2026-01-04T00:00:00Z" })),
  one("a filter by a day", 200, "articles", "list", list({ day: "2026-01-02" })),
  one("a filter by a UUID", 200, "articles", "list", list({ token: "00000000-0000-4000-8000-000000000004" })),
  one("several filters must all hold", 200, "articles", "list", list({ views__gte: 20, isPublished: false })),
  one("a method filter that takes a truth value", 200, "articles", "list", list({ popular: false })),
  one("a method filter that takes a text, also one that looks like JSON", 200, "articles", "list", list({ named: "12" })),
  one("a method filter that takes a list", 200, "articles", "list", list({ any: [10, 30] })),
  one("a number that is none is 400 by the filter's name", 400, "articles", "list", list({ views: "many" })),
  one("one of several numbers that is none is 400", 400, "articles", "list", list({ id__in: ["1", "x"] })),
  one("a moment that is none is 400", 400, "articles", "list", list({ createdAt__gte: "yesterday" })),
  one("a truth value that is none is 400", 400, "articles", "list", list({ isPublished: "perhaps" })),
  one("a value that a method filter does not take is 400", 400, "articles", "list", list({ popular: "perhaps" })),
  one("a lookup that is not offered is 400", 400, "articles", "list", list({ title__startswith: "a" })),
  one("a filter that one row does not pass hides it", 404, "articles", "retrieve", { pk: 1, filters: { views__gte: 20 } }),
  one("search", 200, "articles", "list", { search: "icle 2" }),
  one("search by more than a search may have is 400", 400, "articles", "list", { search: "x".repeat(300) }),
  one("ordering", 200, "articles", "list", { ordering: "-views,title" }),
  one("an ordering that is not offered is 400", 400, "articles", "list", { ordering: "secret" }),
  one("filter, search and ordering together", 200, "articles", "list", {
    filters: { id__gt: 1 },
    search: "article",
    ordering: "-id",
  }),
  one("a page by limit and offset", 200, "limited", "list", { limit: 2, offset: 1 }),
  one("the default limit", 200, "limited", "list"),
  one("a limit above the maximum", 200, "limited", "list", { limit: 100 }),
  one("a limit that is no number", 200, "limited", "list", { limit: "many" }),
  one("a page by number", 200, "numbered", "list", { page: 2 }),
  one("the last page", 200, "numbered", "list", { page: "last", page_size: 3 }),
  one("a page that does not exist is 404", 404, "numbered", "list", { page: 9 }),
  one("the first page by cursor", 200, "cursors", "list"),
  one("a cursor that is none is 404", 404, "cursors", "list", { cursor: "abc" }),
  one("a stream of pages", 200, "streamed", "list"),
  one("a filtered stream of pages", 200, "streamed", "list", list({ isPublished: false })),
  one("a row by another lookup field", 200, "slugged", "retrieve", { slug: "article-3" }),
  one("a row out of sight is 404", 404, "slugged", "retrieve", { slug: "article-5" }),
  one("a write by another lookup field", 200, "slugged", "patch", { slug: "article-3", data: { views: 1 } }),
  one("a custom action with an input", 200, "articles", "publish", { pk: 1 }),
  one("a custom action on a row that does not exist", 404, "articles", "publish", { pk: 99 }),
  one("a custom action with a status of its own", 202, "articles", "add_up", { numbers: [1, 2] }),
  one("a custom action whose input is refused by its schema", 400, "articles", "add_up", { numbers: ["1"] }),
  one("a custom action that returns nothing", 200, "articles", "nothing"),
  one("a custom action that answers by itself", 203, "articles", "by_itself"),
  one("an exception of the API", 409, "articles", "conflict"),
  one("an exception of the API with fields", 409, "articles", "conflict_of_fields"),
  one("an error of the application tells its id and nothing else", 500, "articles", "crash"),
  one("a streaming action", 200, "articles", "count_to", { to: 3 }),
  one("a streaming action that fails", 200, "articles", "count_to", { to: 2, failing: true }),
  one("a streaming action that is refused before its first item", 400, "articles", "count_to", { to: "x" }),
  one("what is allowed to the user", 200, "guarded", "list"),
  { ...one("what is not allowed to nobody", 403, "guarded", "list"), user: null },
  one("a row that an object permission refuses", 403, "guarded", "retrieve", { pk: 2 }),
  one("a row that an object permission allows", 200, "guarded", "retrieve", { pk: 1 }),
  one("a delete that an object permission refuses", 403, "guarded", "delete", { pk: 2 }),
  one("a consumer that refuses the connection", 401, "locked", "list"),
  {
    rule: "a throttle refuses the third request",
    calls: Array.from({ length: 3 }, () => ({ resource: "throttled", action: "list" })),
    statuses: [200, 200, 429],
    user: "throttled",
  },
  {
    rule: "a write that is sent again with its key is done once, and answered alike",
    calls: [
      { resource: "articles", action: "create", args: { data: fresh, idempotency_key: KEY } },
      { resource: "articles", action: "create", args: { data: fresh, idempotency_key: KEY } },
      { resource: "articles", action: "create", args: { data: { ...fresh, views: 2 }, idempotency_key: KEY } },
    ],
    statuses: [201, 201, 409],
    user: "keyed",
  },
  {
    rule: "a custom action that is sent again with its key is done once",
    calls: [
      { resource: "articles", action: "publish", args: { pk: 3, idempotency_key: KEY } },
      { resource: "articles", action: "publish", args: { pk: 3, idempotency_key: KEY } },
    ],
    statuses: [200, 200],
    user: "keyed again",
  },
];

/** A cursor is different each time that it is made. */
function withoutCursors(outcome: Outcome): Outcome {
  const { next, previous, results } = Object(outcome.body);
  if (next === undefined) return outcome;
  return { ...outcome, body: { results, next: typeof next, previous: typeof previous } };
}

describeOnDatabases("a resource over WebSocket and over HTTP", async (on) => {
  const tables = articleTables(on.builder);
  const { db, create, empty, close } = await on.open();
  await create([tables.articles]);
  const declared = declareArticles(db, tables);
  const { Article, consumers, routes } = declared;

  afterAll(close);

  /** Users are of one binding, so that what is counted or stored for a user is not shared. */
  const bindings = (user: string | null): readonly Binding[] => [
    overSocket(consumers, user === null ? null : `${user} of sockets`),
    overHttp(routes, user === null ? null : `${user} of requests`),
  ];

  const outcomes = async (binding: Binding, calls: readonly Call[]) => {
    await empty([tables.articles]);
    await fillArticles(declared);
    const answers: Outcome[] = [];
    for (const call of calls) answers.push(withoutCursors(await binding.call(call)));
    return { answers, rows: await Article.objects.orderBy("id").toArray() };
  };

  test.each(CASES)("11.1 $rule", async ({ calls, statuses, user = "ann" }) => {
    const [socket, http] = bindings(user);
    const expected = await outcomes(socket!, calls);
    expect(expected.answers.map(({ status }) => status)).toEqual(statuses);
    expect(await outcomes(http!, calls)).toEqual(expected);
  });

  test("cursors of one binding are good over the other", async () => {
    await empty([tables.articles]);
    await fillArticles(declared);
    const [socket, http] = bindings("ann");
    const first = await http!.call({ resource: "cursors", action: "list" });
    const { next } = Object(first.body);
    const over = async (binding: Binding) =>
      Object((await binding.call({ resource: "cursors", action: "list", args: { cursor: next } })).body);
    const { results } = await over(socket!);
    expect(results).toHaveLength(2);
    expect((await over(http!)).results).toEqual(results);
  });

  test("11.7 a key that was used over one binding counts over the other", async () => {
    await empty([tables.articles]);
    await fillArticles(declared);
    const patch = { resource: "articles", action: "patch", args: { pk: 1, data: { views: 99 }, idempotency_key: KEY } };
    const answer = await overSocket(consumers, "both").call(patch);
    await Article.objects.filter({ id: 1 }).update({ views: 0 });
    expect(await overHttp(routes, "both").call(patch)).toEqual(answer);
    expect((await Article.objects.get({ id: 1 })).views).toBe(0);
  });
});
