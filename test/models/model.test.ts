/* oxlint-disable unicorn/no-array-reverse -- a queryset is no array */
import { sql } from "drizzle-orm";
import { integer, primaryKey, sqliteTable, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";
import { afterAll, describe, expect, test } from "vitest";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { belongsTo, openSqlite } from "../../src/sqlite.ts";

const database = await openSqlite(":memory:");
afterAll(() => database.close());

describe("a model", () => {
  test("is named after its table, and says its name in words", () => {
    expect(database.model(sqliteTable("auth_user", { id: integer().primaryKey() }))).toMatchObject({
      name: "AuthUser",
      verboseName: "auth user",
    });
    expect(database.model(sqliteTable("x", { id: integer().primaryKey() }), { name: "UuidThing" }).verboseName).toBe(
      "uuid thing",
    );
    expect(database.model(sqliteTable("x", { id: integer().primaryKey() }), { name: "APIKey" }).verboseName).toBe("api key");
    expect(database.model(sqliteTable("x", { id: integer().primaryKey() }), { verboseName: "row" }).verboseName).toBe("row");
  });

  test("reads what its table says of columns", () => {
    const other = sqliteTable("other", { code: text().primaryKey() });
    const table = sqliteTable("item", {
      id: integer().primaryKey({ autoIncrement: true }),
      title: text("item_title", { length: 20 }).notNull(),
      state: text({ enum: ["a", "b"] }).default("a"),
      made: text().default(sql`CURRENT_TIMESTAMP`),
      token: text().$defaultFn(() => "t"),
      email: text().unique(),
      otherCode: text().references(() => other.code),
    });
    const { columns } = database.model(table);
    expect([...columns.keys()]).toEqual(["id", "title", "state", "made", "token", "email", "otherCode"]);
    expect(columns.get("title")).toMatchObject({
      columnName: "item_title",
      kind: "string",
      maxLength: 20,
      nullable: false,
      hasDefault: false,
      unique: false,
    });
    expect(columns.get("state")).toMatchObject({ choices: ["a", "b"], defaultValue: "a", hasDefault: true, nullable: true });
    expect(columns.get("made")).toMatchObject({ hasDefault: true, defaultValue: undefined });
    expect(columns.get("token")).toMatchObject({ hasDefault: true });
    expect(columns.get("email")).toMatchObject({ unique: true });
    expect(columns.get("otherCode")?.references).toEqual({ table: other, column: "code" });
  });

  test("fills in defaults, $defaultFn and $onUpdate as drizzle does", async () => {
    let updates = 0;
    const table = sqliteTable("defaults", {
      id: integer().primaryKey(),
      fixed: text().default("fixed"),
      made: text().$defaultFn(() => "made"),
      stored: text().default(sql`'stored'`),
      changed: integer().$onUpdate(() => (updates += 1)),
    });
    await database.execute(
      sql`CREATE TABLE defaults (id INTEGER PRIMARY KEY, fixed TEXT, made TEXT, stored TEXT DEFAULT 'stored', changed INTEGER)`,
    );
    const { objects } = database.model(table);
    expect(await objects.create({})).toEqual({ id: 1, fixed: "fixed", made: "made", stored: "stored", changed: 1 });
    expect(await objects.filter({ id: 1 }).updateReturning({ fixed: "new" })).toMatchObject([
      { fixed: "new", made: "made", changed: 2 },
    ]);
    expect(await objects.create({ fixed: null, made: "mine" })).toMatchObject({ fixed: null, made: "mine" });
  });

  test("with all columns filled by the database can be created from nothing", async () => {
    await database.execute(sql`CREATE TABLE bare (id INTEGER PRIMARY KEY)`);
    const { objects } = database.model(sqliteTable("bare", { id: integer().primaryKey() }));
    expect(await objects.bulkCreate([{}, {}])).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("knows which columns are unique together, by property", () => {
    const table = sqliteTable(
      "seat",
      { id: integer().primaryKey(), row: integer("row_number"), place: integer(), code: text() },
      (columns) => [
        unique().on(columns.row, columns.place),
        uniqueIndex("x").on(columns.place, columns.code),
        uniqueIndex("y").on(columns.code),
        uniqueIndex("z").on(sql`lower(code)`, columns.row),
      ],
    );
    const Seat = database.model(table);
    expect(Seat.uniqueTogether).toEqual([
      ["row", "place"],
      ["place", "code"],
    ]);
    expect(Seat.columns.get("code")?.unique).toBe(true);
  });

  test("with a primary key of several columns says so when one is needed", () => {
    const table = sqliteTable("link", { a: integer().notNull(), b: integer().notNull() }, (columns) => [
      primaryKey({ columns: [columns.a, columns.b] }),
    ]);
    const Link = database.model(table);
    expect(Link.uniqueTogether).toEqual([["a", "b"]]);
    expect(() => Link.pk).toThrow(ImproperlyConfigured);
    expect(() => database.model(sqliteTable("none", { a: integer() })).pk).toThrow(/needs a primary key/);
  });

  test.each(["pk", "a__b", "__proto__", "x__"])("refuses a column key %j, which lookups could not name", (key) => {
    const table = sqliteTable(
      "bad",
      Object.fromEntries([
        ["id", integer().primaryKey()],
        [key, text()],
      ]) as Record<string, ReturnType<typeof text>>,
    );
    expect(() => database.model(table)).toThrow(ImproperlyConfigured);
  });

  test("refuses a relation over a column that it does not have", () => {
    const table = sqliteTable("plain", { id: integer().primaryKey() });
    const Plain = database.model(table);
    expect(() => database.model(table, { relations: { author: belongsTo(() => Plain, "authorId") } })).toThrow(/authorId/);
    expect(() => database.model(table, { relations: { id: belongsTo(() => Plain, "id") } })).toThrow(ImproperlyConfigured);
  });

  test("with an ordering gives its rows in it until another is asked for", async () => {
    await database.execute(sql`CREATE TABLE ordered (id INTEGER PRIMARY KEY, rank INTEGER)`);
    const { objects } = database.model(sqliteTable("ordered", { id: integer().primaryKey(), rank: integer() }), {
      ordering: ["-rank"],
    });
    await objects.bulkCreate([{ rank: 1 }, { rank: 3 }, { rank: 2 }]);
    expect((await objects.toArray()).map((row) => row.rank)).toEqual([3, 2, 1]);
    expect((await objects.reverse().toArray()).map((row) => row.rank)).toEqual([1, 2, 3]);
    expect([objects.isOrdered, objects.orderBy().isOrdered]).toEqual([true, false]);
    expect((await objects.fetchJson([{ key: "r", column: "rank" }])).text).toBe('[{"r":3},{"r":2},{"r":1}]');
  });

  test("with an ordering by what is no column is refused when it is declared, or first used behind a relation", async () => {
    const table = sqliteTable("disordered", { id: integer().primaryKey(), parentId: integer() });
    expect(() => database.model(table, { ordering: ["nope"] })).toThrow(ImproperlyConfigured);
    const Plain = database.model(table);
    const Tree = database.model(table, {
      relations: { parent: belongsTo(() => Plain, "parentId") },
      ordering: ["parent__nope"],
    });
    await expect(Tree.objects.toArray()).rejects.toBeInstanceOf(ImproperlyConfigured);
  });
});
