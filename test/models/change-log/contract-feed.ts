import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { CommittedTransaction } from "../../../src/models/change-log/change.ts";
import { seedMembers } from "../contract.ts";
import { changesOf, type UseLog } from "./contract.ts";

export function describeFeed(use: UseLog): void {
  describe("the feed", () => {
    beforeEach(async () => {
      const { database, Member } = use();
      await seedMembers(use());
      database.changes.observe(Member);
      await database.changes.ready();
    });

    const touch = (id: number) =>
      use()
        .Member.objects.filter({ id })
        .update({ email: `${id}@example.com` });

    /** What a listener has been given, in a list that grows. */
    function listen(): { told: CommittedTransaction[]; stop: () => void; next: () => Promise<unknown>; pks: () => unknown[] } {
      const told: CommittedTransaction[] = [];
      let wake: () => void = () => undefined;
      const stop = use().database.changes.subscribe((transactions) => {
        told.push(...transactions);
        wake();
      });
      const next = () => new Promise<void>((resolve) => (wake = resolve));
      return { told, stop, next, pks: () => told.flatMap(({ changes }) => changes.map(({ pk }) => pk)) };
    }

    const caughtUp = async () => use().database.changes.caughtUp(await use().database.changes.position());

    test("gives every transaction from its start on, once, in commit order, as since() does", async () => {
      const { told, pks } = listen();
      await use().database.changes.ready();
      const all = await changesOf(use(), async () => {
        for (let round = 0; round < 20; round += 1) await touch((round % 3) + 1);
      });
      await caughtUp();
      expect(pks()).toEqual(Array.from({ length: 20 }, (_none, round) => (round % 3) + 1));
      expect(told.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      const last = told.at(-1)?.position;
      expect(all.every(({ id }) => last?.includes(id))).toBe(true);
      expect(last && (await use().database.changes.since(last))).toEqual([]);
    });

    test("begins with the first listener, not before", async () => {
      await touch(1);
      const { pks } = listen();
      await use().database.changes.ready();
      await touch(2);
      await caughtUp();
      expect(pks()).toEqual([2]);
    });

    test("notices by itself what another process commits", async () => {
      const { pks, next } = listen();
      await use().database.changes.ready();
      const news = next();
      await use().runElsewhere("UPDATE member SET age = 50 WHERE id = 3");
      await news;
      expect(pks()).toEqual([3]);
    });

    test("gives all listeners the same, and nothing to one that has ended", async () => {
      const [first, second] = [listen(), listen()];
      await use().database.changes.ready();
      await touch(1);
      await caughtUp();
      first.stop();
      await touch(2);
      await caughtUp();
      second.stop();
      await touch(3);
      await caughtUp();
      expect([first.pks(), second.pks()]).toEqual([[1], [1, 2]]);
    });

    test("starts afresh, from then on, for a listener that comes after all had ended", async () => {
      const first = listen();
      await use().database.changes.ready();
      first.stop();
      await touch(1);
      const second = listen();
      await use().database.changes.ready();
      await touch(2);
      await caughtUp();
      expect([first.pks(), second.pks()]).toEqual([[], [2]]);
    });

    test("gives the transactions of many writers that commit side by side, none twice and none not", async () => {
      const { told } = listen();
      await use().database.changes.ready();
      const names = Array.from({ length: 60 }, (_none, index) => `writer ${index}`);
      const elsewhere = use().runElsewhere(
        names.map((_name, index) => `UPDATE member SET age = ${index} WHERE id = 1`).join(";\n"),
      );
      await Promise.all(names.map((username) => use().database.atomic(() => use().Member.objects.create({ username }))));
      await elsewhere;
      await caughtUp();
      const created = told.flatMap(({ changes }) =>
        changes.filter((change) => change.before === null).map(({ after }) => after?.username),
      );
      expect(created.map(String).toSorted()).toEqual(names.toSorted());
      const ages = told.flatMap(({ changes }) => changes.filter(({ pk }) => pk === 1));
      expect(ages.at(-1)?.after?.age).toBe(59);
      expect(ages.slice(1).map(({ before }) => before?.age)).toEqual(ages.slice(0, -1).map(({ after }) => after?.age));
    });

    test("of a listener that throws goes on for it and for the others", async () => {
      const warnings: string[] = [];
      const note = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
      process.on("warning", note);
      onTestFinished(() => void process.off("warning", note));
      let calls = 0;
      use().database.changes.subscribe(() => {
        calls += 1;
        throw new TypeError("a listener's own mistake");
      });
      const { pks } = listen();
      await use().database.changes.ready();
      await touch(1);
      await caughtUp();
      await touch(2);
      await caughtUp();
      expect([calls, pks()]).toEqual([2, [1, 2]]);
      await expect.poll(() => warnings.join()).toContain("ChangeLogWarning: A listener");
    });

    test("a listener may write: its own change comes in a later call", async () => {
      const { database, Member } = use();
      const { pks } = listen();
      const writing: Promise<unknown>[] = [];
      database.changes.subscribe((transactions) => {
        if (transactions.some(({ changes }) => changes.some(({ pk }) => pk === 1)))
          writing.push(Member.objects.filter({ id: 2 }).update({ age: 5 }));
      });
      await database.changes.ready();
      await touch(1);
      await caughtUp();
      await Promise.all(writing);
      await caughtUp();
      expect(pks()).toEqual([1, 2]);
    });

    test("is caught up at once when nobody listens", async () => {
      await expect(use().database.changes.caughtUp(await use().database.changes.position())).resolves.toBeUndefined();
    });
  });
}
