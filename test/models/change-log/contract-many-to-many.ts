import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { seedMembers } from "../contract.ts";
import { changesOf, type UseLog } from "./contract.ts";

export function describeManyToMany(use: UseLog): void {
  describe("a many-to-many relation", () => {
    beforeEach(async () => {
      const { Post, Tag } = use();
      await seedMembers(use());
      await Post.objects.bulkCreate([
        { title: "first", authorId: 1 },
        { title: "second", authorId: 1 },
      ]);
      await Tag.objects.bulkCreate([{ label: "red" }, { label: "blue" }]);
    });

    const link = (post: number, tag: number) =>
      use().database.execute(sql`INSERT INTO post_tag (post_id, tag_id) VALUES (${post}, ${tag})`);

    test("that changes touches the rows of the model that is observed so, whoever changed it", async () => {
      const { database, Post } = use();
      database.changes.observe(Post, { manyToMany: true });
      const told = await changesOf(use(), async () => {
        await link(1, 2);
        await use().runElsewhere("UPDATE post_tag SET post_id = 2");
      });
      expect(told.map(({ touched }) => touched.map(({ model, pk }) => [model.name, pk]))).toEqual([
        [["Post", 1]],
        [
          ["Post", 1],
          ["Post", 2],
        ],
      ]);
      expect(told.flatMap(({ changes }) => changes)).toEqual([]);
    });

    test("that changes with its row in one transaction is told by the change alone", async () => {
      const { database, Post } = use();
      database.changes.observe(Post, { manyToMany: true });
      const told = await changesOf(use(), () =>
        database.atomic(async () => {
          await Post.objects.filter({ id: 1 }).update({ title: "1st" });
          await link(1, 1);
          await link(2, 1);
        }),
      );
      expect(told).toMatchObject([{ changes: [{ pk: 1 }], touched: [{ pk: 2 }] }]);
    });

    test("is not told of a model that is observed without it", async () => {
      const { database, Post } = use();
      database.changes.observe(Post);
      expect(await changesOf(use(), () => link(1, 1))).toEqual([]);
    });
  });
}
