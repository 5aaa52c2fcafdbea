import { DatabaseSync } from "@photostructure/sqlite";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommittedTransaction } from "../../src/models/change-log/change.ts";
import type { ChangeLogOptions } from "../../src/models/change-log/change-log.ts";
import { openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
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

async function openFile(changeLog: ChangeLogOptions = {}): Promise<SqliteDatabase> {
  const database = await openSqlite(folder.path("reading.db"), { changeLog });
  opened.push(database);
  return database;
}

/** With one member, whom `touch` changes. */
async function open(changeLog: ChangeLogOptions = {}) {
  const database = await openFile(changeLog);
  await createTables(database);
  const { Member } = declareModels(database);
  await Member.objects.create({ username: "ada" });
  database.changes.observe(Member);
  await database.changes.ready();
  const touch = async (times = 1): Promise<void> => {
    for (let age = 0; age < times; age += 1) await Member.objects.filter({ id: 1 }).update({ age });
  };
  const listen = (): CommittedTransaction[] => {
    const told: CommittedTransaction[] = [];
    database.changes.subscribe((transactions) => told.push(...transactions));
    return told;
  };
  return { database, Member, touch, listen };
}

/** Runs statements in one transaction, as somebody who does not mark its end. */
async function asOther(...statements: readonly string[]): Promise<void> {
  const other = await openFile();
  await other.atomic(async () => {
    for (const statement of statements) await other.execute(sql.raw(statement));
  });
}

const sizes = (transactions: readonly CommittedTransaction[] | null) => transactions?.map(({ changes }) => changes.length);

describe("a transaction with more entries than one reading takes", () => {
  test("comes whole, in since() and in the feed, with those around it", async () => {
    const { database, Member, touch, listen } = await open();
    const told = listen();
    const start = await database.changes.position();
    await touch(3);
    await Member.objects.bulkCreate(Array.from({ length: 2500 }, (_none, index) => ({ username: `row ${index}` })));
    await touch(2);
    expect(sizes(await database.changes.since(start))).toEqual([1, 1, 1, 2500, 1, 1]);
    expect(sizes(told)).toEqual([1, 1, 1, 2500, 1, 1]);
  });

  test("comes whole where one reading would hold the end of it and a part of the next", async () => {
    const { database, Member, touch } = await open();
    const start = await database.changes.position();
    const rows = (prefix: string) => Array.from({ length: 999 }, (_none, index) => ({ username: `${prefix} ${index}` }));
    await Member.objects.bulkCreate(rows("a"));
    await touch();
    await Member.objects.bulkCreate(rows("b"));
    await Member.objects.bulkCreate(rows("c"));
    expect(sizes(await database.changes.since(start))).toEqual([999, 1, 999, 999]);
  });

  test("is not told when the rest of it has been pruned", async () => {
    const { database, Member } = await open();
    const start = await database.changes.position();
    await Member.objects.bulkCreate(Array.from({ length: 1500 }, (_none, index) => ({ username: `row ${index}` })));
    const first = Number(String(start).split(":")[1]) + 1;
    await asOther(`DELETE FROM restwave_change WHERE "offset" = ${first + 1000}`);
    expect(await database.changes.since(start)).toBeNull();
  });
});

describe("since()", () => {
  test("gives as many entries as maxReplay, and null for one more", async () => {
    const { database, touch } = await open({ maxReplay: 5 });
    const start = await database.changes.position();
    await touch(5);
    expect(sizes(await database.changes.since(start))).toEqual([1, 1, 1, 1, 1]);
    await touch();
    expect(await database.changes.since(start)).toBeNull();
  });

  test("gives null for one entry when nothing may be replayed, and [] for none", async () => {
    const { database, touch } = await open({ maxReplay: 0 });
    const start = await database.changes.position();
    expect(await database.changes.since(start)).toEqual([]);
    await touch();
    expect(await database.changes.since(start)).toBeNull();
  });

  test("gives null where the next entries are pruned, and what is kept to who has seen those", async () => {
    const { database, touch } = await open({ maxRows: 3 });
    const start = await database.changes.position();
    await touch(7);
    const told = (await database.changes.since(start)) ?? [];
    await database.changes.prune();
    const after = await Promise.all(told.map(async ({ position }) => (await database.changes.since(position))?.length ?? null));
    expect(after).toEqual([null, null, null, 3, 2, 1, 0]);
  });

  test("gives null ahead of the log", async () => {
    const { database, touch } = await open();
    const position = await database.changes.position();
    const ahead = database.changes.parsePosition(String(position).replace(/\d+$/, (offset) => String(Number(offset) + 2)));
    if (ahead === null) throw new TypeError("Expected a position.");
    await touch();
    expect(await database.changes.since(ahead)).toBeNull();
  });
});

describe("a log that begins anew while others have it open, and whose offsets happen to go on", () => {
  const anew = ["UPDATE restwave_meta SET value = '00000000deadbeef' WHERE key = 'epoch'", "UPDATE member SET age = 70"];

  test("is not taken for the old one by since()", async () => {
    const { database, touch } = await open();
    const start = await database.changes.position();
    await touch(2);
    expect(await database.changes.since(start)).toHaveLength(2);
    await asOther(...anew);
    expect(await database.changes.since(start)).toBeNull();
  });

  test("is not taken for the old one by a feed", async () => {
    const { database, Member, touch, listen } = await open({ pollInterval: 3_600_000 });
    const told = listen();
    await touch(2);
    await asOther(...anew);
    await database.changes.caughtUp(await database.changes.position());
    expect(told.slice(2)).toMatchObject([{ changes: [], lost: [Member] }]);
    await touch();
    expect(told.slice(3)).toMatchObject([{ changes: [{ pk: 1 }], lost: [] }]);
  });
});

describe("a feed that cannot read", () => {
  test("tries again until it can, warns once, and has missed nothing", async () => {
    const { database, touch, listen } = await open({ pollInterval: 5 });
    const told = listen();
    await touch();
    const { epoch } = await database.changes.position();
    let warnings = 0;
    const note = ({ name }: Error): void => {
      if (name === "ChangeLogWarning") warnings += 1;
    };
    process.on("warning", note);
    await asOther("DELETE FROM restwave_meta WHERE key = 'epoch'");
    await expect.poll(() => warnings, { timeout: 10_000 }).toBe(1);
    await touch(2);
    await asOther("UPDATE member SET age = 70");
    await asOther(`INSERT INTO restwave_meta (key, value) VALUES ('epoch', '${epoch}')`);
    await database.changes.caughtUp(await database.changes.position());
    expect(told.flatMap(({ changes }) => changes.map(({ after }) => after?.age))).toEqual([0, 0, 1, 70]);
    expect(told.flatMap(({ lost }) => lost)).toEqual([]);
    expect(warnings).toBe(1);
    process.off("warning", note);
  });
});

describe("snapshots", () => {
  test("beyond those that run at once wait for no longer than lockTimeout, and fail with 503", async () => {
    const database = await openSqlite(folder.path("snapshots.db"), { lockTimeout: 50 });
    opened.push(database);
    await createTables(database);
    const { Member } = declareModels(database);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const held = Array.from({ length: 4 }, () =>
      database.snapshot(async () => {
        await Member.objects.count();
        await ended;
      }),
    );
    await expect(database.snapshot(() => Member.objects.count())).rejects.toMatchObject({ status: 503 });
    const waiting = database.snapshot(() => Member.objects.count());
    end();
    await Promise.all(held);
    expect(await waiting).toBe(0);
    expect(await database.snapshot(() => Member.objects.count())).toBe(0);
  });
});

test("a position that was given out ends a transaction: what a foreign writer left unmarked is not taken together with what follows", async () => {
  const { database, touch } = await open();
  const from = await database.changes.position();
  const other = new DatabaseSync(folder.path("reading.db"));
  other.exec("UPDATE member SET age = 7 WHERE id = 1");
  other.close();
  const between = await database.changes.position();
  await touch();
  const found = (await database.changes.since(from)) ?? [];
  expect(found.map(({ id }) => between.includes(id))).toEqual([true, false]);
  expect(found.map(({ changes }) => changes.map(({ after }) => after?.["age"]))).toEqual([[7], [0]]);
});
