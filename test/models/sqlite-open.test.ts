import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DatabaseError } from "../../src/models/errors.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
import { createTables, declareModels, members } from "./sqlite-tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
const opened: SqliteDatabase[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  folder.remove();
});

async function open(...args: Parameters<typeof openSqlite>): Promise<SqliteDatabase> {
  const database = await openSqlite(...args);
  opened.push(database);
  return database;
}

/** A folder as drizzle-kit makes it. */
function writeMigrations(...texts: readonly string[]): string {
  const migrations = folder.path("migrations");
  mkdirSync(`${migrations}/meta`, { recursive: true });
  const entries = texts.map((text, index) => {
    const tag = `000${index}_step`;
    writeFileSync(`${migrations}/${tag}.sql`, text);
    return { idx: index, version: "6", when: 1_700_000_000_000 + index, tag, breakpoints: true };
  });
  writeFileSync(`${migrations}/meta/_journal.json`, JSON.stringify({ version: "7", dialect: "sqlite", entries }));
  return migrations;
}

const FIRST = "CREATE TABLE `a` (`id` integer PRIMARY KEY);\n--> statement-breakpoint\nINSERT INTO `a` VALUES (1);";
const SECOND = "INSERT INTO `a` VALUES (2);";

const idsOf = async (database: SqliteDatabase) =>
  (await database.execute<{ id: number }>(sql`SELECT id FROM a ORDER BY id`)).map((row) => row.id);

