/* oxlint-disable unicorn/no-array-reverse -- a queryset is no array */
import { beforeEach, describe, expect, test } from "vitest";
import { DoesNotExist, MultipleObjectsReturned } from "../../src/models/errors.ts";
import { seedMembers, usernames, type Use } from "./contract.ts";

export function describeQuerySet(use: Use): void {
  describe("a queryset", () => {
    beforeEach(() => seedMembers(use()));

    test("gives all rows as objects keyed by property", async () => {
      const [row] = await use().Member.objects.filter({ username: "ada" }).toArray();
      expect(row).toEqual({ id: 1, username: "ada", email: "ada@example.com", age: 36, isActive: true, teamId: 1 });
    });

    test("is never changed by a method: each gives a new one", async () => {
      const all = use().Member.objects.orderBy("id");
      const before = all.query;
      all.filter({ id: 1 }).exclude({ id: 2 }).reverse().slice(0, 1);
      expect(all.query).toBe(before);
      expect(await all.count()).toBe(3);
    });

    test("asks nothing of the database until its rows are wanted", async () => {
      const { Member } = use();
      const adults = Member.objects.filter({ age__gte: 30 });
      await Member.objects.create({ username: "dora", age: 40 });
      expect(await usernames(adults.orderBy("id"))).toEqual(["ada", "dora"]);
    });

    test("is no promise: awaiting it gives the queryset", async () => {
      const all = use().Member.objects.all();
      const awaited: unknown = await Promise.resolve(all);
      expect(awaited).toBe(all);
    });

    test("that is none has no rows, whatever follows", async () => {
      const none = use().Member.objects.none();
      expect(await none.filter({ id: 1 }).toArray()).toEqual([]);
      expect([await none.count(), await none.exists(), await none.first(), await none.delete()]).toEqual([0, false, null, 0]);
    });

    test("sorts by several keys, descending after a minus, NULL lowest", async () => {
      const { Member } = use();
      expect(await usernames(Member.objects.orderBy("age"))).toEqual(["cleo", "Bob", "ada"]);
      expect(await usernames(Member.objects.orderBy("-age"))).toEqual(["ada", "Bob", "cleo"]);
      expect(await usernames(Member.objects.orderBy("isActive", "-id"))).toEqual(["Bob", "cleo", "ada"]);
      expect(await usernames(Member.objects.orderBy("pk").reverse())).toEqual(["cleo", "Bob", "ada"]);
    });

    test("sorts by a column of a related row", async () => {
      expect(await usernames(use().Member.objects.filter({ teamId__isnull: false }).orderBy("team__name"))).toEqual([
        "Bob",
        "ada",
      ]);
    });

    test("slices inside its present slice", async () => {
      const all = use().Member.objects.orderBy("id");
      expect(await usernames(all.slice(1))).toEqual(["Bob", "cleo"]);
      expect(await usernames(all.slice(0, 2).slice(1, 5))).toEqual(["Bob"]);
      expect(await all.slice(1, 2).count()).toBe(1);
      expect(await all.slice(3).exists()).toBe(false);
      expect(await all.slice(2, 2).toArray()).toEqual([]);
    });

    test("that is sliced cannot be filtered or sorted any more", () => {
      const page = use().Member.objects.orderBy("id").slice(0, 1);
      expect(() => page.filter({ id: 2 })).toThrow(/slice/);
      expect(() => page.orderBy("-id")).toThrow(/slice/);
    });

    test("has no slice from or to what is no position", () => {
      const { objects } = use().Member;
      for (const bad of [-1, 1.5, Number.NaN, Infinity]) expect(() => objects.slice(bad)).toThrow(/integers from 0/);
      expect(() => objects.slice(0, -1)).toThrow(/integers from 0/);
    });

    test("that is sliced has no last row: its order must not be turned", async () => {
      await expect(use().Member.objects.orderBy("id").slice(0, 2).last()).rejects.toThrow(/slice/);
    });

    test("counts and knows whether there is a row", async () => {
      const { Member } = use();
      expect(await Member.objects.count()).toBe(3);
      expect(await Member.objects.filter({ age: 36 }).exists()).toBe(true);
      expect(await Member.objects.filter({ age: 37 }).exists()).toBe(false);
    });

    test("has a first and a last row, by primary key where no order is given", async () => {
      const { Member } = use();
      expect(await Member.objects.first()).toMatchObject({ id: 1 });
      expect(await Member.objects.last()).toMatchObject({ id: 3 });
      expect(await Member.objects.orderBy("-username").first()).toMatchObject({ username: "cleo" });
      expect(await Member.objects.filter({ id: 9 }).first()).toBeNull();
    });

    test("gets the one row that matches", async () => {
      expect(await use().Member.objects.get({ username: "cleo" })).toMatchObject({ id: 3 });
      expect(await use().Member.objects.get({ pk: 2 })).toMatchObject({ username: "Bob" });
      expect(await use().Member.objects.filter({ age: 36 }).get()).toMatchObject({ username: "ada" });
    });

    test("that finds no row for get() fails with DoesNotExist, a 404", async () => {
      await expect(use().Member.objects.get({ pk: 99 })).rejects.toMatchObject({ status: 404 });
      await expect(use().Member.objects.get({ age: 99 })).rejects.toBeInstanceOf(DoesNotExist);
    });

    test("that finds two rows for get() fails with MultipleObjectsReturned", async () => {
      await expect(use().Member.objects.get({ id__in: [1, 2] })).rejects.toBeInstanceOf(MultipleObjectsReturned);
    });

    test("reads only the columns that values() names, and each combination once with distinct()", async () => {
      const { Member } = use();
      expect(await Member.objects.orderBy("id").values("id", "email").slice(0, 1).toArray()).toEqual([
        { id: 1, email: "ada@example.com" },
      ]);
      expect(await Member.objects.values("isActive").distinct().orderBy("isActive").toArray()).toEqual([
        { isActive: false },
        { isActive: true },
      ]);
      expect(await Member.objects.values("isActive").distinct().count()).toBe(2);
    });

    test("is iterated in chunks, every row once", async () => {
      const { Tag } = use();
      await Tag.objects.bulkCreate(Array.from({ length: 450 }, (_, index) => ({ label: `tag ${index}` })));
      const seen: number[] = [];
      for await (const tag of Tag.objects.all()) seen.push(tag.id);
      expect(seen).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
    });

    test("with the same shape runs the same SQL, whatever its values", async () => {
      const { Member } = use();
      await Member.objects.filter({ id: 1 }).toArray();
      const shapes = Member.shapes.size;
      for (const id of [2, 3, 4, 5]) await Member.objects.filter({ id }).toArray();
      expect(Member.shapes.size).toBe(shapes);
    });
  });
}
