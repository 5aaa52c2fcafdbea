import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AnyQuerySet,
  type MessageArguments,
  ModelSerializer,
  Q,
  type Scope,
  SerializerMethodField,
} from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive, type LiveClient } from "./live-client.ts";

describeOnDatabases("live lists", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
  });
  afterEach(() => lab.close());

  /** Tasks as the server narrows them, by the user's id. */
  function narrowed(narrow: (userId: number) => AnyQuerySet) {
    return class extends lab.TaskConsumer {
      override getQueryset() {
        return narrow(Number(this.scope.user?.id ?? 0)) as ReturnType<InstanceType<Lab["TaskConsumer"]>["getQueryset"]>;
      }
    };
  }

  async function subscribed(client: LiveClient, args: object = {}): Promise<LiveClient> {
    expect(await client.ask({ ...args, action: "subscribe_list", request_id: "a" })).toMatchObject({ response_status: 201 });
    return client;
  }

  function task(id: number) {
    return lab.Task.objects.filter({ id });
  }

  test("10.1 rows enter, change and leave as filters say", async () => {
    const client = await connectLive(lab);
    const answer = await client.ask({ action: "subscribe_list", request_id: "a", filters: { priority__gt: 1 } });
    expect(answer).toMatchObject({ data: [], response_status: 201, position: expect.any(String) });
    expect("reset" in answer).toBe(false);
    await lab.Task.objects.create({ title: "x", priority: 1 });
    await task(1).update({ priority: 2 });
    await task(1).update({ title: "y" });
    await task(1).update({ priority: null });
    await client.fence();
    expect(client.told("a")).toEqual(["create 1", "update 1", "delete 1"]);
    expect(client.events("a")).toMatchObject([
      { errors: [], data: { id: 1, title: "x", priority: 2 }, response_status: 200, position: expect.any(String) },
      { errors: [], data: { id: 1, title: "y", priority: 2 }, response_status: 200, position: expect.any(String) },
      { errors: [], data: { pk: 1 }, response_status: 204, position: expect.any(String) },
    ]);
  });

  test("10.1 a search follows its terms", async () => {
    const client = await subscribed(await connectLive(lab), { search: "Ab c" });
    await lab.Task.objects.create({ title: "c AB" });
    await task(1).update({ title: "xabcx" });
    await task(1).update({ title: "a b" });
    await client.fence();
    expect(client.told("a")).toEqual(["create 1", "update 1", "delete 1"]);
  });

  test("10.3 a row that moves from one owner to another is a delete for one and a create for the other", async () => {
    const Consumer = narrowed((ownerId) => lab.Task.objects.filter({ ownerId }));
    const [ann, bob] = [
      await connectLive(lab, Consumer, { user: { id: 1 } }),
      await connectLive(lab, Consumer, { user: { id: 2 } }),
    ];
    await subscribed(ann);
    await subscribed(bob);
    await lab.Task.objects.create({ title: "x", ownerId: 1 });
    await task(1).update({ ownerId: 2 });
    await task(1).update({ ownerId: null });
    await ann.fence();
    await bob.fence();
    expect(ann.told("a")).toEqual(["create 1", "delete 1"]);
    expect(bob.told("a")).toEqual(["create 1", "delete 1"]);
    expect(ann.texts.filter((text) => text.includes('"ownerId":2'))).toEqual([]);
  });

  test("10.1 exclude, Q and NULL decide as the database does", async () => {
    const { objects } = lab.Task;
    const cases: readonly [AnyQuerySet, readonly string[]][] = [
      [objects.exclude({ priority: 1 }), ["update 1", "delete 1", "create 1"]],
      [objects.filter(Q({ priority: 1 }).or(Q({ title: "b" }))), ["create 1", "delete 1", "create 1"]],
      [objects.filter({ priority__isnull: true }), ["update 1", "delete 1"]],
      [objects.exclude({ priority__gt: 0 }), ["update 1", "delete 1"]],
    ];
    await objects.create({ title: "a" });
    const clients = [];
    for (const [queryset] of cases)
      clients.push(
        await subscribed(
          await connectLive(
            lab,
            narrowed(() => queryset),
          ),
        ),
      );
    await task(1).update({ ownerId: 1 });
    await task(1).update({ priority: 1 });
    await task(1).update({ priority: 2 });
    await task(1).update({ title: "b" });
    for (const [index, client] of clients.entries()) {
      await client.fence();
      const [first = "", ...rest] = client.told("a");
      const told = first === "update 1" || index === 1 ? client.told("a") : [first, ...rest];
      expect(told.filter((line, at) => line !== "update 1" || at === 0)).toEqual(cases[index]?.[1]);
    }
  });

  test("10.1 rows enter and leave when a related row changes", async () => {
    await lab.Team.objects.bulkCreate([{ name: "red" }, { name: "blue" }]);
    await lab.Task.objects.bulkCreate([1, 1, 2].map((teamId, n) => ({ title: `t${n}`, teamId })));
    const client = await connectLive(lab);
    await subscribed(client, { filters: { team__name: "red" } });
    await client.ask({ action: "subscribe_count", request_id: "c", filters: { team__name: "red" } });
    await client.ask({ action: "subscribe_list", request_id: "o", ordering: "team__name,id" });
    await lab.Team.objects.filter({ id: 2 }).update({ name: "red" });
    await client.fence();
    expect(client.told("a")).toEqual(["create 3"]);
    expect(client.told("c")).toEqual(["update 3"]);
    expect(client.told("o")).toEqual(["update 1 @0", "update 2 @1"]);
    await lab.Team.objects.filter({ id: 1 }).update({ name: "green" });
    await task(3).update({ teamId: null });
    await client.fence();
    expect(client.told("a").slice(1).toSorted()).toEqual(["delete 1", "delete 2", "delete 3"]);
    expect(client.told("c").at(-1)).toBe("update 0");
  });

  test("10.1 a column that the log leaves out may decide which rows there are, and be shown", async () => {
    class Told extends ModelSerializer(lab.Task, {
      fields: ["id", "hint"],
      declaredFields: { hint: new SerializerMethodField<number>() },
    }) {
      getHint(row: { readonly secret: string }): number {
        return row.secret.length;
      }
    }
    class Consumer extends narrowed(() => lab.Task.objects.filter({ secret: "open" })) {
      override filterBackends = [];
      override getSerializerClass() {
        return Told;
      }
    }
    const client = await subscribed(await connectLive(lab, Consumer));
    await lab.Task.objects.create({ title: "x", secret: "shut" });
    for (const values of [{ secret: "open" }, { title: "y" }, { secret: "shut" }]) {
      await task(1).update(values);
      // What such a list is like is read, and several changes may be read as one.
      await client.fence();
    }
    expect(client.told("a")).toEqual(["create 1", "update 1", "delete 1"]);
    expect(client.events("a")[0]?.data).toEqual({ id: 1, hint: 4 });
    expect(client.texts.join("\n")).not.toMatch(/"open"|"shut"/);
  });

  test("10.2 a row whose primary key changes is one that leaves and one that comes", async () => {
    await lab.Task.objects.create({ title: "x" });
    const client = await subscribed(await connectLive(lab));
    await task(1).update({ id: 100 });
    await client.fence();
    expect(client.told("a").toSorted()).toEqual(["create 100", "delete 1"]);
  });

  test("10.2 of one transaction comes the net change of each row", async () => {
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }, { title: "3" }]);
    const client = await subscribed(await connectLive(lab));
    await lab.db.atomic(async () => {
      await lab.Task.objects.create({ title: "4" });
      await task(4).update({ title: "four" });
      await lab.Task.objects.create({ title: "5" });
      await task(5).delete();
      await task(1).update({ title: "one" });
      await task(1).update({ title: "uno" });
      await task(2).update({ title: "two" });
      await task(2).delete();
    });
    await client.fence();
    expect(client.told("a").toSorted()).toEqual(["create 4", "delete 2", "update 1"]);
    const shown = client.events("a").map(({ data }) => (data as { title?: string }).title);
    expect(shown.filter((title) => title !== undefined).toSorted()).toEqual(["four", "uno"]);
    expect(client.events("a").map(({ position }) => typeof position)).toEqual(["object", "object", "string"]);
  });

  test("10.2 nothing comes of a rollback, whole or to a savepoint", async () => {
    const client = await subscribed(await connectLive(lab));
    const failing = async (): Promise<void> => {
      await lab.Task.objects.create({ title: "no" });
      throw new RangeError();
    };
    await expect(lab.db.atomic(failing)).rejects.toThrow(RangeError);
    await lab.db.atomic(async () => {
      await lab.Task.objects.create({ title: "yes" });
      await expect(lab.db.atomic(failing)).rejects.toThrow(RangeError);
    });
    await client.fence();
    expect(client.events("a").map(({ action, data }) => [action, (data as { title: string }).title])).toEqual([
      ["create", "yes"],
    ]);
  });

  test("10.1 statements over many rows and SQL of the application are told row by row", async () => {
    const client = await subscribed(await connectLive(lab), { filters: { done: false } });
    await lab.Task.objects.bulkCreate([1, 2, 3, 4].map((n) => ({ title: `${n}` })));
    await lab.Task.objects.filter({ id__in: [1, 2] }).update({ done: true });
    await lab.db.execute(sql`UPDATE task SET title = 'raw' WHERE id >= 2`);
    await lab.db.execute(sql`DELETE FROM task`);
    await client.fence();
    const told = client.told("a");
    expect(told.slice(0, 4)).toEqual(["create 1", "create 2", "create 3", "create 4"]);
    expect(told.slice(4, 6)).toEqual(["delete 1", "delete 2"]);
    expect(told.slice(6, 8)).toEqual(["update 3", "update 4"]);
    expect(told.slice(8)).toEqual(["delete 3", "delete 4"]);
  });

  test("10.6 events say where rows stand: created, moved, equal by key, NULL first, text by code point", async () => {
    const rows = ["b", "B", "\u{1F600}", "\uFF5E", ""].map((title) => ({ title, priority: 1 }));
    await lab.Task.objects.bulkCreate(rows);
    const client = await connectLive(lab);
    await client.ask({ action: "subscribe_list", request_id: "p", ordering: "-priority" });
    const answer = await client.ask({ action: "subscribe_list", request_id: "t", ordering: "title" });
    expect((answer.data as { title: string }[]).map(({ title }) => title)).toEqual(["", "B", "b", "\uFF5E", "\u{1F600}"]);
    await lab.Task.objects.create({ title: "a", priority: 1 });
    await task(1).update({ priority: 2 });
    await task(3).update({ priority: null });
    await task(6).update({ title: "\uFFFD" });
    await task(2).delete();
    await client.fence();
    expect(client.told("p")).toEqual(["create 6 @5", "update 1 @0", "update 3 @5", "update 6 @4", "delete 2"]);
    expect(client.told("t")).toEqual(["create 6 @2", "update 1 @3", "update 3 @5", "update 6 @4", "delete 2"]);
  });

  test("10.7 a row that falls out of a window is a delete, the one that moves in a create", async () => {
    await lab.Task.objects.bulkCreate([1, 2, 3, 4].map((n) => ({ title: `${n}`, priority: n * 10 })));
    const client = await connectLive(lab, lab.Windowed);
    const answer = await client.ask({ action: "subscribe_list", request_id: "a", ordering: "priority", limit: 2, offset: 1 });
    expect(answer.data).toMatchObject({ count: 4, limit: 2, offset: 1, results: [{ id: 2 }, { id: 3 }] });
    await lab.Task.objects.create({ title: "0", priority: 5 });
    await client.fence();
    expect(client.told("a")).toEqual(["delete 3", "create 1 @0"]);
    await task(5).update({ priority: 100 });
    await lab.Task.objects.filter({ id__in: [2, 3] }).delete();
    await client.fence();
    expect(client.told("a").slice(2)).toEqual(["delete 1", "create 3 @1", "delete 2", "delete 3", "create 4 @0", "create 5 @1"]);
  });

  test("10.7 a cursor that leads back is refused", async () => {
    await lab.Task.objects.bulkCreate([1, 2, 3, 4, 5, 6, 7].map((n) => ({ title: `${n}` })));
    const client = await connectLive(lab, lab.Cursored);
    const first = await client.ask({ action: "list" });
    const { next } = first.data as { next: string };
    const answer = await client.ask({ action: "subscribe_list", request_id: "a", cursor: next });
    const { previous } = answer.data as { previous: string };
    expect(answer).toMatchObject({ response_status: 201, data: { results: [{ id: 4 }, { id: 5 }, { id: 6 }] } });
    expect(await client.ask({ action: "subscribe_list", cursor: previous })).toMatchObject({ data: null, response_status: 400 });
    await task(4).delete();
    await client.fence();
    expect(client.told("a")).toEqual(["delete 4", "create 7 @2"]);
  });

  test("10.8 a delete carries the lookup field where the resource has another", async () => {
    class Consumer extends lab.TaskConsumer {
      override lookupField = "title";
    }
    await lab.Task.objects.create({ title: "by-name" });
    const client = await subscribed(await connectLive(lab, Consumer));
    await client.ask({ action: "subscribe_instance", request_id: "i", title: "by-name" });
    await task(1).delete();
    await client.fence();
    for (const id of ["a", "i"]) expect(client.events(id).map(({ data }) => data)).toEqual([{ pk: 1, title: "by-name" }]);
  });

  test("10.3 fields are those of each user's serializer", async () => {
    class Short extends ModelSerializer(lab.Task, { fields: ["id", "title"] }) {}
    class Personal extends ModelSerializer(lab.Task, {
      fields: ["id", "mine"],
      declaredFields: { mine: new SerializerMethodField<boolean>() },
    }) {
      getMine(row: { readonly ownerId: number | null }): boolean {
        return row.ownerId === (this.context["scope"] as Scope).user?.id;
      }
    }
    class Consumer extends lab.TaskConsumer {
      override filterBackends = [];
      override getSerializerClass(args: MessageArguments) {
        const id = this.scope.user?.id;
        return id === 1 ? Short : id === 2 ? super.getSerializerClass(args) : Personal;
      }
    }
    const clients = [];
    for (const id of [1, 2, 3, 4]) clients.push(await subscribed(await connectLive(lab, Consumer, { user: { id } })));
    await lab.Task.objects.create({ title: "x", ownerId: 3 });
    const shown = [];
    for (const client of clients) {
      await client.fence();
      shown.push(client.events("a")[0]?.data);
    }
    expect(shown).toEqual([
      { id: 1, title: "x" },
      { id: 1, title: "x", priority: null, done: false, ownerId: 3, teamId: null },
      { id: 1, mine: true },
      { id: 1, mine: false },
    ]);
  });

  test("10.12 several subscriptions and rows under one request id each get their own events", async () => {
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }]);
    const client = await subscribed(await connectLive(lab));
    await client.ask({ action: "subscribe_list", request_id: "b", filters: { done: false } });
    for (const pk of [1, 2]) await client.ask({ action: "subscribe_instance", request_id: "i", pk });
    await lab.Task.objects.update({ done: true });
    await client.fence();
    expect(client.told("a")).toEqual(["update 1", "update 2"]);
    expect(client.told("b")).toEqual(["delete 1", "delete 2"]);
    expect(client.told("i")).toEqual(["update 1", "update 2"]);
  });

  test("10.1 changes of many-to-many relations are updates where the consumer says so", async () => {
    class Watching extends lab.TaskConsumer {
      override observerManyToManyRelationships = true;
    }
    await lab.Label.objects.bulkCreate([{ name: "x" }, { name: "y" }]);
    await lab.Task.objects.bulkCreate([{ title: "1" }, { title: "2" }, { title: "3", done: true }]);
    const client = await connectLive(lab, { tasks: Watching, deaf: lab.TaskConsumer });
    await subscribed(client, { filters: { done: false }, ordering: "-id" });
    await client.ask({ action: "subscribe_instance", request_id: "i", pk: 1 });
    await client.ask({ action: "subscribe_list", request_id: "a" }, "deaf");
    await lab.TaskLabel.objects.bulkCreate([
      { taskId: 1, labelId: 1 },
      { taskId: 3, labelId: 1 },
    ]);
    await lab.TaskLabel.objects.filter({ taskId: 1 }).update({ labelId: 2 });
    await lab.db.atomic(async () => {
      await lab.TaskLabel.objects.filter({ taskId: 1 }).delete();
      await task(1).update({ title: "one" });
    });
    await client.fence();
    expect(client.told("a")).toEqual(["update 1 @1", "update 1 @1", "update 1 @1"]);
    expect(client.told("i")).toEqual(["update 1", "update 1", "update 1"]);
    expect(client.told("a", "deaf")).toEqual(["update 1"]);
  });
});
