import { beforeEach, describe, expect, test } from "vitest";
import { FieldError } from "../../src/models/errors.ts";
import { loadRelated, setRelated } from "../../src/models/load-related.ts";
import { not, Q } from "../../src/models/q.ts";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import { belongsTo } from "../../src/models/relations.ts";
import { TEXT_LOOKUPS } from "../../src/models/where.ts";
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
    });

    test("by its name alone is its foreign key, in whatever a key can be asked", async () => {
      expect(await titles({ author: 3 })).toEqual(["third"]);
      expect(await titles({ author__exact: 3 })).toEqual(["third"]);
      expect(await titles({ author__in: [1, 3, 99] })).toEqual(["first", "third"]);
      expect(await titles({ author__in: [] })).toEqual([]);
      expect(await titles({ author__isnull: true })).toEqual([]);
      expect(await titles({ author__gt: 1, author__lte: 2 })).toEqual(["second"]);
      expect(await titles({ author__range: [2, 3] })).toEqual(["second", "third"]);
      expect(await titles({ author__team: 1 })).toEqual(["first"]);
      expect(await titles({ author__team__in: [1, 2] })).toEqual(["first", "second"]);
      expect(await titles({ author__team: null })).toEqual(["third"]);
      expect(await titles({ author__team__isnull: false })).toEqual(["first", "second"]);
    });

    test("that is NULL is found by null and isnull, and kept by exclude", async () => {
      const { Member } = use();
      const found = (queryset: AnyQuerySet) => usernames(queryset.orderBy("id"));
      expect(await found(Member.objects.filter({ team: null }))).toEqual(["cleo"]);
      expect(await found(Member.objects.filter({ team__isnull: false }))).toEqual(["ada", "Bob"]);
      expect(await found(Member.objects.exclude({ team: 1 }))).toEqual(["Bob", "cleo"]);
      expect(await found(Member.objects.exclude({ team__in: [1, 2] }))).toEqual(["cleo"]);
      expect(await found(Member.objects.filter(Q({ team: 1 }).or({ team: null })))).toEqual(["ada", "cleo"]);
      expect(await found(Member.objects.filter(not({ team__in: [2] })))).toEqual(["ada", "cleo"]);
      expect(() => Member.objects.filterUntrusted({ team__in: null })).toThrow(FieldError);
    });

    test("by its name alone is what rows are ordered by, NULL first", async () => {
      const { Member, Post } = use();
      expect(await usernames(Member.objects.orderBy("team"))).toEqual(["cleo", "ada", "Bob"]);
      expect(await usernames(Member.objects.orderByUntrusted(["-team"]))).toEqual(["Bob", "ada", "cleo"]);
      const posts = await Post.objects.orderBy("-author__team").toArray();
      expect(posts.map((post) => post.title)).toEqual(["second", "first", "third"]);
    });

    test("is asked for by either name of its key with the same statement", () => {
      const { Member, Post } = use();
      expect(Member.objects.filter({ team: 1 }).query).toEqual(Member.objects.filter({ teamId: 1 }).query);
      expect(Member.objects.orderBy("-team").query).toEqual(Member.objects.orderBy("-teamId").query);
      expect(Post.objects.filter({ author__team__in: [1] }).query).toEqual(
        Post.objects.filter({ author__teamId__in: [1] }).query,
      );
    });

    test.each([
      { author: "1" },
      { author: { id: 1 } },
      { author__in: 1 },
      { author__gt: null },
      { author__icontains: 1 },
      { tags: 1 },
    ])("is refused with 400 where a client does not send a key: %o", (lookups) => {
      expect(() => use().Post.objects.filterUntrusted(lookups)).toThrow(FieldError);
    });

    test("is no text to search, although its key may be one", async () => {
      const { database, Tag, Team } = use();
      const Labelled = database.model(Tag.table, { relations: { team: belongsTo(() => Team, "label") } });
      expect(await Labelled.objects.filterUntrusted({ team: "b", team__gt: "a", label__startswith: "b" }).count()).toBe(1);
      for (const lookup of TEXT_LOOKUPS)
        expect(() => Labelled.objects.filterUntrusted({ [`team__${lookup}`]: "b" })).toThrow(/Unsupported lookup/);
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
