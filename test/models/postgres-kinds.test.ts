import { sql } from "drizzle-orm";
import { char, customType, integer, pgSchema, serial, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canProjectJson, toJsonValue } from "../../src/models/json-value.ts";
import type { AnyModel, Model } from "../../src/models/model.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { createThings, thingArbitraries, things } from "./postgres-things.ts";
import { things as sqliteThings } from "./sqlite-things.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

const NAMES = ['a"b', "c\\d", "", "NULL", "{x,y}", " ", "new\nline"];
const citext = customType<{ data: string }>({ dataType: () => "citext" });
/** JSON is read with more care than it is written: integers beyond 2^53 come back as bigint. */
const { payload: _payload, document: _document, ...withoutJson } = thingArbitraries;
const shop = pgSchema("shop");
const items = shop.table(
  "item",
  {
    id: serial().primaryKey(),
    code: char({ length: 4 }).notNull(),
    name: text(),
    mail: citext(),
    madeAt: timestamp("made_at", { withTimezone: true }).notNull().defaultNow(),
    parent: integer(),
  },
  (table) => [uniqueIndex().on(table.code)],
);

describeWith(services.postgres, "PostgreSQL", () => {
  let server: TemporaryPostgres;
  let database: PostgresDatabase;
  let Thing: Model<typeof things>;

  beforeAll(async () => {
    // A session that writes values in other ways, were the adapter to let it.
    server = await temporaryPostgres({
      options: "-c timezone=America/New_York -c datestyle=SQL,DMY -c bytea_output=escape -c extra_float_digits=0",
    });
    await server.query(`CREATE SCHEMA shop`);
    await server.query(`CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    await server.query(
      `CREATE TABLE shop.item (id serial PRIMARY KEY, code char(4) NOT NULL, name text COLLATE loose, mail varchar COLLATE loose,
        made_at timestamptz NOT NULL DEFAULT now(), parent integer REFERENCES shop.item(id))`,
    );
    await server.query(`CREATE UNIQUE INDEX ON shop.item (code)`);
    database = await openPostgres(server.url);
    await createThings(database);
    Thing = database.model(things);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });
  beforeEach(() => Thing.objects.delete());

  describe("a column", () => {
    test("is read as the kind that its definition says", () => {
      const kinds = Object.fromEntries([...Thing.columns].map(([name, column]) => [name, column.kind]));
      expect(kinds).toEqual({
        id: "integer",
        small: "integer",
        whole: "integer",
        wide: "integer",
        huge: "bigint",
        endless: "bigint",
        flag: "boolean",
        single: "float",
        ratio: "float",
        price: "decimal",
        loose: "decimal",
        looseNumber: "float",
        label: "string",
        short: "string",
        padded: "string",
        state: "string",
        custom: "string",
        payload: "json",
        document: "json",
        bytes: "binary",
        moment: "datetime",
        local: "datetime",
        at: "datetime",
        localAt: "datetime",
        atMillis: "datetime",
        day: "date",
        dayDate: "datetime",
        clock: "time",
        key: "uuid",
        address: "string",
        list: "json",
        names: "json",
      });
      expect(Thing.columns.get("state")).toMatchObject({ choices: ["open", "closed", "Archived"], nullable: true });
      expect(Thing.columns.get("price")).toMatchObject({ maxDigits: 15, decimalPlaces: 3 });
      expect(Thing.columns.get("short")).toMatchObject({ maxLength: 5 });
      expect(Thing.pk).toMatchObject({ name: "id", generated: true, primaryKey: true, nullable: false, hasDefault: true });
    });

    test("gives back any value that it was given", async () => {
      await fc.assert(
        fc.asyncProperty(fc.record(withoutJson), async (values) => {
          const { id, ...row } = await Thing.objects.create(values);
          const { single, ...others } = values;
          expect(row).toMatchObject({ ...others, padded: values.padded?.replace(/ +$/, "") ?? null });
          // The shortest number that stands for it in a `real`.
          expect(row.single === null ? null : Math.fround(row.single)).toBe(single);
          expect(await Thing.objects.get({ id })).toEqual({ id, ...row });
        }),
        { numRuns: 150 },
      );
    });

    test("holds JSON of every shape, and arrays", async () => {
      for (const value of [{ a: [1, null, "x"] }, [], "text", 5, false, { big: 9007199254740993n }]) {
        const row = await Thing.objects.create({ payload: value, document: value, list: [1, 2], names: NAMES });
        expect(row).toMatchObject({ payload: value, document: value, list: [1, 2], names: NAMES });
      }
    });

    test("takes a moment, a UUID or a decimal in any spelling and keeps one", async () => {
      const row = await Thing.objects.create({
        moment: "2024-05-06 07:08:09.1234567+02:00",
        key: "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}",
        price: "+01.5e1",
        loose: "1.50",
        clock: "05:08",
      });
      expect(row).toMatchObject({
        moment: "2024-05-06T05:08:09.123456Z",
        key: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        price: "15.000",
        loose: "1.50",
        clock: "05:08:00",
      });
    });

    test.each([
      { small: 40_000 },
      { whole: 2 ** 31 },
      { whole: 1.5 },
      { wide: 2n ** 63n },
      { huge: 2n ** 63n },
      { single: 1e300 },
      { price: "1.2345" },
      { price: "1234567890123" },
      { short: "123456" },
      { padded: "1234567" },
      { state: "nope" },
      { label: "a\0b" },
      { payload: "a\0b" },
      { payload: ["\ud800"] },
      { moment: "yesterday" },
      { day: "2024-13-01" },
      { clock: "25:00" },
      { key: "nope" },
      { bytes: "x" },
      { at: new Date(Number.NaN) },
    ])("refuses %o with a 400", async (values) => {
      await expect(Thing.objects.create(values as never)).rejects.toMatchObject({ status: 400 });
      expect(await Thing.objects.count()).toBe(0);
    });

    test("that is compared with what it cannot hold matches nothing, or all", async () => {
      await Thing.objects.create({ small: 5, whole: 5, state: "open", short: "abc", single: 1 });
      expect(await Thing.objects.filter({ small: 40_000 }).count()).toBe(0);
      expect(await Thing.objects.filter({ small__lt: 40_000, whole__lt: 2 ** 40 }).count()).toBe(1);
      expect(await Thing.objects.filterUntrusted({ state: "nope" }).count()).toBe(0);
      expect(await Thing.objects.filterUntrusted({ state__in: ["nope", "open"] }).count()).toBe(1);
      expect(await Thing.objects.filter({ short: "a".repeat(1000) }).count()).toBe(0);
      expect(await Thing.objects.filter({ single__lt: 1e300 }).count()).toBe(1);
    });
  });

  describe("a table in a schema, with collations of its own", () => {
    test("is read, written, and told from its columns", async () => {
      const Item = database.model(items);
      expect(Item.columns.get("code")).toMatchObject({ unique: true, maxLength: 4 });
      const item = await Item.objects.create({ code: "a", name: "Straße", mail: "Ada@example.com" });
      expect(item).toMatchObject({ id: 1, code: "a" });
      await expect(Item.objects.create({ code: "a" })).rejects.toMatchObject({ kind: "unique", columns: ["code"] });
      await expect(Item.objects.create({ code: "b", parent: 99 })).rejects.toMatchObject({
        kind: "foreign_key",
        columns: ["parent"],
      });
      await Item.objects.create({ code: "c", parent: 1 });
      await expect(Item.objects.filter({ id: 1 }).delete()).rejects.toMatchObject({ kind: "foreign_key", columns: [] });
    });

    test("has exact texts, whatever its collation takes for equal", async () => {
      const Item: AnyModel = database.model(items);
      await Item.objects.delete();
      await Item.objects.bulkCreate([
        { code: "1", name: "ada", mail: "x" },
        { code: "2", name: "ADA", mail: "X" },
      ]);
      for (const column of ["name", "mail"]) {
        const value = column === "name" ? "ada" : "x";
        expect(await Item.objects.filter({ [column]: value }).count()).toBe(1);
        expect(await Item.objects.filter({ [`${column}__in`]: [value] }).count()).toBe(1);
        expect(await Item.objects.filter({ [`${column}__startswith`]: value.slice(0, 1) }).count()).toBe(1);
        expect(await Item.objects.filter({ [`${column}__gt`]: value }).count()).toBe(0);
        expect(await Item.objects.filter({ [`${column}__iexact`]: value }).count()).toBe(2);
      }
    });

    test("gives distinct rows in the order of a text", async () => {
      const Item: AnyModel = database.model(items);
      expect(await Item.objects.values("code").distinct().orderBy("-code").toArray()).toEqual([{ code: "2" }, { code: "1" }]);
      expect(await Item.objects.values("code").distinct().orderBy("-id").count()).toBe(2);
    });

    test("is refused when it was made for another database", () => {
      const sqlite: AnyModel["table"] = sqliteThings;
      expect(() => database.model(sqlite)).toThrow(ImproperlyConfigured);
    });
  });

  describe("JSON built by PostgreSQL", () => {
    test("covers all kinds but floats, JSON, and mappings of the application's own", () => {
      const not = [...Thing.columns.values()].filter((column) => !canProjectJson(Thing, column)).map((column) => column.name);
      expect(not).toEqual(["single", "ratio", "looseNumber", "custom", "payload", "document", "list", "names"]);
    });

    const projected = () => [...Thing.columns.values()].filter((column) => canProjectJson(Thing, column));

    async function expectSameBytes(): Promise<void> {
      const columns = projected();
      const projection = columns.map(({ name }) => ({ key: `"${name}'`, column: name }));
      const sorted = Thing.objects.orderBy("-id");
      const rows = await sorted.toArray();
      const objects = rows.map((row) =>
        Object.fromEntries(columns.map((column) => [`"${column.name}'`, toJsonValue(column, Reflect.get(row, column.name))])),
      );
      expect((await sorted.fetchJson(projection)).text).toBe(encodeJson(objects));
      expect((await sorted.getJson(projection))?.text ?? null).toBe(objects[0] === undefined ? null : encodeJson(objects[0]));
      expect((await sorted.slice(1, 3).fetchJson(projection)).text).toBe(encodeJson(objects.slice(1, 3)));
    }

    test("equals what encodeJson writes of the rows, byte for byte", { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.record(thingArbitraries), { maxLength: 5 }), async (values) => {
          await Thing.objects.delete();
          await Thing.objects.bulkCreate(values);
          await expectSameBytes();
        }),
        { numRuns: 100 },
      );
    });

    test("equals it for what only other programs write, too", async () => {
      await database.execute(sql`INSERT INTO thing (loose, endless, moment, local, at, "localAt", day, "dayDate", clock) VALUES
        ('NaN', 12.00, 'infinity', '-infinity', 'infinity', 'infinity', 'infinity', '-infinity', '24:00'),
        ('Infinity', 1, '0044-03-15 BC', '20000-01-01', '0044-03-15 BC', '20000-01-01', '0044-03-15 BC', '20000-01-01', '00:00:00.1'),
        (1.10, 1, '1969-12-31 23:59:59.999999', '2024-05-06 05:08:09.1', '2024-05-06 05:08:09.1239', now(), now(), now(), now()::time)`);
      await expectSameBytes();
    });

    test("refuses a column that it cannot write faithfully", async () => {
      await expect(Thing.objects.fetchJson([{ key: "ratio", column: "ratio" }])).rejects.toBeInstanceOf(ImproperlyConfigured);
    });
  });

  describe("raw SQL", () => {
    test("gives numbers, booleans, JSON and bytes as such, and moments as texts", async () => {
      expect(
        await database.execute(sql`SELECT 1 AS one, ${2}::bigint AS two, 9007199254740993 AS big, 1.5::float8 AS half, true AS yes, NULL AS nothing,
          '{"a": 1}'::jsonb AS json, '\\x01'::bytea AS bytes, 1.50 AS decimal, '2024-05-06'::date AS day`),
      ).toEqual([
        {
          one: 1,
          two: 2,
          big: 9007199254740993n,
          half: 1.5,
          yes: true,
          nothing: null,
          json: { a: 1 },
          bytes: Buffer.from([1]),
          decimal: "1.50",
          day: "2024-05-06",
        },
      ]);
    });
  });
});
