import { afterEach, beforeEach, expect, test } from "vitest";
import type { AttachOptions } from "../../src/transports/node-ws/attach.ts";
import type { Explanation } from "../../src/explorer/inspection.ts";
import {
  and,
  AsyncAPIConsumer,
  BasePermission,
  BaseThrottle,
  IsAdminUser,
  type LimitOffsetPagination,
  Multiplexer,
  not,
  NotAuthenticated,
  or,
  path,
  UserRateThrottle,
} from "../../src/index.ts";
import { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import type { WebsocketClient } from "../../src/testing/websocket-client.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { ask, type ExploredServer, startExplored } from "./start-explored.ts";
import { authenticate, IsKnown, IsOwner, openTasks, type TaskLab, type TaskOptions } from "./task-lab.ts";
import { toldSteps } from "./told-steps.ts";

describeOnDatabases("why a request is refused", (on) => {
  let lab: TaskLab;
  beforeEach(async () => {
    lab = await openTasks(on);
    const team = await lab.Team.objects.create({ name: "red" });
    await lab.Task.objects.bulkCreate([
      { title: "mine", ownerId: 1, priority: 1, teamId: team.id },
      { title: "theirs", ownerId: 2, priority: 2 },
    ]);
  });
  afterEach(() => lab.close());

  interface Asking {
    readonly server: ExploredServer;
    readonly client: WebsocketClient;
    explain(frame: object, connection?: object): Promise<Explanation>;
  }

  async function startWith(consumer: ConsumerClass, options: Partial<AttachOptions> = {}, user = 1): Promise<Asking> {
    const server = await startExplored({ routes: [path("ws/", consumer)], authenticate, ...options });
    const client = await server.connect(`/ws/?user=${user}&explorer_tag=mine`);
    const inspector = await server.connect("/explorer/ws/");
    const explain = async (frame: object, connection: object = { tag: "mine" }): Promise<Explanation> => {
      const { data, errors } = await ask<Explanation>(inspector, "explain_request", { ...connection, frame });
      expect(errors).toEqual([]);
      return data;
    };
    return { server, client, explain };
  }

  const start = (options: TaskOptions = {}, user = 1): Promise<Asking> => startWith(lab.consumerOf(options), {}, user);

  const refusals = ({ steps }: Explanation) => steps.filter(({ passed }) => passed === false);

  test("a request that nothing refuses is said to be so, and is not run", async () => {
    const { client, explain } = await start({ permissionClasses: [IsKnown] });
    const explanation = await explain({ action: "rename", request_id: 1, title: "long enough" });
    expect(toldSteps(explanation)).toEqual([
      "input request_id: yes",
      "permission IsKnown: yes",
      "action rename: yes",
      "input rename: yes",
    ]);
    expect(explanation.summary).toMatch(/^Nothing refuses this request now\. It was not run/);
    expect(await ask(client, "rename", { title: "long enough" })).toMatchObject({ data: { ran: 1 } });
  });

  test("a connection that there is not, by tag and by id; the last refused handshake is the best guess", async () => {
    const { server, explain } = await startWith(lab.consumerOf(), {
      authenticate: (request) => {
        if (request.query.get("user") === "7") throw new NotAuthenticated();
        return authenticate(request);
      },
    });
    expect(await explain({ action: "list" }, { tag: "none" })).toMatchObject({
      summary: "Connection none: There is no such connection now.",
      steps: [{ kind: "connection", name: "none", passed: false }],
    });
    await expect(server.connect("/ws/?user=7&explorer_tag=none&secret=x")).rejects.toMatchObject({ status: 401 });
    const { summary } = await explain({ action: "list" }, { connection: "none" });
    expect(summary).toContain("The last handshake that was refused was for /ws/, with 401");
    expect(summary).not.toContain("secret");
  });

  test("of several connections with one tag the newest is meant, and it is asked as its own user", async () => {
    const { server, explain } = await start({ permissionClasses: [IsKnown] }, 2);
    expect((await explain({ action: "list" })).steps[0]?.detail).toBe("It is open at /ws/, as user 2 (2).");
    await server.connect("/ws/?explorer_tag=mine");
    const { steps, summary } = await explain({ action: "list" });
    expect(steps[0]?.detail).toBe("It is open at /ws/, nobody is logged in.");
    expect(summary).toBe("The permission IsKnown said no: Say who you are.");
  });

  test("a stream that is not open, and one that is", async () => {
    const { explain } = await startWith(Multiplexer({ tasks: lab.consumerOf(), fences: lab.FenceConsumer }));
    expect((await explain({ action: "list" })).summary).toContain(
      'It is not open on this connection, which has: "tasks", "fences"',
    );
    expect((await explain({ action: "list" }, { tag: "mine", stream: "gone" })).summary).toContain('has: "tasks", "fences"');
    expect(toldSteps(await explain({ action: "list" }, { tag: "mine", stream: "tasks" }))).toEqual(["action list: yes"]);
  });

  test("what is no consumer of actions", async () => {
    class Silent {
      async websocketConnect() {}
      websocketReceive() {}
      async websocketDisconnect() {}
    }
    const { explain } = await startWith(Silent);
    expect((await explain({ action: "list" })).summary).toContain("What serves it takes no actions.");
  });

  test("an action that there is not, after the permissions, as the server asks them; and no action at all", async () => {
    const { explain } = await start({ permissionClasses: [IsKnown] });
    const explanation = await explain({ action: "destroy" });
    expect(toldSteps(explanation)).toEqual(["permission IsKnown: yes", "action destroy: no"]);
    expect(explanation.summary).toMatch(/^Action destroy: 405: TaskConsumer has: .*retrieve/);
    expect((await explain({})).summary).toContain("405: Unable to find action in message body.");
    expect((await explain({ action: {} })).summary).toContain("405: Action must be a string");
    expect((await explain({ action: "authenticate", token: "x" })).summary).toContain("405");
    expect((await explain({ action: "list", request_id: {} })).summary).toContain("Input request_id: 400");
  });

  test("a permission by name, with the verdicts of what it is made of; what comes later is not asked", async () => {
    const { explain } = await start({ permissionClasses: [IsKnown, or(IsAdminUser, and(IsKnown, not(IsKnown))), IsOwner] });
    const explanation = await explain({ action: "list" });
    expect(toldSteps(explanation)).toEqual([
      "permission IsKnown: yes",
      "permission or(IsAdminUser, and(IsKnown, not(IsKnown))): no [permission IsAdminUser: no; permission and(IsKnown, not(IsKnown)): no [permission IsKnown: yes; permission not(IsKnown): no [permission IsKnown: yes]]]",
      "permission IsOwner: ?",
      "action list: ?",
    ]);
    expect(explanation.steps.at(-1)?.detail).toBe("Not asked, since an earlier rule said no.");
  });

  test("a permission that throws: its answer if it is one, else that it failed", async () => {
    class MustLogIn extends BasePermission {
      override async hasPermission(): Promise<boolean> {
        throw new NotAuthenticated();
      }
    }
    class Broken extends BasePermission {
      override hasPermission(): boolean {
        throw new TypeError("with a secret");
      }
    }
    const logged: object[] = [];
    const logger = { error: (entry: object) => void logged.push(entry), warn: () => {}, info: () => {} };
    const options = (Permission: typeof MustLogIn | typeof Broken) => lab.consumerOf({ permissionClasses: [Permission] });
    const first = await startWith(options(MustLogIn));
    expect((await first.explain({ action: "list" })).summary).toBe(
      "The permission MustLogIn said no: 401: Authentication credentials were not provided.",
    );
    const second = await startWith(options(Broken), { logger });
    const { summary } = await second.explain({ action: "list" });
    expect(summary).toMatch(/^The permission Broken said no: It failed with TypeError, .* Error id: \S+$/);
    expect(summary).not.toContain("secret");
    expect(logged).toHaveLength(1);
  });

  test("a consumer's own checkPermissions", async () => {
    class Strict extends lab.consumerOf() {
      protected override checkPermissions(action: string): void {
        if (action === "list") throw new NotAuthenticated();
      }
    }
    const { explain } = await startWith(Strict);
    expect(toldSteps(await explain({ action: "list" }))).toEqual(["permission checkPermissions: no", "action list: ?"]);
    expect(toldSteps(await explain({ action: "rename", title: "abc" }))).toContain("permission checkPermissions: yes");
  });

  test("a throttle, which counts no explanation", async () => {
    class Twice extends UserRateThrottle {
      override readonly rate = "2/hour";
    }
    const { client, explain } = await start({ throttleClasses: [Twice] });
    expect(await ask(client, "list")).toMatchObject({ status: 200 });
    for (let n = 0; n < 5; n += 1) expect(toldSteps(await explain({ action: "list" }))).toContain("throttle Twice: yes");
    expect(await ask(client, "list")).toMatchObject({ status: 200 });
    const { summary } = await explain({ action: "list" });
    expect(summary).toMatch(/^The throttle Twice said no: 2 of 2\/hour were made; the next is let through in \d+ s\.$/);
    expect(await ask(client, "list")).toMatchObject({ status: 429 });
    expect((await explain({ action: "list" })).summary).toMatch(/It last refused a request of this connection at 20\d\d-/);
    expect(toldSteps(await explain({ action: "retrieve", pk: 1 }))).toContain("throttle Twice: yes");
  });

  test("a throttle that cannot tell without counting is not asked to count", async () => {
    let asked = 0;
    class Counting extends BaseThrottle {
      override allowRequest(): boolean {
        asked += 1;
        return true;
      }
    }
    const { explain } = await start({ throttleClasses: [Counting] });
    expect(toldSteps(await explain({ action: "list" }))).toContain("throttle Counting: ?");
    expect(asked).toBe(0);
  });

  test("the limit of subscriptions", async () => {
    const { client, explain } = await startWith(lab.consumerOf(), { maxSubscriptions: 1 });
    expect(toldSteps(await explain({ action: "subscribe_list" }))).toContain("throttle maxSubscriptions: yes");
    expect(await ask(client, "subscribe_list")).toMatchObject({ status: 201 });
    expect((await explain({ action: "subscribe_list" })).summary).toContain("1 of 1 subscriptions are open.");
  });

  test("a row that is in no table, one that is only not this user's, and one that is", async () => {
    const { explain, client } = await start({ visible: (all, { user }) => all.filter({ ownerId: user?.id, done: false }) });
    const missing = await explain({ action: "retrieve", pk: 77 });
    expect(missing.summary).toBe("Row id 77: There is no such row in task at all.");
    const theirs = await explain({ action: "retrieve", pk: 2 });
    expect(toldSteps(theirs)).toEqual([
      "action retrieve: yes",
      "input pk: yes",
      "row id 2: yes",
      "queryset ownerId = 1: no",
      "queryset done = false: ?",
    ]);
    expect(theirs.summary).toBe("getQueryset, by ownerId = 1 said no: The row does not match.");
    expect(await ask(client, "retrieve", { pk: 2 })).toMatchObject({ status: 404 });
    expect(toldSteps(await explain({ action: "retrieve", pk: 1 })).slice(-2)).toEqual([
      "queryset ownerId = 1: yes",
      "queryset done = false: yes",
    ]);
  });

  test("a row by a related row's column, which only the database can tell", async () => {
    const { explain } = await start({ visible: (all) => all.filter({ team__name: "red" }) });
    expect(toldSteps(await explain({ action: "retrieve", pk: 1 })).at(-1)).toBe('queryset team__name = "red": yes');
    expect(toldSteps(await explain({ action: "retrieve", pk: 2 })).at(-1)).toBe('queryset team__name = "red": no');
  });

  test("a row's key that is missing, or that no row can have", async () => {
    const { explain } = await start();
    expect((await explain({ action: "delete" })).summary).toBe("Input pk: 400: This field is required.");
    expect((await explain({ action: "delete", pk: "one" })).summary).toContain("404: no row can have this value as its id.");
  });

  test("an object permission by name, made of others: an operand of or must grant the action too", async () => {
    const { explain, client } = await start({ permissionClasses: [IsKnown, or(IsAdminUser, IsOwner)] });
    expect(toldSteps(await explain({ action: "delete", pk: 1 })).slice(-2)).toEqual([
      "object_permission IsKnown: yes",
      "object_permission or(IsAdminUser, IsOwner): yes [object_permission IsAdminUser: no; object_permission IsOwner: yes]",
    ]);
    const theirs = await explain({ action: "delete", pk: 2 });
    expect(toldSteps(theirs).at(-1)).toBe(
      "object_permission or(IsAdminUser, IsOwner): no [object_permission IsAdminUser: no; object_permission IsOwner: no]",
    );
    expect(await ask(client, "delete", { pk: 2 })).toMatchObject({ status: 403 });
    expect(await lab.Task.objects.count()).toBe(2);
  });

  test("every filter, search and ordering that a list does not take, each by name", async () => {
    const { explain, client } = await start();
    const frame = {
      action: "list",
      filters: { title__icontains: "a", secret: "x", priority: "high", done: true },
      ordering: "-priority,secret",
      search: "mine",
    };
    const explanation = await explain(frame);
    expect(toldSteps(explanation)).toEqual([
      "action list: yes",
      "filter title__icontains: yes",
      "filter secret: no",
      "filter priority: no",
      "filter done: yes",
      "search search: yes",
      "filter ordering -priority: yes",
      "filter ordering secret: no",
    ]);
    expect(refusals(explanation).map(({ detail }) => detail)).toEqual([
      expect.stringContaining("Unknown filter"),
      expect.stringContaining("Expected an integer"),
      expect.stringContaining("Cannot order by"),
    ]);
    expect(await ask(client, "list", frame)).toMatchObject({ status: 400 });
    expect(refusals(await explain({ action: "list", filters: [1], ordering: 5, search: {} }))).toHaveLength(3);
  });

  test("a page that the pagination does not take, where the list is paged", async () => {
    class Pages extends CursorPagination {
      override readonly pageSize = 2;
      override readonly ordering = "id";
    }
    const { explain } = await start({ paginationClass: Pages as unknown as typeof LimitOffsetPagination });
    expect(toldSteps(await explain({ action: "subscribe_list", cursor: "nonsense" })).at(-1)).toBe("window Pages: no");
    expect(toldSteps(await explain({ action: "subscribe_list" })).at(-1)).toBe("window Pages: yes");
    expect(toldSteps(await explain({ action: "list", cursor: "nonsense" })).at(-1)).toBe("action list: yes");
  });

  test("what the serializer does not take, field by field; nothing is saved", async () => {
    const { explain } = await start();
    const created = await explain({ action: "create", data: { title: "", priority: "x" } });
    expect(toldSteps(created).slice(1)).toEqual(["input TaskSerializer: no", "input title: no", "input priority: no"]);
    expect(created.summary).toBe(
      "Input TaskSerializer: 400: title: This field may not be blank. priority: A valid integer is required.",
    );
    expect(created.steps.find(({ name }) => name === "title")?.detail).toBe("This field may not be blank.");
    expect((await explain({ action: "create" })).summary).toBe("Input data: 400: This field is required.");
    expect(toldSteps(await explain({ action: "create", data: { title: "new" } })).at(-1)).toBe("input TaskSerializer: yes");
    expect(toldSteps(await explain({ action: "patch", pk: 1, data: { priority: 3 } })).at(-1)).toBe("input TaskSerializer: yes");
    expect(toldSteps(await explain({ action: "update", pk: 1, data: { priority: 3 } })).slice(-2)).toEqual([
      "input TaskSerializer: no",
      "input title: no",
    ]);
    expect(await lab.Task.objects.count()).toBe(2);
    expect(await lab.Task.objects.get({ id: 1 })).toMatchObject({ title: "mine", priority: 1 });
  });

  test("what an action's own schema does not take", async () => {
    const { explain } = await start();
    const explanation = await explain({ action: "rename", request_id: 4, title: "a" });
    expect(toldSteps(explanation).slice(-2)).toEqual(["input rename: no", "input title: no"]);
  });

  test("a hook that would write cannot: the explanation says so", async () => {
    const { explain } = await startWith(
      lab.consumerOf({
        visible: async (all) => {
          await lab.Task.objects.create({ title: "written by a hook" });
          return all;
        },
      }),
    );
    const { summary } = await explain({ action: "list" });
    expect(summary).toMatch(/^getQueryset, by getQueryset said no: It failed with TransactionError/);
    expect(await lab.Task.objects.count()).toBe(2);
  });

  test("a consumer without rows", async () => {
    const { explain } = await startWith(lab.FenceConsumer);
    expect(toldSteps(await explain({ action: "subscribe" }))).toEqual(["action subscribe: yes"]);
    class Bare extends AsyncAPIConsumer {}
    const bare = await startWith(Bare);
    expect(toldSteps(await bare.explain({ action: "settle" }))).toEqual(["action settle: yes"]);
  });

  test("the shape of the question is checked", async () => {
    const server = await startExplored({ routes: [] });
    const inspector = await server.connect("/explorer/ws/");
    expect(await ask(inspector, "explain_request", { frame: 1, stream: 2 })).toMatchObject({
      status: 400,
      errors: [{ connection: [expect.any(String)], frame: [expect.any(String)], stream: [expect.any(String)] }],
    });
  });
});
