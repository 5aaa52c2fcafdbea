import { expect, test } from "vitest";
import { describeOnPostgres } from "./on-engines.ts";
import { createTasks, openedBed, staffReader, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";
import { RawProcess } from "./raw-process.ts";
import type { TestBed } from "./test-bed.ts";
import { WorkUntil } from "./work-until.ts";

/** Connections of the server; whoever else is there is not ours to end, such as a worker of autovacuum. */
const SERVERS = "datname = current_database() AND application_name = 'restwave'";
/** What the connection that listens has run last. */
const LISTENS = "state = 'idle' AND query = 'SELECT pg_current_snapshot()::text'";

/** Ends connections of the server to its database. @returns how many. */
async function terminate(bed: TestBed, which = "true"): Promise<number> {
  const rows = await bed.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${SERVERS} AND ${which}`);
  return rows.length;
}

describeOnPostgres("when the server loses its connections to the database", () => {
  test("all of them, again and again, readers still see every commit once and in order", { timeout: 120_000 }, async () => {
    const bed = await openedBed("postgres", { isProblem: () => false });
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    const pks = await createTasks(bed.peer("tasks", STAFF), 20);
    for (const joined of [true, false]) await whenLive(staffReader(bed, joined ? "joined" : "single", { joined }));
    const writing = new WorkUntil();
    const writer = bed.peer("tasks", STAFF);
    const write = (n: number): Promise<unknown> =>
      writer.demand({ action: "patch", pk: pks[n % pks.length], data: { priority: n % 6 } });
    const writeRaw = (n: number): Promise<unknown> =>
      raw.transact([`UPDATE task SET archived = NOT archived WHERE id % 20 = ${n % 20}`]);
    const interfere = async (): Promise<void> => {
      for (let n = 0; n < 6; n += 1) {
        const nextSecond = new Promise((resolve) => setTimeout(resolve, 1000));
        // Since the last time it may not have come to connect again.
        await expect.poll(() => terminate(bed)).toBeGreaterThan(0);
        await nextSecond;
      }
    };
    await Promise.all([writing.repeat(write), writing.repeat(writeRaw), interfere().finally(() => writing.finish())]);
    const { problems } = await bed.verify(30_000);
    expect(problems.slice(0, 10)).toEqual([]);
  });

  test("the one that listens, what other processes commit meanwhile arrives all the same", { timeout: 60_000 }, async () => {
    const bed = await openedBed("postgres", { isProblem: () => false });
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    const reader = staffReader(bed, "reader");
    await whenLive(reader);
    for (let n = 0; n < 5; n += 1) {
      await expect.poll(() => terminate(bed, LISTENS)).toBeGreaterThan(0);
      await raw.transact([`INSERT INTO task (title, project) VALUES ('unheard ${n}', 1)`]);
      while ((reader.lists[0]?.events ?? 0) <= n) await reader.whenChanged();
    }
    expect((await bed.verify()).problems).toEqual([]);
  });
});
