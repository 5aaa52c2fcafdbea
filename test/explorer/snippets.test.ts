import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type ActionContract, type Contract, describeRoutes } from "../../src/contracts.ts";
import type { Snippet, SnippetRequest } from "../../explorer/snippets/snippet-request.ts";
import { snippets } from "../../explorer/snippets/snippets.ts";
import { type Board, openBoard } from "../client/board.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { describeWith, services } from "../services.ts";
import { type Printed, runPython, runShell, runTypescript } from "./run-snippet.ts";

/** What each language and shell would read as its own. */
const NASTY = "It's \"so\" \\ back\\\\ $HOME $(id) `id` ${x} !! %s %20 #{y} a\tb\nc\r\nd é 日本 😀 \u2028 {} [1] * & ; | < > '''";

const PLACES = [
  { name: "a multiplexed route", path: "/ws/", stream: "tasks" },
  { name: "a plain route", path: "/alone/", stream: null },
] as const;
type Place = Pick<(typeof PLACES)[number], "path" | "stream"> | { readonly path: string; readonly stream: string };

interface Asking {
  readonly origin: string;
  readonly contract: Contract;
  readonly place: Place;
  readonly id: string;
}

/** The code of a request in one language. */
function codeOf({ origin, contract, place, id }: Asking, action: string, args: object = {}): string {
  const found = written({ origin, contract, place }, action, args).find((one) => one.id === id);
  if (found === undefined) throw new TypeError(`Expected a snippet of ${action} in ${id}.`);
  return found.code;
}

function written({ origin, contract, place }: Omit<Asking, "id">, action: string, args: object): readonly Snippet[] {
  const resource = contract.resources.find(({ name }) => name === (place.stream ?? "tasks"));
  const described = resource?.actions.find(({ name }) => name === action);
  if (resource === undefined || described === undefined) throw new TypeError(`Expected an action ${action}.`);
  const { path, stream } = place;
  return snippets({
    origin,
    path,
    stream,
    resource: resource.name,
    action: described,
    args: { ...args },
    httpPrefix: "/api/",
  });
}

/** A board with a row for each thing that is done, and another that must not show. */
async function openRows() {
  const board = await openBoard(sqliteFile);
  const server = await board.serve({ httpApi: true });
  const make = async (title: string, priority: number) => (await board.Task.objects.create({ title, priority })).id;
  const ids = {
    other: await make("other", 555),
    patched: await make("to be patched", 201),
    shown: await make(NASTY, 202),
    deleted: await make("to be deleted", 203),
  };
  return { board, ids, origin: server.url.replace("ws:", "http:"), contract: describeRoutes(board.routes) };
}

type Ids = Awaited<ReturnType<typeof openRows>>["ids"];

