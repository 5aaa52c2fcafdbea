import { beforeEach, describe, expect, test } from "vitest";
import { loadRelated, setRelated } from "../../src/models/load-related.ts";
import { belongsTo } from "../../src/models/relations.ts";
import { seedMembers, usernames, type Use } from "./contract.ts";

export function describeRelations(use: Use): void {
  describe("a relation", () => {
    beforeEach(async () => {
      await seedMembers(use());
      const { Post, Tag } = use();
      await Post.objects.bulkCreate([
        { title: "first", authorId: 1 },
        { title: "second", authorId: 2 },
        { title: "third", authorId: 3 },
      ]);
      await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }, { label: "c" }]);
    });

    const titles = async (lookups: Record<string, unknown>) =>
      (await use().Post.objects.filter(lookups).orderBy("id").toArray()).map((post) => post.title);

    test("is followed by lookups, over several steps", async () => {
      expect(await titles({ author__username: "ada" })).toEqual(["first"]);
      expect(await titles({ author__username__icontains: "O" })).toEqual(["second", "third"]);
      expect(await titles({ author__team__name: "blue" })).toEqual(["second"]);
      expect(await titles({ author__team__name__in: ["red", "blue"], author__age__gt: 20 })).toEqual(["first"]);
      expect(await titles({ author__pk: 3 })).toEqual(["third"]);
      expect(await titles({ author: 3 })).toEqual(["third"]);
      expect(await titles({ author__team__isnull: true })).toEqual(["third"]);
    });

    test("has its own place in a statement, however long its name is, and if it is the table's", async () => {
      const { database, Pair, Team } = use();
      await Pair.objects.bulkCreate([
        { left: 1, right: 2 },
        { left: 2, right: 1 },
      ]);
      const long = "é".repeat(40);
      const Linked = database.model(Pair.table, {
        relations: {
          [`${long}1`]: belongsTo(() => Team, "left"),
          [`${long}2`]: belongsTo(() => Team, "right"),
          pair: belongsTo(() => Team, "right"),
        },
      });
      const lefts = async (lookups: Record<string, unknown>) =>
        (
          await Linked.objects
            .filterUntrusted(lookups)
            .orderByUntrusted([`${long}1__name`])
            .toArray()
        ).map((row) => row.left);
      expect(await lefts({ [`${long}1__name`]: "red", [`${long}2__name`]: "blue" })).toEqual([1]);
      expect(await lefts({ [`${long}1__name`]: "red", [`${long}2__name`]: "red" })).toEqual([]);
      expect(await lefts({ pair__name: "red" })).toEqual([2]);
    });

    test("that is missing on a row is NULL to a lookup, and kept by exclude", async () => {
      const { Member } = use();
      expect(await usernames(Member.objects.filter({ team__name__isnull: true }))).toEqual(["cleo"]);
      expect(await usernames(Member.objects.exclude({ team__name: "red" }).orderBy("id"))).toEqual(["Bob", "cleo"]);
      expect(await Member.objects.filter({ team__name: "red" }).count()).toBe(1);
      expect(await Member.objects.filter({ team__name: "red" }).exists()).toBe(true);
    });

    test("to one is loaded for many rows at once", async () => {
      const { Member } = use();
      const rows = await Member.objects.orderBy("id").toArray();
      const teams = await loadRelated(Member, rows, "team");
      expect(rows.map((row) => teams.get(row))).toEqual([{ id: 1, name: "red" }, { id: 2, name: "blue" }, null]);
    });

    test("to many is written as a set and read in the order of the keys", async () => {
      const { Post } = use();
      await setRelated(Post, 1, "tags", [3, 1]);
      await setRelated(Post, 2, "tags", [2]);
      await setRelated(Post, 1, "tags", [3, 2, 2]);
      const rows = await Post.objects.orderBy("id").toArray();
      const tags = await loadRelated(Post, rows, "tags");
      expect(rows.map((row) => tags.get(row))).toEqual([[2, 3], [2], []]);
    });

    test("to many with a target that does not exist changes nothing", async () => {
      const { Post } = use();
      await setRelated(Post, 1, "tags", [1]);
      await expect(setRelated(Post, 1, "tags", [2, 99])).rejects.toMatchObject({ kind: "foreign_key" });
      const rows = await Post.objects.filter({ id: 1 }).toArray();
      expect([...(await loadRelated(Post, rows, "tags")).values()]).toEqual([[1]]);
    });

    test("that was not declared is refused by name", async () => {
      await expect(loadRelated(use().Post, [], "nope")).rejects.toThrow(/no relation "nope"/);
    });
  });
}
