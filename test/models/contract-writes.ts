import { beforeEach, describe, expect, test } from "vitest";
import { FieldError } from "../../src/models/errors.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { seedMembers, usernames, type Use } from "./contract.ts";

export function describeWrites(use: Use): void {
  describe("a write", () => {
    beforeEach(() => seedMembers(use()));

    test("that creates gives the row as stored, defaults included", async () => {
      const row = await use().Member.objects.create({ username: "dora" });
      expect(row).toEqual({ id: 4, username: "dora", email: "", age: null, isActive: true, teamId: null });
    });

    test("that creates many keeps their order, whatever columns each names", async () => {
      const { Member } = use();
      const rows = await Member.objects.bulkCreate([{ username: "x1" }, { username: "x2", age: 5 }, { username: "x3" }]);
      expect(rows.map((row) => [row.username, row.age])).toEqual([
        ["x1", null],
        ["x2", 5],
        ["x3", null],
      ]);
      expect(await Member.objects.bulkCreate([])).toEqual([]);
    });

    test("that creates more rows than one statement takes is one transaction", async () => {
      const { Tag } = use();
      const labels = Array.from({ length: 1000 }, (_, index) => ({ label: `t${index}` }));
      await expect(Tag.objects.bulkCreate([...labels, { label: "t0" }])).rejects.toMatchObject({ kind: "unique" });
      expect(await Tag.objects.count()).toBe(0);
      expect(await Tag.objects.bulkCreate(labels)).toHaveLength(1000);
    });

    test("that updates tells how many rows it met", async () => {
      const { Member } = use();
      expect(await Member.objects.filter({ age__isnull: false }).update({ email: "new" })).toBe(2);
      expect(await Member.objects.filter({ email: "new" }).count()).toBe(2);
      expect(await Member.objects.filter({ id: 99 }).update({ email: "x" })).toBe(0);
      expect(await Member.objects.filter({ id: 1 }).update({})).toBe(1);
    });

    test("that updates can give the rows as they are now", async () => {
      const { Member } = use();
      const rows = await Member.objects.filter({ id: 3 }).updateReturning({ age: 7 });
      expect(rows).toEqual([{ id: 3, username: "cleo", email: "", age: 7, isActive: true, teamId: null }]);
      expect(await Member.objects.filter({ id: 3 }).updateReturning({})).toHaveLength(1);
    });

    test("reaches through relations and slices", async () => {
      const { Member } = use();
      expect(await Member.objects.filter({ team__name: "red" }).update({ age: 50 })).toBe(1);
      expect(await Member.objects.orderBy("-id").slice(0, 2).update({ age: 1 })).toBe(2);
      expect((await Member.objects.orderBy("id").toArray()).map((row) => row.age)).toEqual([50, 1, 1]);
      expect(await Member.objects.exclude({ team__name: "red" }).orderBy("id").slice(1).delete()).toBe(1);
      expect(await usernames(Member.objects.orderBy("id"))).toEqual(["ada", "Bob"]);
    });

    test("that deletes tells how many rows it met, and an update after it meets none", async () => {
      const { Member } = use();
      expect(await Member.objects.filter({ id__in: [1, 2] }).delete()).toBe(2);
      expect(await Member.objects.filter({ id: 1 }).update({ age: 1 })).toBe(0);
      expect(await Member.objects.count()).toBe(1);
    });

    test("of an unknown column is a mistake of the code that writes, not of a client", async () => {
      const { Member } = use();
      await expect(Member.objects.create({ username: "x", nope: 1 })).rejects.toBeInstanceOf(ImproperlyConfigured);
      await expect(Member.objects.filter({ id: 1 }).update({ nope: 1 })).rejects.toBeInstanceOf(ImproperlyConfigured);
      expect(await Member.objects.count()).toBe(3);
    });

    test("of a value of the wrong type is refused with a 400 on its column", async () => {
      const { Member } = use();
      await expect(Member.objects.create({ username: { $ne: null } })).rejects.toBeInstanceOf(FieldError);
      await expect(Member.objects.filter({ id: 1 }).update({ age: "5" })).rejects.toBeInstanceOf(FieldError);
      expect(await Member.objects.count()).toBe(3);
    });

    test("tells its listeners once, after the commit", async () => {
      const { database, Member } = use();
      const seen: boolean[] = [];
      const stop = database.onCommit(() => seen.push(database.inAtomic));
      await Member.objects.create({ username: "one" });
      await Member.objects.filter({ username: "one" }).update({ age: 1 });
      await Member.objects.count();
      expect(seen).toEqual([false, false]);
      await database.atomic(async () => {
        await Member.objects.create({ username: "two" });
        await database.atomic(() => Member.objects.create({ username: "three" }));
        expect(seen).toHaveLength(2);
      });
      expect(seen).toEqual([false, false, false]);
      await database.atomic(() => Promise.reject(new TypeError("no"))).catch(() => undefined);
      stop();
      await Member.objects.create({ username: "four" });
      expect(seen).toHaveLength(3);
    });
  });
}
