import { execFileSync } from "node:child_process";
import { sql } from "drizzle-orm";
import { integer, primaryKey, sqliteTable, text, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommittedTransaction } from "../../src/models/change-log/change.ts";
import type { AnyModel } from "../../src/models/model.ts";
import { manyToMany, openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
import { changesOf } from "./change-log/changes-of.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let database: SqliteDatabase;
beforeEach(async () => {
  folder = temporaryFolder();
  database = await openSqlite(folder.path("triggers.db"));
});
afterEach(async () => {
  await database.close();
  folder.remove();
});

async function observed(table: SQLiteTable, ...create: readonly string[]): Promise<AnyModel> {
  for (const statement of create) await database.execute(sql.raw(statement));
  const model = database.model(table);
  database.changes.observe(model);
  await database.changes.ready();
  return model;
}

const inShort = (told: readonly CommittedTransaction[]) =>
  told.map(({ changes }) => changes.map(({ before, after }) => [before && Object.values(before), after && Object.values(after)]));

/** What these statements did, each a transaction of its own, as lists of values. */
async function told(...statements: readonly string[]): Promise<unknown> {
  return inShort(
    await changesOf(database, async () => {
      for (const statement of statements) await database.execute(sql.raw(statement));
    }),
  );
}

/** The same in one transaction of another process, of whatever SQLite its command line has; null where there is none. */
function elsewhere(...statements: readonly string[]): Promise<unknown> {
  return changesOf(database, async () => {
    execFileSync(process.execPath, [
      new URL("sql-process.mjs", import.meta.url).pathname,
      folder.path("triggers.db"),
      `BEGIN; ${statements.join("; ")}; COMMIT`,
    ]);
  }).then(inShort);
}

describe("REPLACE, which removes rows without telling any trigger,", () => {
  const user = sqliteTable("user", { id: integer().primaryKey(), name: text().notNull().unique(), age: integer() });
  const CREATE = "CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, age INTEGER)";

  beforeEach(async () => {
    await observed(user, CREATE, "INSERT INTO user VALUES (1, 'ada', 36), (2, 'bob', 20), (-1, 'odd', 0)");
  });

  const ada = [1, "ada", 36];
  const bob = [2, "bob", 20];

  test.each([
    ["over the same key is an update", "INSERT OR REPLACE INTO user VALUES (1, 'ada', 37)", [[ada, [1, "ada", 37]]]],
    [
      "over a unique value is a delete and a create",
      "REPLACE INTO user VALUES (9, 'ADA', 1)",
      [
        [ada, null],
        [null, [9, "ADA", 1]],
      ],
    ],
    [
      "over two rows at once tells of both",
      "REPLACE INTO user VALUES (1, 'bob', 5)",
      [
        [ada, [1, "bob", 5]],
        [bob, null],
      ],
    ],
    ["that finds nothing in its way is a create", "REPLACE INTO user (name) VALUES ('new')", [[null, [3, "new", null]]]],
    [
      "in an update tells of the row that made way",
      "UPDATE OR REPLACE user SET name = 'ada' WHERE id = 2",
      [
        [ada, null],
        [bob, [2, "ada", 20]],
      ],
    ],
    [
      "of a key in an update tells of the row that made way",
      "UPDATE OR REPLACE user SET id = 1 WHERE id = 2",
      [
        [ada, [1, "bob", 20]],
        [bob, null],
      ],
    ],
    [
      "that changes the case of a name only is an update",
      "UPDATE OR REPLACE user SET name = 'ADA' WHERE id = 1",
      [[ada, [1, "ADA", 36]]],
    ],
  ])("%s", async (_rule, statement, expected) => {
    const before = await told();
    expect(before).toEqual([]);
    expect(sorted(await told(statement))).toEqual(sorted([expected]));
  });

  test.each([
    ["INSERT OR IGNORE INTO user VALUES (1, 'x', 1), (5, 'ada', 1)", []],
    ["INSERT INTO user VALUES (1, 'x', 1) ON CONFLICT DO NOTHING", []],
    ["INSERT INTO user VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET age = 99", [[[ada, [1, "ada", 99]]]]],
    ["UPDATE OR IGNORE user SET name = 'ada' WHERE id = 2", []],
  ])("is not confused with a conflict that was settled otherwise: %s", async (statement, expected) => {
    expect(await told(statement)).toEqual(expected);
    expect(await told("INSERT INTO user VALUES (7, 'after', 1)", "DELETE FROM user WHERE id = 1")).toMatchObject([
      [[null, [7, "after", 1]]],
      [[[1, "ada", expect.any(Number)], null]],
    ]);
  });

  test("is told rightly of another process, with recursive triggers and without", async () => {
    expect(sorted(await elsewhere("REPLACE INTO user VALUES (9, 'ada', 1)"))).toEqual(
      sorted([
        [
          [ada, null],
          [null, [9, "ada", 1]],
        ],
      ]),
    );
    const recursive = await changesOf(database, async () => {
      execFileSync(process.execPath, [
        new URL("sql-process.mjs", import.meta.url).pathname,
        folder.path("triggers.db"),
        "PRAGMA recursive_triggers = ON; REPLACE INTO user VALUES (2, 'bob', 21)",
      ]);
    });
    expect(inShort(recursive)).toEqual([[[bob, [2, "bob", 21]]]]);
  });
});

const sorted = (transactions: unknown): unknown =>
  Array.isArray(transactions)
    ? transactions.map((changes: unknown[]) => changes.map((change) => JSON.stringify(change)).toSorted())
    : transactions;

describe("tables of every shape are logged:", () => {
  test("odd names", async () => {
    const table = sqliteTable(`my "odd" table's`, { id: integer("the id").primaryKey(), value: text(`say "what's" up`) });
    await observed(table, `CREATE TABLE "my ""odd"" table's" ("the id" INTEGER PRIMARY KEY, "say ""what's"" up" TEXT UNIQUE)`);
    expect(
      await told(`INSERT INTO "my ""odd"" table's" VALUES (1, 'x')`, `REPLACE INTO "my ""odd"" table's" VALUES (2, 'x')`),
    ).toEqual([
      [[null, [1, "x"]]],
      [
        [[1, "x"], null],
        [null, [2, "x"]],
      ],
    ]);
  });

  test("without a rowid, and one whose columns take the rowid's names", async () => {
    await observed(
      sqliteTable("word", { key: text().primaryKey(), n: integer() }),
      "CREATE TABLE word (key TEXT PRIMARY KEY, n INTEGER UNIQUE) WITHOUT ROWID",
    );
    expect(
      await told("INSERT INTO word VALUES ('a', 1)", "UPDATE OR REPLACE word SET n = 1", "REPLACE INTO word VALUES ('b', 1)"),
    ).toEqual([
      [[null, ["a", 1]]],
      [
        [
          ["a", 1],
          ["a", 1],
        ],
      ],
      [
        [["a", 1], null],
        [null, ["b", 1]],
      ],
    ]);
    const named = sqliteTable("named", { key: text().primaryKey(), rowid: text() });
    await observed(named, "CREATE TABLE named (key TEXT PRIMARY KEY, rowid TEXT)");
    expect(await told("INSERT INTO named VALUES ('a', 'r')", "UPDATE OR REPLACE named SET key = 'b'")).toEqual([
      [[null, ["a", "r"]]],
      [
        [["a", "r"], null],
        [null, ["b", "r"]],
      ],
    ]);
  });

  test("with computed columns", async () => {
    const table = sqliteTable("sum", {
      id: integer().primaryKey(),
      a: integer(),
      double: integer().generatedAlwaysAs(sql`a * 2`),
      json: text().generatedAlwaysAs(sql`json_array(a)`, { mode: "stored" }),
    });
    await observed(
      table,
      "CREATE TABLE sum (id INTEGER PRIMARY KEY, a INTEGER, double INTEGER AS (a * 2), json TEXT AS (json_array(a)) STORED)",
    );
    expect(await told("INSERT INTO sum (a) VALUES (2)", "UPDATE sum SET a = 3")).toEqual([
      [[null, [1, 2, 4, "[2]"]]],
      [
        [
          [1, 2, 4, "[2]"],
          [1, 3, 6, "[3]"],
        ],
      ],
    ]);
  });

  test("with more columns than a SQL function takes arguments", async () => {
    const names = Array.from({ length: 250 }, (_none, index) => `c${index}`);
    const columns = Object.fromEntries(names.map((name) => [name, integer()]));
    const wide = sqliteTable("wide", { id: integer().primaryKey(), ...columns });
    await observed(wide, `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${names.join(" INTEGER, ")} INTEGER)`);
    expect(await told(`INSERT INTO wide VALUES (1, ${names.map((_name, index) => index).join(", ")})`)).toEqual([
      [[null, [1, ...names.map((_name, index) => index)]]],
    ]);
  });

  test("a join table whose key is its two columns", async () => {
    const tag = sqliteTable("tag", { id: integer().primaryKey() });
    const joins = sqliteTable("joins", { post: integer().notNull(), tag: integer().notNull() }, (table) => [
      primaryKey({ columns: [table.post, table.tag] }),
    ]);
    const post = sqliteTable("post", { id: integer().primaryKey() });
    await database.execute(sql`CREATE TABLE tag (id INTEGER PRIMARY KEY)`);
    await database.execute(sql`CREATE TABLE post (id INTEGER PRIMARY KEY)`);
    await database.execute(
      sql`CREATE TABLE joins (post INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (post, tag)) WITHOUT ROWID`,
    );
    const Tag: AnyModel = database.model(tag, { relations: { posts: manyToMany((): AnyModel => Post, joins, "tag", "post") } });
    const Post: AnyModel = database.model(post, { relations: { tags: manyToMany((): AnyModel => Tag, joins, "post", "tag") } });
    database.changes.observe(Post, { manyToMany: true });
    database.changes.observe(Tag, { manyToMany: true });
    const [transaction] = await changesOf(database, () => database.execute(sql`INSERT INTO joins VALUES (1, 5), (2, 5)`));
    expect(transaction?.touched.map(({ model, pk }) => `${model.name} ${String(pk)}`)).toEqual(["Post 1", "Post 2", "Tag 5"]);
  });
});

describe("triggers of the application", () => {
  const table = sqliteTable("note", { id: integer().primaryKey(), text: text(), edits: integer() });
  const CREATE = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, edits INTEGER NOT NULL DEFAULT 0)";
  const TOUCH =
    "CREATE TRIGGER touch AFTER UPDATE OF text ON note BEGIN UPDATE note SET edits = edits + 1 WHERE id = NEW.id; END";
  const STAMP = "CREATE TRIGGER stamp AFTER INSERT ON note BEGIN UPDATE note SET edits = 100 WHERE id = NEW.id; END";

  const expected = [
    [[null, [1, "a", 100]]],
    [
      [
        [1, "a", 100],
        [1, "b", 101],
      ],
    ],
  ];

  test("on the same table are part of the net change, whether they were there first or came later", async () => {
    await observed(table, CREATE, TOUCH, STAMP);
    expect(await told("INSERT INTO note (text) VALUES ('a')", "UPDATE note SET text = 'b'")).toEqual(expected);
    await database.execute(sql`DROP TRIGGER touch`);
    await database.execute(sql`DROP TRIGGER stamp`);
    await database.execute(sql`DELETE FROM note`);
    for (const create of [TOUCH, STAMP]) await database.execute(sql.raw(create));
    expect(await told("INSERT INTO note (text) VALUES ('a')", "UPDATE note SET text = 'b'")).toEqual(expected);
  });
});
