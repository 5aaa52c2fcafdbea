import { afterEach, beforeEach, expect, test } from "vitest";
import { FilterSet, ModelSerializer } from "../../src/index.ts";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import { AskedQuery } from "../../src/observers/asked-query.ts";
import { equalityOf } from "../../src/observers/equality.ts";
import { queryKey, watchQueryset } from "../../src/observers/live-queries.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Lab, openLab } from "./lab.ts";
import { connectLive } from "./live-client.ts";

describeOnDatabases("live lists by foreign keys", (on) => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab(on);
    await lab.Team.objects.bulkCreate([{ name: "red" }, { name: "blue" }]);
  });
  afterEach(() => lab.close());

  /** Tasks whose team is shown, filtered and ordered by under the name of its relation. */
  function byRelation() {
    class Serializer extends ModelSerializer(lab.Task, { fields: ["id", "title", "team"] }) {}
    return class extends lab.TaskConsumer {
      override getSerializerClass() {
        return Serializer as never;
      }
      override filterSetClass = FilterSet(lab.Task, { fields: { team: ["exact", "in", "isnull"] } }) as never;
      override orderingFields = ["team"] as never;
      override searchFields = [];
    };
  }

  test.each([
    [{ filters: { team: 1 } }, ["create 1", "update 1", "delete 1"]],
    [{ filters: { team__in: [1, 3] } }, ["create 1", "update 1", "delete 1"]],
    [{ filters: { team: null } }, ["create 1"]],
    [{ filters: { team__isnull: false } }, ["create 1", "update 1", "update 1", "delete 1"]],
    [{ ordering: "-team", filters: { team: 1 } }, ["create 1 @0", "update 1 @0", "delete 1"]],
  ])("10.1 rows enter, change and leave as %o says", async (args, told) => {
    const client = await connectLive(lab, byRelation());
    expect(await client.ask({ ...args, action: "subscribe_list", request_id: "a" })).toMatchObject({
      data: [],
      response_status: 201,
    });
    await lab.Task.objects.create({ title: "x", teamId: 1 });
    for (const values of [{ title: "y" }, { teamId: 2 }, { teamId: null }])
      await lab.Task.objects.filter({ id: 1 }).update(values);
    await client.fence();
    expect(client.told("a")).toEqual(told);
  });

  test("10.1 what is filtered by is what the row shows", async () => {
    const client = await connectLive(lab, byRelation());
    await client.ask({ action: "subscribe_list", request_id: "a", filters: { team: 2 } });
    await client.ask({ action: "create", request_id: "c", data: { title: "x", team: 2 } });
    await client.fence();
    expect(client.events("a")).toMatchObject([{ action: "create", data: { id: 1, title: "x", team: 2 } }]);
    expect(await client.ask({ action: "list", request_id: "l", ordering: "-team" })).toMatchObject({ data: [{ team: 2 }] });
    expect(await client.ask({ action: "list", request_id: "m", ordering: "teamId" })).toMatchObject({ response_status: 400 });
  });

  test("10.4 a query is the same by either name of the key, and nothing is asked of the database for it", async () => {
    const { Task } = lab;
    await (await connectLive(lab)).ask({ action: "subscribe_list", request_id: "a" });
    const sink = { receive: () => undefined } as never;
    const pairs: readonly (readonly [AnyQuerySet, AnyQuerySet])[] = [
      [Task.objects.filter({ team: 1 }), Task.objects.filter({ teamId: 1 })],
      [
        Task.objects.filter({ team__in: [1, 2] }).orderBy("-team"),
        Task.objects.filter({ teamId__in: [1, 2] }).orderBy("-teamId"),
      ],
      [Task.objects.exclude({ team__isnull: true }), Task.objects.exclude({ teamId__isnull: true })],
    ];
    for (const [byRelationName, byColumn] of pairs) {
      expect(queryKey(byRelationName, false)).toBe(queryKey(byColumn, false));
      const [one, other] = [watchQueryset(byRelationName, false, sink), watchQueryset(byColumn, false, sink)];
      expect(one.query).toBe(other.query);
      expect(one.query).not.toBeInstanceOf(AskedQuery);
      one.stop();
      other.stop();
    }
    expect(equalityOf(Task, Task.objects.filter({ team: 1 }).query.where)).toEqual({ column: "teamId", keys: [1] });
  });
});