describe("openSqlite", () => {
  test("takes a path, a file URL and :memory:", async () => {
    const path = folder.path("a b.db");
    for (const name of [path, pathToFileURL(path).href, `file:${path}`]) {
      const database = await open(name);
      await database.execute(sql`CREATE TABLE IF NOT EXISTS one (id INTEGER)`);
      expect(await database.execute(sql`SELECT count(*) AS count FROM one`)).toEqual([{ count: 0 }]);
    }
    const memory = await open(":memory:");
    expect(await memory.execute(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  test("sets the write-ahead log and foreign keys", async () => {
    const database = await open(folder.path("a.db"));
    expect(await database.execute(sql`PRAGMA journal_mode`)).toEqual([{ journal_mode: "wal" }]);
    expect(await database.atomic(() => database.execute(sql`PRAGMA foreign_keys`))).toEqual([{ foreign_keys: 1 }]);
  });

  test.each(["", "file:///", "/nowhere/at/all/x.db"])("refuses %j with a clear error", async (name) => {
    await expect(openSqlite(name)).rejects.toBeInstanceOf(ImproperlyConfigured);
  });

  test("refuses a file that is no database", async () => {
    writeFileSync(folder.path("text.db"), "no database at all, ".repeat(100));
    await expect(openSqlite(folder.path("text.db"))).rejects.toThrow(/is not a SQLite database/);
  });

  test("leaves a closed database that says so", async () => {
    const database = await openSqlite(folder.path("a.db"));
    await database.close();
    await expect(database.execute(sql`SELECT 1`)).rejects.toBeInstanceOf(DatabaseError);
  });
});

describe("migrations", () => {
  test("are applied once, in order, and later ones after them", async () => {
    const database = await open(folder.path("a.db"), { migrationsFolder: writeMigrations(FIRST) });
    expect(await idsOf(database)).toEqual([1]);
    const again = await open(folder.path("a.db"), { migrationsFolder: writeMigrations(FIRST, SECOND) });
    expect(await idsOf(again)).toEqual([1, 2]);
    const third = await open(folder.path("a.db"), { migrationsFolder: writeMigrations(FIRST, SECOND) });
    expect(await idsOf(third)).toEqual([1, 2]);
  });

  test("leave drizzle-kit's own journal", async () => {
    const database = await open(folder.path("a.db"), { migrationsFolder: writeMigrations(FIRST, SECOND) });
    const rows = await database.execute<{ hash: string; created_at: number }>(
      sql`SELECT hash, created_at FROM __drizzle_migrations ORDER BY created_at`,
    );
    expect(rows).toEqual([
      { hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: 1_700_000_000_000 },
      { hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: 1_700_000_000_001 },
    ]);
  });

  test("that fail change nothing", async () => {
    const migrationsFolder = writeMigrations(FIRST, "INSERT INTO `nope` VALUES (2);");
    await expect(openSqlite(folder.path("a.db"), { migrationsFolder })).rejects.toThrow(/nothing was changed/);
    const database = await open(folder.path("a.db"));
    expect(await database.execute(sql`SELECT name FROM sqlite_master`)).toEqual([]);
  });

  test("may rebuild a table that others point to", async () => {
    const create =
      "CREATE TABLE `a` (`id` integer PRIMARY KEY);\n--> statement-breakpoint\nCREATE TABLE `b` (`a` integer REFERENCES `a`(`id`) ON DELETE CASCADE);\n--> statement-breakpoint\nINSERT INTO `a` VALUES (1);\n--> statement-breakpoint\nINSERT INTO `b` VALUES (1);";
    const rebuild =
      "PRAGMA foreign_keys=OFF;--> statement-breakpoint\nCREATE TABLE `__new_a` (`id` integer PRIMARY KEY, `x` text);--> statement-breakpoint\nINSERT INTO `__new_a`(`id`) SELECT `id` FROM `a`;--> statement-breakpoint\nDROP TABLE `a`;--> statement-breakpoint\nALTER TABLE `__new_a` RENAME TO `a`;--> statement-breakpoint\nPRAGMA foreign_keys=ON;";
    const database = await open(folder.path("a.db"), { migrationsFolder: writeMigrations(create, rebuild) });
    expect(await database.execute(sql`SELECT a FROM b`)).toEqual([{ a: 1 }]);
    expect(await database.atomic(() => database.execute(sql`PRAGMA foreign_keys`))).toEqual([{ foreign_keys: 1 }]);
  });

  test.each([
    ["a missing folder", () => folder.path("nowhere")],
    ["a folder without a journal", () => folder.path(".")],
  ])("in %s are a clear error", async (_title, path) => {
    await expect(openSqlite(folder.path("a.db"), { migrationsFolder: path() })).rejects.toBeInstanceOf(ImproperlyConfigured);
  });

  test("of processes that start at the same time are applied once", { timeout: 60_000 }, async () => {
    const migrationsFolder = writeMigrations(FIRST, SECOND);
    const script = fileURLToPath(new URL("migrating-process.mjs", import.meta.url));
    const processes = [1, 2, 3].map(() =>
      fork(script, [folder.path("a.db"), migrationsFolder], { execArgv: ["--import", "tsx"] }),
    );
    await Promise.all(processes.map((process) => once(process, "message")));
    const done = processes.map((process) => once(process, "message"));
    for (const process of processes) process.send("go");
    expect((await Promise.all(done)).map(([message]) => message)).toEqual(["done", "done", "done"]);
    expect(await idsOf(await open(folder.path("a.db")))).toEqual([1, 2]);
  });
});

describe("a SQLite database", () => {
  async function withTables() {
    const database = await open(folder.path("a.db"));
    await createTables(database);
    return { database, ...declareModels(database) };
  }

  test("prepares one statement for each shape of query", async () => {
    const { database, Member } = await withTables();
    const everyShape = async (id: number) => {
      await Member.objects.get({ pk: id }).catch(() => undefined);
      await Member.objects.filter({ id__in: Array.from({ length: id }, (_, index) => index) }).toArray();
      await Member.objects
        .filter({ email__icontains: `${id}` })
        .orderBy("-id")
        .slice(id, id + 5)
        .toArray();
      await Member.objects.create({ username: `name ${id}` });
      await Member.objects.filter({ pk: id }).update({ email: `${id}` });
      await Member.objects.filter({ pk: id + 100 }).delete();
    };
    await everyShape(1);
    const prepared = database.preparedStatements;
    for (let id = 2; id < 20; id += 1) await everyShape(id);
    expect(database.preparedStatements).toBe(prepared);
  });

  test("runs drizzle's query builder in the same transaction", async () => {
    const { database, Member } = await withTables();
    await Member.objects.create({ username: "ada", age: 36 });
    const block = database.atomic(async () => {
      await database.drizzle.update(members).set({ age: 99 }).where(eq(members.id, 1));
      expect(await database.drizzle.select().from(members)).toMatchObject([{ username: "ada", age: 99, isActive: true }]);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 99 });
      await Member.objects.create({ username: "ada" });
    });
    await expect(block).rejects.toMatchObject({ kind: "unique" });
    expect(await database.drizzle.select({ age: members.age }).from(members).where(eq(members.id, 1)).get()).toEqual({ age: 36 });
    expect(await database.drizzle.insert(members).values({ username: "bob" }).returning({ id: members.id })).toEqual([{ id: 2 }]);
    expect(await database.drizzle.select().from(members).where(eq(members.id, 99)).get()).toBeUndefined();
  });

  test("tells its listeners of raw writes, and not of raw reads", async () => {
    const { database } = await withTables();
    let commits = 0;
    database.onCommit(() => {
      commits += 1;
    });
    await database.execute(sql`SELECT 1`);
    await database.execute(sql`WITH x AS (SELECT 1 AS one) SELECT one FROM x`);
    expect(commits).toBe(0);
    await database.execute(sql`INSERT INTO team (name) VALUES ('x') RETURNING id`);
    await database.execute(sql`-- comment
      UPDATE team SET name = 'y'`);
    expect(commits).toBe(2);
  });

  test("hides the driver's text of an unknown failure", async () => {
    const { database } = await withTables();
    const failure: unknown = await database.execute(sql`SELECT nope FROM secret_table`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseError);
    expect(String(failure)).not.toMatch(/nope|secret_table/);
  });
});
