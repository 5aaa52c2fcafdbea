import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { openSqlite, type SqliteDatabase } from "../../src/sqlite.ts";
import { createTables, declareModels } from "./sqlite-tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let database: SqliteDatabase;
let Member: ReturnType<typeof declareModels>["Member"];
let holder: ChildProcess | undefined;

async function open(busyTimeout: number): Promise<void> {
  folder = temporaryFolder();
  database = await openSqlite(folder.path("locks.db"), { busyTimeout });
  await createTables(database);
  ({ Member } = declareModels(database));
  await Member.objects.create({ username: "ada", age: 36 });
}

/** Starts a process that holds the write lock. */
async function holdLock(): Promise<ChildProcess> {
  holder = fork(fileURLToPath(new URL("lock-holder.mjs", import.meta.url)), [folder.path("locks.db")]);
  await once(holder, "message");
  return holder;
}

async function letGo(process: ChildProcess, command: string): Promise<void> {
  process.send(command);
  await once(process, "exit");
}

afterEach(async () => {
  holder?.kill();
  await database.close();
  folder.remove();
});

describe("while another process holds the write lock", () => {
  beforeEach(() => open(10_000));

  test("a write waits, with the event loop free, and goes through when the lock is let go", async () => {
    const process = await holdLock();
    const write = Member.objects.filter({ id: 1 }).update({ email: "x" });
    const block = database.atomic(() => Member.objects.filter({ id: 1 }).get());
    expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36, email: "" });
    await letGo(process, "COMMIT");
    expect(await write).toBe(1);
    expect(await block).toMatchObject({ age: 70, email: "x" });
  });

  test("what that process rolls back is never seen", async () => {
    const process = await holdLock();
    await letGo(process, "ROLLBACK");
    expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36 });
  });
});

describe("while another process keeps the write lock for longer than busyTimeout", () => {
  beforeEach(() => open(100));

  test("a write and an atomic block fail with 503, and later ones work again", async () => {
    const process = await holdLock();
    await expect(Member.objects.create({ username: "x" })).rejects.toMatchObject({ status: 503, code: "service_unavailable" });
    await expect(database.atomic(() => Member.objects.create({ username: "x" }))).rejects.toMatchObject({ status: 503 });
    await letGo(process, "ROLLBACK");
    expect(await Member.objects.create({ username: "x" })).toMatchObject({ id: 2 });
  });
});

describe("a write lock that is not let go", () => {
  const lockTimeout = 50;

  beforeEach(async () => {
    folder = temporaryFolder();
    database = await openSqlite(":memory:", { lockTimeout });
    await createTables(database);
    ({ Member } = declareModels(database));
  });

  /** A block that holds the lock until it is let go. */
  function holdBlock(): { letGo: () => void; block: Promise<void> } {
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    return { letGo, block: database.atomic(() => released) };
  }

  test("is waited for no longer than lockTimeout: writes and blocks fail with 503 and words that a client may read", async () => {
    const { letGo, block } = holdBlock();
    const refused = await Promise.allSettled([
      Member.objects.create({ username: "one" }),
      database.atomic(() => Member.objects.create({ username: "two" })),
    ]);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({
        reason: { status: 503, errors: ["Service temporarily unavailable, try again later."] },
      });
      expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/50 ms.*outsideAtomic/) } });
    }
    letGo();
    await block;
  });

  test("is never taken by one that gave up, and goes to the others in the order of arrival", async () => {
    const first = holdBlock();
    await expect(Member.objects.create({ username: "late" })).rejects.toMatchObject({ status: 503 });
    const order: string[] = [];
    const waiting = ["a", "b", "c"].map((username) => Member.objects.create({ username }).then(() => order.push(username)));
    first.letGo();
    await Promise.all(waiting);
    expect(order).toEqual(["a", "b", "c"]);
    expect(await Member.objects.count()).toBe(3);
  });

  test("by a block that awaits a write of its own outsideAtomic() rolls that block back", async () => {
    const block = database.atomic(async () => {
      await Member.objects.create({ username: "inside" });
      await database.outsideAtomic(() => Member.objects.create({ username: "outside" }));
    });
    await expect(block).rejects.toMatchObject({ status: 503, message: expect.stringContaining("outsideAtomic") });
    expect(await Member.objects.count()).toBe(0);
  });

  test("by an inner block that awaits a statement of the block around it rolls back", async () => {
    const block = database.atomic(async () => {
      let queued: Promise<unknown> = Promise.resolve();
      const inner = database.atomic(async () => {
        await Member.objects.create({ username: "inner" });
        await queued;
      });
      queued = Member.objects.create({ username: "outer" });
      await inner;
    });
    await expect(block).rejects.toMatchObject({ status: 503 });
    expect(await Member.objects.count()).toBe(0);
    expect(await Member.objects.create({ username: "after" })).toMatchObject({ username: "after" });
  });

  test.each([0, -1, Number.NaN])("cannot be waited for %d milliseconds", async (wrong) => {
    await expect(openSqlite(":memory:", { lockTimeout: wrong })).rejects.toBeInstanceOf(ImproperlyConfigured);
  });

  test("may be waited for without end", async () => {
    const patient = await openSqlite(":memory:", { lockTimeout: Infinity });
    const block = patient.atomic(() => patient.execute(sql`CREATE TABLE first (id INTEGER PRIMARY KEY)`));
    const write = patient.execute(sql`CREATE TABLE second (id INTEGER PRIMARY KEY)`);
    await block;
    expect(await write).toEqual([]);
    await patient.close();
  });
});
