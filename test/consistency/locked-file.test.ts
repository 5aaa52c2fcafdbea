import { expect, test } from "vitest";
import { createTasks, openedBed, staffReader, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";
import { RawProcess } from "./raw-process.ts";

const isProblem = (line: string): boolean => !line.includes("ServiceUnavailable") && !line.includes("locked");

test(
  "while another process keeps the lock writes are 503, subscriptions work, and later nothing is lost",
  { timeout: 60_000 },
  async () => {
    const bed = await openedBed("sqlite", { limits: { busyTimeout: 100 }, isProblem });
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    const tasks = bed.peer("tasks", STAFF);
    const [pk] = await createTasks(tasks, 3);
    const early = staffReader(bed, "early");
    await whenLive(early);
    for (let round = 0; round < 5; round += 1) {
      await raw.run(
        `BEGIN IMMEDIATE; UPDATE ledger_token SET token = 'raw-held-${round}'; UPDATE task SET priority = ${round}, version = version + 1`,
      );
      const refused = await tasks.demand({ action: "patch", pk, data: { status: "doing" } });
      expect(refused).toMatchObject({ response_status: 503 });
      await whenLive(staffReader(bed, `during lock ${round}`, { joined: round % 2 === 0 }));
      await raw.run(`UPDATE ledger_token SET token = NULL; ${round % 2 === 0 ? "COMMIT" : "ROLLBACK"}`);
      const done = await tasks.demand({ action: "patch", pk, data: { status: round % 2 === 0 ? "done" : "open" } });
      expect(done).toMatchObject({ response_status: 200 });
    }
    const { problems } = await bed.verify();
    expect(problems.slice(0, 10)).toEqual([]);
  },
);

test(
  "who subscribes first while another process keeps the lock is served, at the latest when it is let go",
  { timeout: 60_000 },
  async () => {
    const bed = await openedBed("sqlite", { limits: { busyTimeout: 100 }, isProblem });
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    await raw.run("BEGIN IMMEDIATE; UPDATE ledger_token SET token = NULL");
    const reader = staffReader(bed, "first");
    await reader.whenChanged();
    await raw.run("COMMIT");
    await whenLive(reader);
    await createTasks(bed.peer("tasks", STAFF), 3);
    expect((await bed.verify()).problems.slice(0, 10)).toEqual([]);
  },
);