/** What is asked for, and what its answer shows. */
const requests = (ids: Ids) =>
  [
    ["create", { data: { title: NASTY, priority: 101, done: true } }, /priority"?: ?101/],
    ["patch", { pk: ids.patched, data: { title: `${NASTY}!` } }, /priority"?: ?201/],
    ["update", { pk: ids.patched, data: { title: `${NASTY}!`, done: true } }, /priority"?: ?201/],
    ["retrieve", { pk: ids.shown }, /priority"?: ?202/],
    [
      "list",
      { filters: { title: NASTY, priority__gt: 150, done: false }, search: "日本", ordering: ["-priority", "title"] },
      /priority"?: ?202/,
    ],
    ["shout", { text: NASTY, times: 1 }, /shouted"?: ?/],
    ["count_to", { to: 3 }, /3/],
    ["delete", { pk: ids.deleted }, /null|^\s*$/],
  ] as const;

const LIVE = ["subscribe_list", { filters: { priority: 202, title: NASTY } }, /priority"?: ?202/] as const;

async function expectDone(board: Board, ids: Ids): Promise<void> {
  const created = await board.Task.objects.filter({ priority: 101 }).get();
  expect(created).toMatchObject({ title: NASTY, done: true });
  expect(await board.Task.objects.get({ id: ids.patched })).toMatchObject({ title: `${NASTY}!`, priority: 201, done: true });
  expect(await board.Task.objects.filter({ id: ids.deleted }).exists()).toBe(false);
}

interface Running {
  readonly id: string;
  readonly place: Place;
  readonly runOne: (code: string, shows: RegExp, isLive: boolean) => Promise<Printed>;
}

/** Runs each request by itself, and the live list until it shows its row. */
async function expectEachRuns({ id, place, runOne }: Running): Promise<void> {
  const { board, ids, origin, contract } = await openRows();
  const asking = { origin, contract, place, id };
  const live = codeOf(asking, LIVE[0], LIVE[1]);
  const printed = await Promise.all([
    ...requests(ids).map(([action, args, shows]) => runOne(codeOf(asking, action, args), shows, false)),
    runOne(live, LIVE[2], true),
  ]);
  const expected = [...requests(ids), LIVE].map(([action, , shows]) => [action, shows] as const);
  expected.forEach(([action, shows], index) => {
    expect(printed[index]?.output, `${action}: ${printed[index]?.complaints}`).toMatch(shows);
    expect(printed[index]?.output).not.toMatch(/priority"?: ?555/);
  });
  await expectDone(board, ids);
}

/** Runs a list that is streamed page by page, until the program ends by itself. */
async function expectStreamed(id: string, run: (code: string) => Promise<Printed>): Promise<void> {
  const { origin, contract } = await openRows();
  const asking = { origin, contract, place: { path: "/ws/", stream: "streamed" }, id };
  const { output, complaints } = await run(codeOf(asking, "list", { ordering: "id", limit: 3 }));
  expect(complaints.replaceAll(/^.*% Total[^]*/gm, "")).toBe("");
  expect(output).toMatch(/priority"?: ?555[^]*priority"?: ?203/);
}

const STREAMED = "pages that are streamed, to their end";

describe("as it stands, the code of a request runs:", () => {
  describeWith(services.node, "TypeScript", () => {
    test.each(PLACES)("on $name", { timeout: 30_000 }, async (place) => {
      const { board, ids, origin, contract } = await openRows();
      const asking = { origin, contract, place, id: "typescript" };
      const [all, live] = await Promise.all([
        runTypescript(requests(ids).map(([action, args]) => codeOf(asking, action, args))),
        runTypescript([codeOf(asking, LIVE[0], LIVE[1])], LIVE[2]),
      ]);
      const outputs = all.output.split(/^snippet \d+\n/m).slice(1);
      requests(ids).forEach(([action, , shows], index) => expect(outputs[index], `${action}: ${all.complaints}`).toMatch(shows));
      expect(live.output, live.complaints).toMatch(LIVE[2]);
      expect(all.complaints + live.complaints).toBe("");
      expect(all.output).not.toMatch(/priority: 555/);
      await expectDone(board, ids);
    });

    test(STREAMED, { timeout: 30_000 }, () => expectStreamed("typescript", (code) => runTypescript([code])));
  });

  describeWith(services.python, "Python", () => {
    test.each(PLACES)("on $name", { timeout: 30_000 }, (place) =>
      expectEachRuns({
        id: "python",
        place,
        runOne: (code, shows, isLive) => runPython(code, isLive ? shows : undefined),
      }),
    );

    test(STREAMED, { timeout: 30_000 }, () => expectStreamed("python", runPython));
  });

  const hasCurl = isThere("curl");
  if (!hasCurl) process.stdout.write("skipped: curl: it is not in PATH; install it from the system's packages\n");
  describe.runIf(hasCurl)("curl", () => {
    test("each request", { timeout: 30_000 }, () =>
      expectEachRuns({
        id: "curl",
        place: PLACES[0],
        runOne: (code, shows, isLive) => runShell(code, isLive ? shows : undefined),
      }),
    );

    test(STREAMED, { timeout: 30_000 }, () => expectStreamed("curl", runShell));
  });

  test("wscat", { timeout: 30_000 }, async () => {
    const { board, ids, origin, contract } = await openRows();
    const many = { origin, contract, place: PLACES[0], id: "wscat" };
    const one = { ...many, place: PLACES[1] };
    const [, , , , list, , count] = requests(ids);
    const running = [
      [codeOf(many, "create", requests(ids)[0][1]), /"response_status":201/],
      [codeOf(many, LIVE[0], LIVE[1]), LIVE[2]],
      [codeOf(many, list[0], list[1]), list[2]],
      [codeOf(one, count[0], count[1]), /"response_status":200/],
      [codeOf(one, "patch", { pk: ids.patched, data: { title: `${NASTY}!`, done: true } }), /"response_status":200/],
      [codeOf(one, "delete", { pk: ids.deleted }), /"response_status":204/],
    ] as const;
    // It waits two seconds for answers: that long nobody needs to.
    const printed = await Promise.all(running.map(([code, shows]) => runShell(code, shows)));
    running.forEach(([code, shows], index) => expect(printed[index]?.output, code + printed[index]?.complaints).toMatch(shows));
    await expectDone(board, ids);
  });
});

describe("of a request", () => {
  const TITLE = { type: "string" };
  const ROUTE = { origin: "https://example.com", path: "ws/rooms/3/", stream: null, resource: "messages", httpPrefix: "/api/" };
  const action = (name: string, model: ActionContract["model"], over: Partial<ActionContract> = {}): ActionContract => ({
    name,
    model,
    kind: "action",
    input: { type: "object", properties: { slug: TITLE }, required: ["slug"] },
    output: {},
    items: null,
    events: null,
    statuses: [200],
    errorFields: [],
    idempotent: false,
    ...over,
  });
  const filtered = { type: "object", properties: { filters: { type: "object", properties: { title: TITLE } } } };
  const list = action("list", "list", { input: filtered });
  const codes = (over: Partial<SnippetRequest> & Pick<SnippetRequest, "action" | "args">) =>
    Object.fromEntries(snippets({ ...ROUTE, ...over }).map(({ id, code }) => [id, code]));

  test("a row is named by the field that names it, in a path too", () => {
    const written = codes({ action: action("retrieve", "retrieve"), args: { slug: "a b/c" }, httpBase: "/rooms/3/messages/" });
    expect(written["typescript"]).toContain('createClient("wss://example.com/ws/rooms/3/")');
    expect(written["typescript"]).toContain('client.retrieve({ slug: "a b/c" })');
    expect(written["curl"]).toBe("curl https://example.com/api/rooms/3/messages/a%20b%2Fc/");
  });

  test("what the client's own method would not send is sent by `call`", () => {
    const args = { slug: "a", depth: 2 };
    expect(codes({ action: action("retrieve", "retrieve"), args })["typescript"]).toContain(
      'client.call("retrieve", { slug: "a", depth: 2 })',
    );
    expect(codes({ action: action("retrieve", "retrieve"), args: {} })["typescript"]).toContain('client.call("retrieve")');
  });

  test.each([
    ["without an HTTP binding", list, {}, { httpPrefix: null }],
    ["with an empty text as filter, which a query leaves out", list, { filters: { title: "" } }, {}],
    ["with null among texts, which a query does not know", list, { filters: { title: null } }, {}],
    ["with a comma in a list, where a query parts values", list, { filters: { title__in: ["a,b"] } }, {}],
    ["for what concerns a connection", action("cancel", "cancel"), { cancel_request_id: 1 }, {}],
    ["for a row that is not named", action("retrieve", "retrieve"), {}, {}],
    ["for a row whose name is a step in a path", action("retrieve", "retrieve"), { slug: ".." }, {}],
  ])("there is no curl %s", (_why, asked, args, over) => {
    expect(Object.keys(codes({ action: asked, args, ...over }))).toEqual(["typescript", "wscat", "python"]);
  });

  test("there is no TypeScript for a stream that the client cannot reach; another name stands in brackets", () => {
    expect(codes({ action: list, args: {}, stream: "connect" })).not.toHaveProperty("typescript");
    expect(codes({ action: list, args: {}, stream: "my-tasks" })["typescript"]).toContain('client["my-tasks"].list()');
  });

  test("big integers are digits, and names that a language has for itself are names like others", () => {
    const args = JSON.parse('{ "__proto__": 1, "action": "fly", "request_id": 9 }');
    const written = codes({ action: action("run", null), args: { ...args, n: 2n ** 63n } });
    expect(written["typescript"]).toContain(
      'client.call("run", { ["__proto__"]: 1, action: "fly", request_id: 9, n: "9223372036854775808" })',
    );
    expect(written["wscat"]).toContain('{"action":"run","request_id":1,"__proto__":1,"n":"9223372036854775808"}');
  });
});

function isThere(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}
