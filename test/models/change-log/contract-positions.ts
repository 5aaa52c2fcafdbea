import { beforeEach, describe, expect, test } from "vitest";
import { seedMembers } from "../contract.ts";
import type { UseLog } from "./contract.ts";

export function describePositions(use: UseLog): void {
  describe("a position", () => {
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

    test("goes to text and back, of letters that any URL holds", async () => {
      const { changes } = use().database;
      const position = await changes.position();
      expect(String(position)).toMatch(/^[A-Za-z0-9:\-,._]+$/);
      expect(String(changes.parsePosition(String(position)))).toBe(String(position));
      expect(changes.parsePosition(String(position))?.covers(position)).toBe(true);
    });

    test.each([
      [null],
      [7],
      [""],
      ["nonsense"],
      ["1:2:3:4:5:6"],
      ["0123456789abcdef:-1"],
      ["0123456789abcdef:99999999999999999999"],
      ["x".repeat(9999)],
    ])("is not %j", (text) => {
      expect(use().database.changes.parsePosition(text)).toBeNull();
    });

    test("includes what was committed before it and not what came after it", async () => {
      const { changes } = use().database;
      const start = await changes.position();
      await touch(1);
      const between = await changes.position();
      await touch(2);
      const [first, second] = (await changes.since(start)) ?? [];
      expect([between.includes(first?.id ?? -1), between.includes(second?.id ?? -1)]).toEqual([true, false]);
      expect([between.covers(start), start.covers(between)]).toEqual([true, false]);
      expect(first?.position.covers(second?.position ?? between)).toBe(false);
    });

    test("after a transaction goes on exactly behind it", async () => {
      const { changes } = use().database;
      const start = await changes.position();
      for (const id of [1, 2, 3]) await touch(id);
      const told = (await changes.since(start)) ?? [];
      expect(told.map((one) => one.changes[0]?.pk)).toEqual([1, 2, 3]);
      for (const [index, transaction] of told.entries()) {
        const rest = await changes.since(transaction.position);
        expect(rest?.map((one) => one.changes[0]?.pk)).toEqual([1, 2, 3].slice(index + 1));
      }
    });

    test("of now has nothing behind it", async () => {
      const { changes } = use().database;
      expect(await changes.since(await changes.position())).toEqual([]);
    });

    test("of another epoch, or ahead of the log, cannot be served", async () => {
      const { database, ahead } = use();
      const { changes } = database;
      const text = String(await changes.position());
      const other = changes.parsePosition(
        text.replace(/^[^:]+/, (epoch) => epoch.replace(/./, (digit) => (digit === "0" ? "1" : "0"))),
      );
      const future = changes.parsePosition(ahead(text));
      if (other === null || future === null) throw new TypeError("Expected the texts to be positions.");
      expect(await changes.since(other)).toBeNull();
      expect(await changes.since(future)).toBeNull();
    });

    test("that another process gave is good here", async () => {
      const again = await use().openAgain();
      again.database.changes.observe(again.Member);
      const position = await again.database.changes.position();
      await touch(2);
      const told = await use().database.changes.since(position);
      expect(told).toMatchObject([{ changes: [{ pk: 2 }] }]);
    });

    test("before a table was observed, or before a mark, gives that model as lost", async () => {
      const { database, Team, Member } = use();
      const before = await database.changes.position();
      database.changes.observe(Team);
      await database.changes.ready();
      expect((await database.changes.since(before))?.flatMap(({ lost }) => lost)).toEqual([Team]);
      const later = await database.changes.position();
      await database.changes.markLost(Member);
      expect((await database.changes.since(later))?.flatMap(({ lost }) => lost)).toEqual([Member]);
    });
  });
}
