import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { openedBed, whenLive } from "./opened-bed.ts";
import { RandomTasks, STAFF } from "./random-tasks.ts";
import { Rights } from "./rights.ts";
import { SeededRandom } from "./seeded-random.ts";
import type { TestBed } from "./test-bed.ts";
import { questions, subscriptionsOf, type Viewer } from "./watched-lists.ts";
import { WorkUntil } from "./work-until.ts";
import { apiWriter } from "./writers.ts";

const CHANGES = 80;
const viewer: Viewer = { user: 4, projects: null, isSlow: false };

/** Grants and revokes while others write. `cut`: how likely the reader's connection is cut after each change. */
async function changeRights(bed: TestBed, { joined, cut }: { joined: boolean; cut: number }): Promise<void> {
  const random = new SeededRandom(joined ? 1 : 2);
  const tasks = new RandomTasks(random.fork(), 60);
  const rights = new Rights(bed.staff, [viewer.user]);
  const reader = bed.reader("reader", viewer.user, subscriptionsOf("reader", viewer, questions), { joined });
  rights.watch(viewer.user, reader);
  await whenLive(reader);
  const writing = new WorkUntil();
  const totals = { create: 0, patch: 0, delete: 0, transaction: 0, raw: 0, rolledBack: 0, refused: 0 };
  const write = (): Promise<void> =>
    writing.repeat(apiWriter(bed.peer("tasks", STAFF), { random: random.fork(), tasks, totals }));
  const change = async (): Promise<void> => {
    for (let n = 0; n < CHANGES; n += 1) {
      await rights.change(random);
      if (random.chance(cut)) reader.cut(random.chance(0.5));
    }
  };
  await Promise.all([write(), write(), change().finally(() => writing.finish())]);
}

describeOnEngines("while rights come and go", (engine) => {
  test.each([true, false])(
    "nothing comes by right of what was taken away, and lists stay right (joined frames: %s)",
    { timeout: 60_000 },
    async (joined) => {
      const bed = await openedBed(engine);
      await changeRights(bed, { joined, cut: 0 });
      expect((await bed.verify()).problems.slice(0, 10)).toEqual([]);
    },
  );

  test("a reader who was away meanwhile comes back to what it may see now", { timeout: 60_000 }, async () => {
    const bed = await openedBed(engine);
    await changeRights(bed, { joined: true, cut: 0.3 });
    expect((await bed.verify()).problems.slice(0, 10)).toEqual([]);
  });
});
