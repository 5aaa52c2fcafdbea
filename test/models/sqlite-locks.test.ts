import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
