import { expect, test } from "vitest";
import { describeOnEngines } from "./on-engines.ts";
import { openedBed, staffReader, taskOf, whenLive } from "./opened-bed.ts";

describeOnEngines("a connection that is cut in the middle of a transaction's events", (engine) => {
  test.each([true, false])(
    "goes on behind what arrived of it, without a loss (joined frames: %s)",
    { timeout: 60_000 },
    async (joined) => {
      const bed = await openedBed(engine);
      const reader = staffReader(bed, "reader", { joined });
      await whenLive(reader);
      for (let round = 0; round < 5; round += 1) {
        reader.cutAfterEvents(1 + round);
        const rows = Array.from({ length: 10 }, (_, n) => taskOf({ title: `alpha ${n}`, priority: n % 6 }));
        await bed.staff.demand({ action: "transact", steps: [{ op: "create", rows }] });
        while (reader.cuts <= round) await reader.whenChanged();
      }
      const { problems } = await bed.verify();
      expect(problems.slice(0, 10)).toEqual([]);
    },
  );
});
