import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { FilterSet, FilterSetBackend, OrderingFilter, SearchFilter } from "../../src/index.ts";
import type { AnyModel } from "../../src/models/model.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { codesOf, findingsOf, listing, opened, run } from "./lab.ts";

const DEVELOPMENT = { development: true };

describeOnDatabases("checks of indexes", (on) => {
  const { builder: t } = on;
  const things = t.table("thing", {
    id: t.id(),
    title: t.text().notNull(),
    note: t.text(),
    short: t.text({ length: 20 }),
    slug: t.text().notNull().unique(),
    count: t.integer().notNull(),
    wide: t.wideInteger(),
    ratio: t.real(),
    price: t.decimal({ maxDigits: 8, decimalPlaces: 2 }),
    done: t.boolean(),
    moment: t.dateTime(),
    at: t.timestamp(),
    day: t.date(),
    time: t.time(),
    key: t.uuid(),
    extra: t.json(),
  });
  const columns = ["title", "note", "short", "count", "wide", "ratio", "price", "moment", "at", "day", "time", "key"];

  function filtering(model: AnyModel, fields: object) {
    class ThingFilter extends FilterSet(model, { fields }) {}
    return listing(model, { filterBackends: [FilterSetBackend], filterSetClass: ThingFilter });
  }

  describe("the fix that is told makes the finding go away", () => {
    test.each(columns)("of each filter on %s", async (column) => {
      const database = await opened(on, [things]);
      const model = database.db.model(things);
      const nullable = model.columns.get(column)?.nullable === true;
      for (const lookups of [["exact"], ["in"], ["gt", "lte"], ["range"], ...(nullable ? [["isnull"]] : [])]) {
        const consumer = filtering(model, { [column]: lookups });
        const [found, ...others] = await findingsOf(consumer, DEVELOPMENT);
        expect(others).toEqual([]);
        expect(found).toMatchObject({ code: "unindexed_column", level: "warning", model: "Thing", consumer: "RowConsumer" });
        const create = (found?.fix ?? "").split("or run: ")[1] ?? "";
        await run(database, create);
        expect(await findingsOf(consumer, DEVELOPMENT)).toEqual([]);
        await run(database, create.replace(/^CREATE (INDEX "\w+").*/, "DROP $1"));
      }
    });

    test.each(columns)("of an ordering by %s, up and down", async (column) => {
      const database = await opened(on, [things]);
      const model = database.db.model(things);
      const consumer = listing(model, { filterBackends: [OrderingFilter], orderingFields: [column] });
      const [found, ...others] = await findingsOf(consumer, DEVELOPMENT);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ code: "unindexed_column", field: `orderingFields: "${column}"` });
      await run(database, (found?.fix ?? "").split("or run: ")[1] ?? "");
      expect(await findingsOf(consumer, DEVELOPMENT)).toEqual([]);
      const downwards = listing(model, { filterBackends: [OrderingFilter], ordering: [`-${column}`] });
      expect(await findingsOf(downwards, DEVELOPMENT)).toEqual([]);
    });
  });

  test("says how the index is written in drizzle", async () => {
    const database = await opened(on, [things]);
    const [found] = await findingsOf(filtering(database.db.model(things), { count: ["exact"] }), DEVELOPMENT);
    expect(found?.message).toMatch(
      /^ThingFilter\.fields: "count" \(exact\) makes the database read the whole table .*"thing": no index/,
    );
    expect(found?.fix).toMatch(
      /^Add index\("thing_count_idx"\)\.on\(table\.count\) to the table and generate a migration, or run: CREATE INDEX/,
    );
  });

  test("keys, unique columns, booleans and JSON need none", async () => {
    const database = await opened(on, [things]);
    const fields = { id: ["exact", "in"], pk: ["gt"], slug: ["exact"], done: ["exact"], extra: ["isnull"] };
    expect(await findingsOf(filtering(database.db.model(things), fields), DEVELOPMENT)).toEqual([]);
  });

  test("two uses that one index serves are one finding", async () => {
    const database = await opened(on, [things]);
    const model = database.db.model(things);
    expect(await findingsOf(filtering(model, { count: ["exact", "in", "gt", "isnull"] }), DEVELOPMENT)).toHaveLength(1);
  });

  test("outside of development small tables are left alone; large ones are not, nor what no index can serve", async () => {
    const database = await opened(on, [things]);
    const model = database.db.model(things);
    class ThingFilter extends FilterSet(model, { fields: { count: ["exact"], title: ["icontains"] } }) {}
    const consumer = listing(model, {
      filterBackends: [FilterSetBackend, SearchFilter],
      filterSetClass: ThingFilter,
      searchFields: ["title", "^note"],
    });
    expect(await findingsOf(consumer, { development: false })).toEqual([]);
    expect(codesOf(await findingsOf(consumer, DEVELOPMENT))).toEqual(["unindexed_column"]);
    const numbers = sql`WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10001)`;
    await database.db.execute(sql`INSERT INTO thing (title, slug, count) ${numbers} SELECT 'x', 's' || n, n FROM numbers`);
    const found = await findingsOf(consumer, { development: false });
    expect(found.map(({ code, field }) => [code, field])).toEqual([
      ["unindexed_column", 'ThingFilter.fields: "count" (exact)'],
      ["scanning_filter", 'ThingFilter.fields: "title" (icontains)'],
      ["scanning_filter", 'searchFields: "title", "^note"'],
    ]);
  });
});
