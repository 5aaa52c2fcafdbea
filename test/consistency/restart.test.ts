import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { createTasks, openedBed, staffReader, whenLive } from "./opened-bed.ts";
import { STAFF } from "./random-tasks.ts";

describeOnEngines("when the server is killed and starts again", (engine) => {
  test("readers go on where they stopped, with what was committed meanwhile and nothing twice", { timeout: 60_000 }, async () => {
    const bed = await openedBed(engine);
    const tasks = bed.peer("tasks", STAFF);
    const [first] = await createTasks(tasks, 20);
    const readers = [staffReader(bed, "single frames"), staffReader(bed, "joined frames", { joined: true })];
    for (const reader of readers) await whenLive(reader);
    await tasks.demand({ action: "patch", pk: first, data: { title: "alpha x" } });
    expect((await bed.verify()).problems).toEqual([]);
    const resumes = (): number[] => readers.flatMap(({ lists }) => lists.map((list) => list.resumes));
    const before = resumes();

    await bed.server.kill();
    await bed.database.run("UPDATE task SET title = 'alpha y', version = version + 1 WHERE id = 2");
    await bed.server.start();

    for (const reader of readers) await whenLive(reader);
    expect((await bed.verify()).problems).toEqual([]);
    expect(resumes()).toEqual(before.map((count) => count + 1));
    expect(readers.flatMap(({ lists }) => lists.map(({ resets }) => resets))).toEqual(before.map(() => 0));
  });
});
