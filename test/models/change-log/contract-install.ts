import { beforeEach, describe, expect, test } from "vitest";
import { seedMembers } from "../contract.ts";
import { changesOf, turn, type UseLog } from "./contract.ts";

export function describeInstall(use: UseLog): void {
  describe("putting the log in place", () => {
    beforeEach(() => seedMembers(use()));

    test("again, here or elsewhere, changes nothing: who has seen everything goes on as before", async () => {
      const { database, Member, Team } = use();
      database.changes.observe(Member);
      database.changes.observe(Team);
      const position = await database.changes.position();
      const again = await use().openAgain();
      again.database.changes.observe(again.Team);
      again.database.changes.observe(again.Member);
      expect(await again.database.changes.since(position)).toEqual([]);
      expect(await database.changes.since(position)).toEqual([]);
    });

    test("by several at the same time, beside a busy writer, gives one log with one epoch", async () => {
      const others = await Promise.all(Array.from({ length: 4 }, () => use().openAgain()));
      const over = { yet: false };
      const writer = (async () => {
        for (let round = 0; !over.yet; round += 1) {
          await use().Member.objects.filter({ id: 2 }).update({ age: round });
          await turn();
        }
      })();
      const positions = await Promise.all(
        others.map(async (other) => {
          for (const model of [other.Member, other.Team, other.Post]) other.database.changes.observe(model, { manyToMany: true });
          return String(await other.database.changes.position());
        }),
      );
      over.yet = true;
      await writer;
      expect(new Set(positions.map((position) => position.split(":")[0])).size).toBe(1);
      use().database.changes.observe(use().Member);
      const told = await changesOf(use(), () => use().runElsewhere("UPDATE member SET age = 1 WHERE id = 1"));
      expect(told).toHaveLength(1);
    });

    test("happens once for many who wait for it", async () => {
      const { database, Member, Team } = use();
      database.changes.observe(Team);
      const before = await database.changes.position();
      database.changes.observe(Member);
      await Promise.all(Array.from({ length: 10 }, () => database.changes.position()));
      expect(await database.changes.since(before)).toMatchObject([{ lost: [Member] }]);
    });

    test("waits for what is observed meanwhile", async () => {
      const { database, Member, Team } = use();
      database.changes.observe(Member);
      const first = database.changes.ready();
      database.changes.observe(Team);
      await first;
      const told = await changesOf(use(), () => Team.objects.create({ name: "green" }));
      expect(told).toMatchObject([{ changes: [{ pk: 3 }] }]);
    });

    test("can be done by the statements of script(), which may be applied twice", async () => {
      const { database, Member } = use();
      database.changes.observe(Member);
      const script = await database.changes.script();
      await use().runElsewhere([...script, ...script].map((statement) => `${statement};\n`).join(""));
      const told = await changesOf(use(), () => Member.objects.filter({ id: 1 }).update({ age: 1 }));
      expect(told).toMatchObject([{ changes: [{ pk: 1 }], lost: [] }]);
    });
  });
}
