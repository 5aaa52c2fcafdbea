import { beforeEach, describe, expect, test } from "vitest";
import { TransactionError } from "../../../src/models/errors.ts";
import { seedMembers } from "../contract.ts";
import { turn, type UseLog } from "./contract.ts";

export function describeSnapshots(use: UseLog): void {
  describe("a snapshot", () => {
    beforeEach(async () => {
      const { database, Member } = use();
      await seedMembers(use());
      database.changes.observe(Member);
      await database.changes.ready();
    });

    test("reads at one moment, with the position of that moment, whatever is written meanwhile", async () => {
      const { database, Member } = use();
      const { changes } = database;
      const seen = await database.snapshot(async () => {
        const [count, position] = [await Member.objects.count(), await changes.position()];
        await database.outsideAtomic(() => Member.objects.create({ username: "during" }));
        await use().runElsewhere("DELETE FROM member WHERE id = 1");
        expect(await Member.objects.count()).toBe(count);
        expect(String(await changes.position())).toBe(String(position));
        expect(await changes.since(position)).toEqual([]);
        return { count, position };
      });
      expect(seen.count).toBe(3);
      expect(await Member.objects.count()).toBe(3);
      expect(await changes.since(seen.position)).toMatchObject([
        { changes: [{ pk: 4, before: null }] },
        { changes: [{ pk: 1, after: null }] },
      ]);
    });

    test("agrees with its position while a writer commits in a tight loop", async () => {
      const { database, Member } = use();
      const over = { yet: false };
      const writer = (async () => {
        for (let round = 0; !over.yet; round += 1) {
          await Member.objects.filter({ id: 1 }).update({ age: round });
          await turn();
        }
      })();
      const start = await database.changes.position();
      const ageAt = async (): Promise<unknown> => (await Member.objects.get({ id: 1 })).age;
      for (let round = 0; round < 50; round += 1) {
        await database.snapshot(async () => {
          const age = await ageAt();
          await turn();
          const told = await database.changes.since(start);
          expect(told?.at(-1)?.changes[0]?.after?.age ?? age).toBe(age);
          expect(await ageAt()).toBe(age);
        });
      }
      over.yet = true;
      await writer;
    });

    test("inside a snapshot is the same one", async () => {
      const { database, Member } = use();
      await database.snapshot(async () => {
        await Member.objects.count();
        await database.outsideAtomic(() => Member.objects.create({ username: "during" }));
        expect(await database.snapshot(() => Member.objects.count())).toBe(3);
      });
    });

    test("of which there are many at once each has its own moment", async () => {
      const { database, Member } = use();
      const counts = await Promise.all(
        Array.from({ length: 12 }, () =>
          database.snapshot(async () => {
            const before = await Member.objects.count();
            await turn();
            return (await Member.objects.count()) - before;
          }),
        ),
      );
      expect(counts).toEqual(Array.from({ length: 12 }, () => 0));
    });

    test("refuses to write, to hold an atomic block, and to be taken inside one", async () => {
      const { database, Member } = use();
      const attempts = [
        database.snapshot(() => Member.objects.create({ username: "x" })),
        database.snapshot(() => database.atomic(() => Member.objects.count())),
        database.atomic(() => database.snapshot(() => Member.objects.count())),
      ];
      for (const outcome of await Promise.allSettled(attempts)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(TransactionError) });
      }
      expect(await Member.objects.count()).toBe(3);
    });

    test("that has ended refuses what it had started and not awaited", async () => {
      const { database, Member } = use();
      let late: Promise<unknown> = Promise.resolve();
      await database.snapshot(async () => {
        late = turn().then(() => Member.objects.count());
        late.catch(() => undefined);
      });
      await expect(late).rejects.toBeInstanceOf(TransactionError);
    });

    test("that throws ends like any other", async () => {
      const { database, Member } = use();
      const refusal = new TypeError("no");
      await expect(database.snapshot(() => Promise.reject(refusal))).rejects.toBe(refusal);
      expect(await database.snapshot(() => Member.objects.count())).toBe(3);
    });

    test("no subscription has a gap: registered first, then a snapshot, then what the snapshot has not seen", async () => {
      const { database, Member } = use();
      const over = { yet: false };
      const writer = (async () => {
        for (let round = 0; !over.yet; round += 1) {
          await Member.objects.create({ username: `row ${round}` });
          await turn();
        }
      })();
      const subscribe = async () => {
        const buffered: unknown[] = [];
        const ids = new Map<unknown, number>();
        const end = database.changes.subscribe((transactions) => {
          for (const { id, changes } of transactions) for (const { pk } of changes) ids.set(pk, id);
          buffered.push(...transactions.flatMap(({ changes }) => changes.map(({ pk }) => pk)));
        });
        await database.changes.ready();
        const { listed, position } = await database.snapshot(async () => {
          const rows = await Member.objects.orderBy("id").toArray();
          await turn();
          return { listed: rows.map((row) => row.id), position: await database.changes.position() };
        });
        await database.changes.caughtUp(await database.changes.position());
        end();
        return [...listed, ...buffered.filter((pk) => !position.includes(ids.get(pk) ?? -1))];
      };
      const folded: unknown[][] = [];
      for (let round = 0; round < 20; round += 1) folded.push(await subscribe());
      over.yet = true;
      await writer;
      for (const pks of folded) expect(pks).toEqual(pks.map((_pk, index) => index + 1));
    });
  });
}
