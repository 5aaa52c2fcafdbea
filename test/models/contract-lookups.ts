import { beforeEach, describe, expect, test } from "vitest";
import { not, Q } from "../../src/models/q.ts";
import { seedMembers, usernames, type Use } from "./contract.ts";

const CASES: readonly (readonly [Record<string, unknown>, string[]])[] = [
  [{ username: "ada" }, ["ada"]],
  [{ username: "ADA" }, []],
  [{ username__exact: "ada" }, ["ada"]],
  [{ username__iexact: "ADA" }, ["ada"]],
  [{ email__contains: "BOB" }, ["Bob"]],
  [{ email__contains: "bob" }, []],
  [{ email__icontains: "bob" }, ["Bob"]],
  [{ username__startswith: "B" }, ["Bob"]],
  [{ username__startswith: "b" }, []],
  [{ username__istartswith: "b" }, ["Bob"]],
  [{ username__endswith: "o" }, ["cleo"]],
  [{ username__endswith: "O" }, []],
  [{ username__iendswith: "OB" }, ["Bob"]],
  [{ username__contains: "" }, ["ada", "Bob", "cleo"]],
  [{ username__startswith: "" }, ["ada", "Bob", "cleo"]],
  [{ username__endswith: "" }, ["ada", "Bob", "cleo"]],
  [{ username__endswith: "x".repeat(50) }, []],
  [{ age__gt: 20 }, ["ada"]],
  [{ age__gte: 20 }, ["ada", "Bob"]],
  [{ age__lt: 36 }, ["Bob"]],
  [{ age__lte: 36 }, ["ada", "Bob"]],
  [{ age__lt: 20.5 }, ["Bob"]],
  [{ age: 20.5 }, []],
  [{ age__in: [20, 36, 99] }, ["ada", "Bob"]],
  [{ age__in: [] }, []],
  [{ age__in: [null, 20] }, ["Bob"]],
  [{ username__in: ["cleo", "x"] }, ["cleo"]],
  [{ isActive__in: [false] }, ["Bob"]],
  [{ age__range: [20, 30] }, ["Bob"]],
  [{ age__range: [30, 20] }, []],
  [{ age__isnull: true }, ["cleo"]],
  [{ age__isnull: false }, ["ada", "Bob"]],
  [{ age: null }, ["cleo"]],
  [{ isActive: false }, ["Bob"]],
  [{ pk: 2 }, ["Bob"]],
  [{ pk__in: [1, 3] }, ["ada", "cleo"]],
  [{ id: 2n }, ["Bob"]],
  [{ id: 10n ** 30n }, []],
  [{ id: Number.POSITIVE_INFINITY }, []],
  [{ id__lt: 10n ** 30n }, ["ada", "Bob", "cleo"]],
  [{ id__gt: -(10n ** 30n) }, ["ada", "Bob", "cleo"]],
  [{ id__gt: 10n ** 30n }, []],
  [{ id__in: [1, 10n ** 30n] }, ["ada"]],
  [{ id__range: [2, 10n ** 30n] }, ["Bob", "cleo"]],
  [{ username: "ada", age: 20 }, []],
  [{ username: "\ud800" }, []],
];

export function describeLookups(use: Use): void {
  describe("a lookup", () => {
    beforeEach(() => seedMembers(use()));

    test.each(CASES)("%o finds %j", async (lookups, expected) => {
      expect(await usernames(use().Member.objects.filter(lookups).orderBy("id"))).toEqual(expected);
    });

    test("takes a percent sign, an underscore and a backslash as plain characters", async () => {
      const { Tag } = use();
      await Tag.objects.bulkCreate([
        { label: "100%" },
        { label: "1000" },
        { label: "a_b" },
        { label: "axb" },
        { label: "c\\d" },
        { label: "*" },
      ]);
      const labels = async (lookups: Record<string, unknown>) =>
        (await Tag.objects.filter(lookups).orderBy("id").toArray()).map((tag) => tag.label);
      expect(await labels({ label__contains: "0%" })).toEqual(["100%"]);
      expect(await labels({ label__icontains: "a_b" })).toEqual(["a_b"]);
      expect(await labels({ label__startswith: "%" })).toEqual([]);
      expect(await labels({ label__iendswith: "\\d" })).toEqual(["c\\d"]);
      expect(await labels({ label__contains: "*" })).toEqual(["*"]);
    });

    test("without regard to case knows the letters of all scripts", async () => {
      const { Tag } = use();
      await Tag.objects.bulkCreate([{ label: "Straße" }, { label: "ÉCOLE" }, { label: "ΣΊΣΥΦΟΣ" }, { label: "привет" }]);
      const labels = async (lookups: Record<string, unknown>) =>
        (await Tag.objects.filter(lookups).orderBy("id").toArray()).map((tag) => tag.label);
      expect(await labels({ label__iexact: "STRASSE" })).toEqual(["Straße"]);
      expect(await labels({ label__icontains: "école" })).toEqual(["ÉCOLE"]);
      expect(await labels({ label__istartswith: "σίς" })).toEqual(["ΣΊΣΥΦΟΣ"]);
      expect(await labels({ label__iendswith: "ВЕТ" })).toEqual(["привет"]);
    });

    test("with a list longer than any limit of parameters works", async () => {
      const ids = Array.from({ length: 100_000 }, (_, index) => index + 2);
      expect(await use().Member.objects.filter({ id__in: ids }).count()).toBe(2);
    });

    test("that is excluded keeps rows where the column is NULL", async () => {
      const { Member } = use();
      expect(await usernames(Member.objects.exclude({ age: 36 }).orderBy("id"))).toEqual(["Bob", "cleo"]);
      expect(await usernames(Member.objects.exclude({ age__gt: 1 }).orderBy("id"))).toEqual(["cleo"]);
      expect(await usernames(Member.objects.exclude({ age__in: [20] }).orderBy("id"))).toEqual(["ada", "cleo"]);
      expect(await usernames(Member.objects.exclude({ age__isnull: true }).orderBy("id"))).toEqual(["ada", "Bob"]);
      expect(await usernames(Member.objects.exclude({ age: 36, username: "Bob" }).orderBy("id"))).toEqual(["ada", "Bob", "cleo"]);
    });

    test("can be combined with and, or, not", async () => {
      const { Member } = use();
      const either = Q({ username: "ada" }).or({ age__isnull: true });
      expect(await usernames(Member.objects.filter(either).orderBy("id"))).toEqual(["ada", "cleo"]);
      expect(await usernames(Member.objects.filter(either.and({ email: "" })).orderBy("id"))).toEqual(["cleo"]);
      expect(await usernames(Member.objects.filter(not(either)).orderBy("id"))).toEqual(["Bob"]);
      expect(await usernames(Member.objects.filter(not({ age: 20 }), { isActive: true }).orderBy("id"))).toEqual(["ada", "cleo"]);
      expect(await usernames(Member.objects.filter(Q({ id: 1 }).or(Q({ id: 2 }).and({ age: 20 }))).orderBy("id"))).toEqual([
        "ada",
        "Bob",
      ]);
    });

    test("without conditions matches all, its opposite nothing", async () => {
      const { Member } = use();
      expect(await Member.objects.filter({}).count()).toBe(3);
      expect(await Member.objects.exclude({}).count()).toBe(0);
      expect(await Member.objects.filter(Q({}).or({ id: 1 })).count()).toBe(3);
    });

    test("cannot be undefined: a forgotten value must not match everything", () => {
      expect(() => use().Member.objects.filter({ id: undefined })).toThrow(/undefined/);
    });
  });
}
