import { expect, test } from "vitest";
import { createTasks, openedBed, staffReader, taskOf, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";

test(
  "when the disk is full a write fails as a whole, readers see nothing of it, and later all goes on",
  { timeout: 60_000 },
  async () => {
    const bed = await openedBed("sqlite", { isProblem: () => false });
    const tasks = bed.peer("tasks", STAFF);
    await createTasks(tasks, 3);
    for (const joined of [true, false]) await whenLive(staffReader(bed, joined ? "joined" : "single", { joined }));
    const [size] = await bed.database.query<{ page_count: number }>("PRAGMA page_count");
    for (let round = 0; round < 3; round += 1) {
      const most = (size?.page_count ?? 0) + round * 20;
      await bed.staff.demand({ action: "max_pages", pages: most });
      const rows = Array.from({ length: 200 }, (_, n) => taskOf({ title: `alpha ${n} ${"long ".repeat(60)}` }));
      const refused = await bed.staff.demand({ action: "transact", steps: [{ op: "create", rows }] });
      expect(Number(refused["response_status"])).toBeGreaterThanOrEqual(500);
      await bed.staff.demand({ action: "max_pages", pages: 1_000_000 });
      await createTasks(tasks, 2);
      expect(await bed.staff.demand({ action: "transact", steps: [{ op: "create", rows: rows.slice(0, 20) }] })).toMatchObject({
        response_status: 200,
      });
    }
    const { problems } = await bed.verify();
    expect(problems.slice(0, 10)).toEqual([]);
  },
);
