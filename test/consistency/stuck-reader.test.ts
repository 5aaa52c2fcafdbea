import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { createTasks, openedBed, staffReader, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";

const OTHERS = 10;
const WRITES = 600;

describeOnEngines("one reader that stops reading among many", (engine) => {
  test("keeps nobody from anything, and is right again when it reads on", { timeout: 120_000 }, async () => {
    const limits = { softBufferedBytes: 16 * 1024, maxBufferedBytes: 256 * 1024, maxQueuedEventBytes: 32 * 1024 };
    const bed = await openedBed(engine, { limits });
    const tasks = bed.peer("tasks", STAFF);
    const pks = await createTasks(tasks, 20);
    for (let n = 0; n < OTHERS; n += 1) await whenLive(staffReader(bed, `reader ${n}`, { joined: n % 2 === 0 }));
    const others = [...bed.readers];
    const stuck = staffReader(bed, "stuck", { isSlow: true });
    await whenLive(stuck);
    stuck.pause();
    const title = `alpha ${"x".repeat(2000)}`;
    for (let n = 0; n < WRITES; n += 1)
      await tasks.demand({ action: "patch", pk: pks[n % pks.length], data: { title: `${title} ${n}` } });
    expect((await bed.verify(30_000, others)).problems.slice(0, 10)).toEqual([]);
    const seen = stuck.lists[0]?.events ?? 0;
    expect(seen).toBeLessThan(WRITES);
    stuck.resume();
    const { problems } = await bed.verify(30_000);
    expect(problems.slice(0, 10)).toEqual([]);
    expect(stuck.lists.reduce((sum, { resets }) => sum + resets, 0) + stuck.cuts).toBeGreaterThan(0);
  });
});
