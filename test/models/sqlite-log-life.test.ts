import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ModelSerializer } from "../../src/index.ts";
import type { CommittedTransaction } from "../../src/models/change-log/change.ts";
import type { ChangeLogOptions } from "../../src/models/change-log/change-log.ts";
import { openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
import { changesOf } from "./change-log/changes-of.ts";
import { turn } from "./change-log/contract.ts";
import { createTables, declareModels } from "./sqlite-tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let opened: SqliteDatabase[];
beforeEach(() => {
  folder = temporaryFolder();
  opened = [];
});
afterEach(async () => {
  for (const database of opened) await database.close();
  folder.remove();
});

async function open(changeLog: ChangeLogOptions = {}, name = "life.db") {
  const database = await openSqlite(folder.path(name), { changeLog, busyTimeout: 10_000 });
  opened.push(database);
  await createTables(database);
  const models = declareModels(database);
  database.changes.observe(models.Member);
  await database.changes.ready();
  return { database, ...models };
}

const entries = async (database: SqliteDatabase) =>
  Number((await database.execute<{ n: number }>(sql`SELECT count(*) AS n FROM restwave_change`))[0]?.n);

describe("retention", () => {
  test("by rows keeps the newest, and gives null for what is gone", async () => {
    const { database, Member } = await open({ maxRows: 10 });
    const start = await database.changes.position();
    await Member.objects.create({ username: "ada" });
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    for (let age = 0; age < 50; age += 1) await Member.objects.filter({ id: 1 }).update({ age });
    expect(await database.changes.prune()).toBe(42);
    expect(await entries(database)).toBe(10);
    expect(await database.changes.since(start)).toBeNull();
    const kept = told.at(-11)?.position;
    expect(kept && (await database.changes.since(kept))?.length).toBe(10);
    const older = told.at(-12)?.position;
    expect(older && (await database.changes.since(older))).toBeNull();
  });

  test("by age never removes the newest entry, so that offsets go on", async () => {
    const { database, Member } = await open({ maxAge: 0 });
    await Member.objects.create({ username: "ada" });
    await database.execute(sql`UPDATE restwave_change SET at = at - 10`);
    const before = await database.changes.position();
    await database.changes.prune();
    expect(await entries(database)).toBe(1);
    expect(String(await database.changes.position())).toBe(String(before));
    expect(await changesOf(database, () => Member.objects.filter({ id: 1 }).update({ age: 1 }))).toHaveLength(1);
  });

  test("does not hold up writers, and loses nothing for a feed that keeps up", async () => {
    const { database, Member } = await open({ maxRows: 100 });
    await Member.objects.create({ username: "ada" });
    await database.execute(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO restwave_change (layout, op) SELECT (SELECT max(id) FROM restwave_layout), 'lost' FROM n`);
    const ages: unknown[] = [];
    database.changes.subscribe((transactions) =>
      ages.push(...transactions.flatMap(({ changes }) => changes.map(({ after }) => after?.age))),
    );
    const over = { yet: false };
    const pruning = database.changes.prune().finally(() => {
      over.yet = true;
    });
    let written = 0;
    while (!over.yet) {
      await Member.objects.filter({ id: 1 }).update({ age: written });
      written += 1;
      await turn();
    }
    expect(await pruning).toBeGreaterThan(19_000);
    expect(written).toBeGreaterThan(10);
    expect(ages).toEqual(Array.from({ length: written }, (_none, age) => age));
  });
});

describe("a feed whose head is no longer in the log", () => {
  test.each([
    [
      "was pruned",
      ["UPDATE restwave_meta SET value = 1000 WHERE key = 'pruned'", `DELETE FROM restwave_change WHERE "offset" < 1000`],
    ],
    ["began anew", ["UPDATE restwave_meta SET value = '00000000deadbeef' WHERE key = 'epoch'"]],
  ])("because it %s goes on from the present and says that everything is to be read again", async (_why, statements) => {
    const { database, Member } = await open();
    const other = await openSqlite(folder.path("life.db"));
    opened.push(other);
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    const insert = `INSERT INTO restwave_change ("offset", layout, op) SELECT 1001, max(id), 'lost' FROM restwave_layout`;
    await other.atomic(async () => {
      for (const statement of [insert, ...statements]) await other.execute(sql.raw(statement));
    });
    await Member.objects.create({ username: "ada" });
    expect(told).toMatchObject([{ changes: [], lost: [Member] }]);
    await Member.objects.create({ username: "bob" });
    expect(told.slice(1)).toMatchObject([{ changes: [{ pk: 2 }], lost: [] }]);
  });
});

describe("what clients may only write", () => {
  const accounts = sqliteTable("account", { id: integer().primaryKey(), name: text(), password: text(), secret: text() });

  test("is in no part of the log, and leaves it when a serializer is declared later", async () => {
    const database = await openSqlite(folder.path("secret.db"));
    opened.push(database);
    await database.execute(sql`CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, password TEXT, secret TEXT)`);
    const Account = database.model(accounts);
    ModelSerializer(Account, { fields: ["id", "name", "password"], extraKwargs: { password: { writeOnly: true } } });
    database.changes.observe(Account);
    await database.changes.ready();
    expect([...database.changes.loggedColumns(Account)]).toEqual(["id", "name", "secret"]);
    await Account.objects.create({ name: "ada", password: "hunter2-hunter2", secret: "opensesame-opensesame" });
    await Account.objects.all().delete();
    ModelSerializer(Account, { fields: ["id", "code"], extraKwargs: { code: { source: "secret", writeOnly: true } } });
    await database.changes.ready();
    expect([...database.changes.loggedColumns(Account)]).toEqual(["id", "name"]);
    const log = await database.execute(sql`SELECT * FROM restwave_change`);
    expect(JSON.stringify(log)).not.toMatch(/hunter2|opensesame/);
    expect(JSON.stringify(log)).not.toContain("opensesame");
    const told = await changesOf(database, () => Account.objects.create({ name: "bob", secret: "x" }));
    expect(told[0]?.changes[0]?.after).toEqual({ id: 1, name: "bob" });
  });

  test("is not in the bytes of a file that holds nothing but the log", async () => {
    const database = await openSqlite(folder.path("log-only.db"));
    opened.push(database);
    await database.execute(sql`CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, password TEXT, secret TEXT)`);
    const Account = database.model(accounts);
    database.changes.observe(Account, { exclude: ["password", "secret"] });
    await database.changes.ready();
    await Account.objects.create({ name: "known-name", password: "hunter2-hunter2", secret: "opensesame" });
    await database.execute(sql`REPLACE INTO account VALUES (1, 'known-name', 'hunter2-again', 'opensesame')`);
    await database.execute(sql.raw(`VACUUM INTO '${folder.path("copy.db")}'`));
    const copy = await openSqlite(folder.path("copy.db"));
    for (const name of ["insert", "update", "delete", "conflict", "clash", "replace"]) {
      await copy.execute(sql.raw(`DROP TRIGGER IF EXISTS restwave_${name}_account`));
    }
    await copy.execute(sql`DROP TABLE account`);
    await copy.execute(sql`VACUUM`);
    await copy.execute(sql`PRAGMA wal_checkpoint(TRUNCATE)`);
    await copy.close();
    const bytes = readFileSync(folder.path("copy.db"));
    expect(bytes.includes("known-name")).toBe(true);
    expect(bytes.includes("hunter2")).toBe(false);
  });
});

describe("a full disk", () => {
  test("in the middle of a write undoes the write and its entry; later writes work again", async () => {
    const { database, Member } = await open();
    await Member.objects.create({ username: "ada" });
    const before = await database.changes.position();
    const pages = await database.execute<{ page_count: number }>(sql`PRAGMA page_count`);
    await limitPages(database, Number(pages[0]?.page_count) + 2);
    const failures: unknown[] = [];
    for (let round = 0; failures.length === 0 && round < 1000; round += 1) {
      await Member.objects.create({ username: `${"x".repeat(500)}${round}` }).catch((error: unknown) => failures.push(error));
    }
    expect(failures[0]).toMatchObject({ code: "database_error" });
    await limitPages(database, 1_000_000);
    const told = await database.changes.since(before);
    expect(told?.length).toBe((await Member.objects.count()) - 1);
    expect(await changesOf(database, () => Member.objects.create({ username: "after" }))).toHaveLength(1);
  });

  /** The limit belongs to the writing connection, which runs what stands in an atomic block. */
  const limitPages = (database: SqliteDatabase, pages: number) =>
    database.atomic(() => database.execute(sql.raw(`PRAGMA max_page_count = ${pages}`)));
});

describe("a changed schema", () => {
  const tables = (column: string) => sqliteTable("note", { id: integer().primaryKey(), title: text(), [column]: text() });

  test("gets triggers with the new column, by the next process that knows it, and the model is told as lost", async () => {
    const first = await openSqlite(folder.path("grow.db"));
    opened.push(first);
    await first.execute(sql`CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT, old TEXT)`);
    const Old = first.model(tables("old"));
    first.changes.observe(Old);
    const start = await first.changes.position();
    await first.execute(sql`ALTER TABLE note ADD COLUMN body TEXT`);
    const second = await openSqlite(folder.path("grow.db"));
    opened.push(second);
    const New = second.model(tables("body"));
    second.changes.observe(New);
    await second.changes.ready();
    expect((await second.changes.since(start))?.flatMap(({ lost }) => lost)).toContain(New);
    expect((await changesOf(second, () => New.objects.create({ title: "t", body: "b" })))[0]?.changes).toMatchObject([
      { after: { id: 1, title: "t", body: "b" } },
    ]);
  });

  test("by a migration that drops a logged column works, and changes are told as before", async () => {
    const first = await openSqlite(folder.path("shrink.db"), {
      migrationsFolder: migrations("CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT, old TEXT)"),
    });
    const Old = first.model(tables("old"));
    first.changes.observe(Old);
    await first.changes.ready();
    await Old.objects.create({ title: "t", old: "o" });
    const before = String(await first.changes.position());
    await first.close();
    const second = await openSqlite(folder.path("shrink.db"), {
      migrationsFolder: migrations(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT, old TEXT)",
        "ALTER TABLE note DROP COLUMN old",
      ),
    });
    opened.push(second);
    const New = second.model(sqliteTable("note", { id: integer().primaryKey(), title: text() }));
    second.changes.observe(New);
    const since = second.changes.parsePosition(before);
    expect(since && (await second.changes.since(since))).toMatchObject([{ changes: [], lost: [New] }]);
    expect(await changesOf(second, () => New.objects.filter({ id: 1 }).update({ title: "u" }))).toMatchObject([
      { changes: [{ pk: 1 }] },
    ]);
  });

  test("by another process that took the triggers with it is noticed and made good by a running feed", async () => {
    const { database, Member } = await open({ pollInterval: 5 });
    const other = await openSqlite(folder.path("life.db"));
    opened.push(other);
    const lost = new Promise((resolve) => {
      database.changes.subscribe((transactions) => {
        if (transactions.some((transaction) => transaction.lost.includes(Member))) resolve(true);
      });
    });
    await other.execute(sql`DROP TRIGGER restwave_update_member`);
    await lost;
    await Member.objects.create({ username: "ada" });
    expect(await changesOf(database, () => Member.objects.all().update({ age: 3 }))).toMatchObject([{ changes: [{ pk: 1 }] }]);
  });

  test("without the table or a column is refused before it can break a write", async () => {
    const database = await openSqlite(folder.path("missing.db"));
    opened.push(database);
    const Note = database.model(tables("body"));
    database.changes.observe(Note);
    await expect(database.changes.ready()).rejects.toThrow(/no table "note"/);
    await database.execute(sql`CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT)`);
    await expect(database.changes.ready()).rejects.toThrow(/body/);
    await database.execute(sql`ALTER TABLE note ADD COLUMN body TEXT`);
    await database.changes.ready();
    expect(await changesOf(database, () => Note.objects.create({ title: "t" }))).toHaveLength(1);
  });

  function migrations(...texts: readonly string[]): string {
    const path = folder.path(`migrations-${texts.length}`);
    mkdirSync(`${path}/meta`, { recursive: true });
    const journal = texts.map((_text, idx) => ({ idx, version: "6", when: idx + 1, tag: `000${idx}`, breakpoints: true }));
    writeFileSync(`${path}/meta/_journal.json`, JSON.stringify({ version: "7", dialect: "sqlite", entries: journal }));
    for (const [index, content] of texts.entries()) writeFileSync(`${path}/000${index}.sql`, content);
    return path;
  }
});

describe("while another process holds the write lock", () => {
  let holder: ChildProcess | undefined;
  afterEach(() => holder?.kill());

  test("a write waits, the feed stays up, and all that both committed is told once", async () => {
    const { database, Member } = await open({ pollInterval: 5 });
    await Member.objects.bulkCreate([{ username: "ada" }, { username: "bob" }]);
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    await database.changes.position();
    holder = fork(new URL("lock-holder.mjs", import.meta.url).pathname, [folder.path("life.db")]);
    await once(holder, "message");
    const write = Member.objects.filter({ id: 2 }).update({ age: 5 });
    holder.send("COMMIT");
    await write;
    await database.changes.caughtUp(await database.changes.position());
    expect(told.map(({ changes }) => changes.map(({ pk, after }) => [pk, after?.age]))).toEqual([[[1, 70]], [[2, 5]]]);
  });
});

test("a database in memory has a change log and snapshots too", async () => {
  const database = await openSqlite(":memory:");
  opened.push(database);
  await createTables(database);
  const { Member } = declareModels(database);
  database.changes.observe(Member);
  await database.changes.ready();
  const pks: unknown[] = [];
  database.changes.subscribe((transactions) => pks.push(...transactions.flatMap(({ changes }) => changes.map(({ pk }) => pk))));
  await Promise.all(["a", "b", "c"].map((username) => database.atomic(() => Member.objects.create({ username }))));
  await database.changes.caughtUp(await database.changes.position());
  expect(pks).toEqual([1, 2, 3]);
  const [counted, created] = await Promise.all([
    database.snapshot(async () => [await Member.objects.count(), String(await database.changes.position())]),
    Member.objects.create({ username: "d" }),
  ]);
  expect(counted[0]).toBe(3);
  expect(created).toMatchObject({ id: 4 });
});

test("nothing keeps a process alive, and closing ends it all", async () => {
  const { database, Member } = await open({ pollInterval: 1 });
  const told: unknown[] = [];
  database.changes.subscribe((transactions) => told.push(...transactions));
  await Member.objects.create({ username: "ada" });
  await database.close();
  await database.close();
  expect(told).toHaveLength(1);
  await expect(database.changes.position()).rejects.toMatchObject({ code: "database_error" });
});
