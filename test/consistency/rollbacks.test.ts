import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { createTasks, openedBed, staffReader, taskOf, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";
import { RawProcess } from "./raw-process.ts";
import type { Step } from "./steps.ts";

const TRANSACTIONS = 300;

describeOnEngines("in a storm of undone transactions and savepoints", (engine) => {
  test("readers see what was committed and nothing else", { timeout: 120_000 }, async () => {
    const bed = await openedBed(engine);
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    const pks = await createTasks(bed.peer("tasks", STAFF), 5);
    for (const joined of [true, false]) await whenLive(staffReader(bed, joined ? "joined" : "single", { joined }));
    const nested = (n: number, depth: number): Step[] => [
      { op: "update", pks: [pks[n % 5] ?? 1], values: { priority: n % 6 } },
      { op: "create", rows: [taskOf({ title: `undone ${n}` })] },
      ...(depth === 0 ? [] : [{ op: "savepoint", steps: nested(n + 1, depth - 1) } as const]),
      ...((n + depth) % 3 === 0 ? [] : [{ op: "fail" } as const]),
    ];
    const undo = async (): Promise<void> => {
      const staff = bed.peer("admin", STAFF);
      for (let n = 0; n < TRANSACTIONS; n += 1) await staff.demand({ action: "transact", steps: nested(n, n % 4) });
    };
    const undoRaw = async (): Promise<void> => {
      for (let n = 0; n < TRANSACTIONS; n += 1) {
        // One row at a time: nobody waits for whom it keeps waiting.
        const change = `UPDATE task SET priority = 5 - priority, version = version + 1 WHERE id = ${pks[n % 5]}`;
        const undone = ["SAVEPOINT s", `DELETE FROM task WHERE id = ${pks[n % 5]}`, "ROLLBACK TO SAVEPOINT s"];
        await raw.transact([change, ...undone], n % 10 === 0 ? "COMMIT" : "ROLLBACK");
      }
    };
    await Promise.all([undo(), undoRaw()]);
    const { problems } = await bed.verify();
    expect(problems.slice(0, 10)).toEqual([]);
    expect(bed.eventsSeen).toBeGreaterThan(0);
  });
});
