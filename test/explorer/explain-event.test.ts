import { afterEach, beforeEach, expect, test } from "vitest";
import type { Explanation } from "../../src/explorer/inspection.ts";
import {
  AsyncAPIConsumer,
  BasePermission,
  IsAdminUser,
  IsAuthenticatedOrReadOnly,
  LimitOffsetPagination,
  or,
  path,
} from "../../src/index.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import type { WebsocketClient } from "../../src/testing/websocket-client.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { ask, type ExploredServer, startExplored } from "./start-explored.ts";
import { authenticate, IsOwner, openTasks, type TaskLab, type TaskOptions } from "./task-lab.ts";
import { toldSteps } from "./told-steps.ts";

describeOnDatabases("why an event did not arrive", (on) => {
  let lab: TaskLab;
  beforeEach(async () => {
    lab = await openTasks(on);
  });
  afterEach(() => lab.close());

  interface Following {
    readonly server: ExploredServer;
    readonly client: WebsocketClient;
    explain(pk: string | number, more?: object): Promise<Explanation>;
  }

  async function followWith(consumer: ConsumerClass, request: object): Promise<Following> {
    const server = await startExplored({ routes: [path("ws/", consumer)], authenticate });
    const client = await server.connect("/ws/?user=1&explorer_tag=mine");
    client.sendJson({ request_id: "live", ...request });
    expect(await client.receiveJson()).toMatchObject({ request_id: "live", response_status: 201 });
    const inspector = await server.connect("/explorer/ws/");
    const explain = async (pk: string | number, more: object = {}): Promise<Explanation> => {
      const question = { tag: "mine", subscription: encodeJson("live"), pk, ...more };
      const { data, errors } = await ask<Explanation>(inspector, "explain_event", question);
      expect(errors).toEqual([]);
      return data;
    };
    return { server, client, explain };
  }

  const follow = (request: object, options: TaskOptions = {}): Promise<Following> =>
    followWith(lab.consumerOf(options), { action: "subscribe_list", ...request });

  const create = (values: object = {}) => lab.Task.objects.create({ title: "task", ownerId: 1, priority: 1, ...values });

  /** Resolves when the client was told of everything that is committed now. */
  async function settled(client: WebsocketClient): Promise<void> {
    expect(await ask(client, "settle")).toMatchObject({ status: 200 });
  }

  test("one that every rule lets through should have arrived, and how far the subscription was told", async () => {
    const { client, explain } = await follow({ filters: { priority__gte: 1 }, search: "task" });
    const { id } = await create();
    expect(await client.receiveJson()).toMatchObject({ action: "create", data: { id } });
    await settled(client);
    const explanation = await explain(id);
    expect(toldSteps(explanation)).toEqual([
      'subscription request_id "live": yes',
      "change_log Task: yes",
      `row id ${id}: yes`,
      "queryset getQueryset: yes",
      "filter priority__gte: yes",
      "search search: yes",
      "subscription rows: yes",
      "change_log changes: yes",
    ]);
    expect(explanation.summary).toMatch(/^It should have arrived: .* was told of everything up to \w+:/);
    expect(explanation.steps.at(-1)).toMatchObject({ kind: "connection", name: "reader", passed: true });
  });

  test("there is no such connection, or no such subscription on it", async () => {
    const { explain } = await follow({});
    expect((await explain(1, { tag: "other" })).summary).toContain("There is no such connection now.");
    expect((await explain(1, { subscription: '"other"' })).summary).toBe(
      'Subscription request_id "other": TaskConsumer has no such subscription on this connection. It has: "live".',
    );
    class Bare extends AsyncAPIConsumer {}
    const server = await startExplored({ routes: [path("ws/", Bare)] });
    await server.connect("/ws/?explorer_tag=mine");
    const inspector = await server.connect("/explorer/ws/");
    const question = { tag: "mine", subscription: "1", pk: 1 };
    const { data } = await ask<Explanation>(inspector, "explain_event", question);
    expect(data.summary).toContain("It has: none.");
  });

  test("nothing happened to the row, or there never was one", async () => {
    const { id } = await create();
    const { explain } = await follow({});
    expect((await explain(id)).summary).toBe(
      "The change log, changes: Nothing of this row was committed since the subscription began.",
    );
    expect((await explain(999)).summary).toContain("It is not in the table, and was not deleted since the subscription began.");
    expect((await explain("no key at all")).summary).toContain("It is not in the table");
  });

  test("getQueryset, lookup by lookup, does not hold the row", async () => {
    const { client, explain } = await follow(
      {},
      { visible: (all) => all.filter({ done: false }).exclude({ ownerId__in: [2, 3] }) },
    );
    const { id } = await create({ ownerId: 2 });
    await settled(client);
    const explanation = await explain(id);
    expect(toldSteps(explanation).slice(3)).toEqual([
      "queryset done = false: yes",
      "queryset NOT ownerId IN [2, 3]: no",
      "subscription rows: ?",
      "change_log changes: ?",
    ]);
    expect(explanation.summary).toBe("getQueryset, by NOT ownerId IN [2, 3] said no: The row does not match.");
  });

  test("getQueryset does not hold the row by a related row's column", async () => {
    const { explain, client } = await follow({}, { visible: (all) => all.filter({ team__name: "red" }) });
    const { id } = await create({ teamId: (await lab.Team.objects.create({ name: "blue" })).id });
    await settled(client);
    expect((await explain(id)).summary).toContain('team__name = "red" said no');
    await lab.Team.objects.filter({ name: "blue" }).update({ name: "red" });
    expect(toldSteps(await explain(id))).toContain('queryset team__name = "red": yes');
  });

  test("the filters and the search that the row does not match, each by name", async () => {
    const { client, explain } = await follow({
      filters: { title__icontains: "x", done: false, priority__in: [2] },
      search: "nowhere",
    });
    const { id } = await create();
    await settled(client);
    const explanation = await explain(id);
    expect(toldSteps(explanation)).toEqual(
      expect.arrayContaining(["filter title__icontains: no", "filter done: yes", "filter priority__in: no", "search search: no"]),
    );
    expect(explanation.summary).toBe("The filter title__icontains said no: The row does not match.");
  });

  test("the row is outside of the window of an ordered page", async () => {
    class Three extends LimitOffsetPagination {
      override readonly defaultLimit = 3;
    }
    const { client, explain } = await follow({ ordering: "-priority" }, { paginationClass: Three });
    const { id: inside } = await create({ priority: 9 });
    for (const priority of [8, 7]) await create({ priority });
    const { id: outside } = await create({ priority: 1 });
    await settled(client);
    expect(toldSteps(await explain(inside)).at(-2)).toBe("window task ORDER BY -priority, id LIMIT 3: yes");
    expect((await explain(outside)).summary).toBe(
      "The window task ORDER BY -priority, id LIMIT 3: The row is not among rows 1 to 3 of the list.",
    );
  });

  test("permissions are asked with the kind of the event as the action", async () => {
    class ReadersOnly extends IsAuthenticatedOrReadOnly {
      override readonly safeActions = new Set(["subscribe_list", "settle", "update"]);
      override hasPermission(...[scope, consumer, action]: Parameters<IsAuthenticatedOrReadOnly["hasPermission"]>): boolean {
        return scope.user?.id === 1 ? this.safeActions.has(action) : super.hasPermission(scope, consumer, action);
      }
    }
    const { client, explain } = await follow({}, { permissionClasses: [ReadersOnly] });
    const { id } = await create();
    await settled(client);
    expect((await explain(id)).summary).toBe("The permission ReadersOnly said no.");
    expect(toldSteps(await explain(id, { kind: "update" })).at(-2)).toBe("object_permission ReadersOnly: yes");
  });

  test("object permissions do not show the row, by name", async () => {
    const { client, explain } = await follow({}, { permissionClasses: [or(IsAdminUser, IsOwner)] });
    const { id } = await create({ ownerId: 2 });
    await settled(client);
    const explanation = await explain(id);
    expect(toldSteps(explanation).at(-2)).toBe(
      "object_permission or(IsAdminUser, IsOwner): no [object_permission IsAdminUser: no; object_permission IsOwner: no]",
    );
    expect(explanation.summary).toContain("The object permission or(IsAdminUser, IsOwner) said no");
  });

  test("a subscription goes on with the rows that getQueryset gave when it began", async () => {
    const rights = { teams: [1] };
    const { server, client, explain } = await follow({}, { visible: (all) => all.filter({ priority__in: rights.teams }) });
    const { id } = await create({ priority: 2 });
    await settled(client);
    rights.teams = [1, 2];
    const explanation = await explain(id);
    expect(toldSteps(explanation).slice(-3, -1)).toEqual(["queryset priority IN [1, 2]: yes", "subscription rows: no"]);
    expect(explanation.summary).toContain("It follows task WHERE priority IN [1], in which the row is not.");
    expect(explanation.summary).toContain("revoke(user, { close: false })");
    await server.revoke(1, { close: false });
    expect(await client.receiveJson()).toMatchObject({ action: "create", data: { id } });
    expect((await explain(id)).summary).toMatch(/^It should have arrived/);
  });

  test("a row that was deleted is judged by what the change log has of it", async () => {
    const { id: seen } = await create();
    const { id: hidden } = await create({ ownerId: 2, teamId: (await lab.Team.objects.create({ name: "red" })).id });
    const { client, explain } = await follow({ filters: { ownerId: 1 } });
    await lab.Task.objects.filter({ id__in: [seen, hidden] }).delete();
    expect(await client.receiveJson()).toMatchObject({ action: "delete", data: { pk: seen } });
    await settled(client);
    const first = await explain(seen);
    expect(first.steps.find(({ kind }) => kind === "row")?.detail).toMatch(/^It was deleted, at \w+:/);
    expect(first.summary).toMatch(/^It should have arrived/);
    expect((await explain(hidden)).summary).toBe("The filter ownerId said no: The row was gone; it does not match.");
  });

  test("a deleted row that only the database could judge is not guessed at", async () => {
    const { id } = await create({ teamId: (await lab.Team.objects.create({ name: "red" })).id });
    const { client, explain } = await follow({ filters: { team__name: "red" } });
    await lab.Task.objects.filter({ id }).delete();
    expect(await client.receiveJson()).toMatchObject({ action: "delete" });
    expect(toldSteps(await explain(id))).toContain("filter team__name: ?");
  });

  test("a count is told when rows enter or leave only", async () => {
    const { id } = await create();
    const { client, explain } = await follow({ action: "subscribe_count" });
    await lab.Task.objects.filter({ id }).update({ title: "changed" });
    await settled(client);
    expect((await explain(id)).summary).toContain("A count is told when rows enter or leave, not when one changes.");
    const { id: entered } = await create();
    await settled(client);
    expect((await explain(entered)).summary).toMatch(/^It should have arrived/);
  });

  test("of several rows under one request id that of the key is meant", async () => {
    const { id: first } = await create();
    const { id: second } = await create({ title: "other" });
    const { client, explain } = await follow({ action: "subscribe_instance", pk: first });
    client.sendJson({ action: "subscribe_instance", request_id: "live", pk: second });
    await client.receiveJson();
    await lab.Task.objects.filter({ id: second }).update({ title: "changed" });
    expect(await client.receiveJson()).toMatchObject({ action: "update", data: { id: second } });
    expect((await explain(second)).summary).toMatch(/^It should have arrived/);
    const { id: third } = await create();
    await settled(client);
    expect((await explain(third)).summary).toContain(`It follows task WHERE id = ${first}, in which the row is not.`);
  });

  test("a permission that fails is said to, and nothing of it is told", async () => {
    class Broken extends BasePermission {
      override hasPermission(_scope: unknown, _consumer: unknown, action: string): boolean {
        if (action === "create") throw new TypeError("with a secret");
        return true;
      }
    }
    const { explain } = await follow({}, { permissionClasses: [Broken] });
    const { id } = await create();
    const { summary } = await explain(id, { kind: "create" });
    expect(summary).toContain("It failed with TypeError");
    expect(summary).not.toContain("secret");
  });
});
