import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { seedMembers } from "../contract.ts";
import { changesOf, inShort, type UseLog } from "./contract.ts";

const refusal = new TypeError("no");
const refuse = (): Promise<never> => Promise.reject(refusal);

export function describeLoggedChanges(use: UseLog): void {
  describe("a committed write is told", () => {
    const ada = { id: 1, username: "ada", email: "ada@example.com", age: 36, isActive: true, teamId: 1 };
    const bob = { id: 2, username: "Bob", email: "BOB@example.com", age: 20, isActive: false, teamId: 2 };
    const cleo = { id: 3, username: "cleo", email: "", age: null, isActive: true, teamId: null };

    beforeEach(async () => {
      const { database, Member, Post } = use();
      await seedMembers(use());
      database.changes.observe(Member);
      database.changes.observe(Post);
      await database.changes.ready();
    });

    test("when it is a create, an update, a delete, each a transaction of its own", async () => {
      const { Member } = use();
      const told = await changesOf(use(), async () => {
        await Member.objects.create({ username: "dora" });
        await Member.objects.filter({ id: 1 }).update({ age: 37 });
        await Member.objects.filter({ id: 2 }).delete();
      });
      const dora = { id: 4, username: "dora", email: "", age: null, isActive: true, teamId: null };
      expect(inShort(told)).toEqual([
        [["Member", 4, null, dora]],
        [["Member", 1, ada, { ...ada, age: 37 }]],
        [["Member", 2, bob, null]],
      ]);
      expect(told.map((transaction) => [transaction.touched, transaction.lost])).toEqual([
        [[], []],
        [[], []],
        [[], []],
      ]);
    });

    test("when one statement writes many rows, as one transaction", async () => {
      const { Member } = use();
      const told = await changesOf(use(), async () => {
        await Member.objects.bulkCreate([{ username: "one" }, { username: "two" }]);
        await Member.objects.all().update({ isActive: false });
        await Member.objects.filter({ id__gt: 3 }).delete();
      });
      expect(told.map(({ changes }) => changes.length)).toEqual([2, 5, 2]);
    });

    test("when another process wrote it with plain SQL", async () => {
      const [first, second] = await changesOf(use(), async () => {
        await use().runElsewhere("UPDATE member SET age = 90 WHERE id = 1");
        await use().database.execute(sql`DELETE FROM member WHERE id = 3`);
      });
      expect(first?.changes).toMatchObject([{ pk: 1, before: ada, after: { ...ada, age: 90 } }]);
      expect(second?.changes).toMatchObject([{ pk: 3, before: cleo, after: null }]);
    });

    test("when it is a cascade", async () => {
      const { Member, Post } = use();
      await Post.objects.create({ title: "hers", authorId: 1 });
      const [told] = await changesOf(use(), () => Member.objects.filter({ id: 1 }).delete());
      expect(told?.changes).toHaveLength(2);
      expect(told?.changes).toContainEqual({ model: Post, pk: 1, before: { id: 1, title: "hers", authorId: 1 }, after: null });
      expect(told?.changes).toContainEqual({ model: Member, pk: 1, before: ada, after: null });
    });

    test("only if it was committed: nothing of a rolled back transaction or savepoint, or of a refused statement", async () => {
      const { database, Member } = use();
      const told = await changesOf(use(), async () => {
        await expect(database.atomic(() => Member.objects.create({ username: "gone" }).then(refuse))).rejects.toBe(refusal);
        await database.atomic(async () => {
          await Member.objects.filter({ id: 1 }).update({ age: 1 });
          const inner = database.atomic(() => Member.objects.filter({ id: 2 }).delete().then(refuse));
          await expect(inner).rejects.toBe(refusal);
        });
        await expect(Member.objects.create({ username: "ada" })).rejects.toMatchObject({ code: "integrity_unique" });
        await use().runElsewhere("BEGIN; DELETE FROM member; ROLLBACK;");
      });
      expect(inShort(told)).toEqual([[["Member", 1, ada, { ...ada, age: 1 }]]]);
    });

    test("not when the model is not observed", async () => {
      const { Team } = use();
      expect(await changesOf(use(), () => Team.objects.create({ name: "green" }))).toEqual([]);
    });

    test("also when it changes no value", async () => {
      const { Member } = use();
      const told = await changesOf(use(), () => Member.objects.filter({ id: 1 }).update({ age: 36 }));
      expect(inShort(told)).toEqual([[["Member", 1, ada, ada]]]);
    });
  });

  describe("the net change of a row in one transaction", () => {
    beforeEach(async () => {
      const { database, Member } = use();
      await Member.objects.bulkCreate([
        { username: "ada", age: 36 },
        { username: "bob", age: 20 },
      ]);
      database.changes.observe(Member);
      await database.changes.ready();
    });

    /** The changes of one transaction that runs these statements. */
    async function net(...statements: readonly string[]): Promise<unknown[]> {
      const told = await changesOf(use(), () =>
        use().database.atomic(async () => {
          for (const statement of statements) await use().database.execute(sql.raw(statement));
        }),
      );
      expect(told.length).toBeLessThanOrEqual(1);
      return (told[0]?.changes ?? []).map(({ pk, before, after }) => [pk, before?.age ?? before, after?.age ?? after]);
    }

    const insert = (id: number, age: number): string =>
      `INSERT INTO member (id, username, age, email, is_active) VALUES (${id}, 'new ${id}', ${age}, '', ${use().database.dialect.name === "sqlite" ? "1" : "true"})`;

    test.each([
      [
        "created then updated is one creation with the final values",
        () => [insert(9, 1), "UPDATE member SET age = 2 WHERE id = 9"],
        [[9, null, 2]],
      ],
      ["created then deleted is nothing", () => [insert(9, 1), "DELETE FROM member WHERE id = 9"], []],
      [
        "updated twice is one update from the first to the last",
        () => ["UPDATE member SET age = 2 WHERE id = 1", "UPDATE member SET age = 3 WHERE id = 1"],
        [[1, 36, 3]],
      ],
      [
        "updated then deleted is the deletion of the row as it was before",
        () => ["UPDATE member SET age = 2 WHERE id = 1", "DELETE FROM member WHERE id = 1"],
        [[1, 36, null]],
      ],
      ["deleted then created again is an update", () => ["DELETE FROM member WHERE id = 1", insert(1, 5)], [[1, 36, 5]]],
      [
        "changed and changed back is an update all the same",
        () => ["UPDATE member SET age = 2 WHERE id = 1", "UPDATE member SET age = 36 WHERE id = 1"],
        [[1, 36, 36]],
      ],
      [
        "with another primary key is two changes: one left, one came",
        () => ["UPDATE member SET id = 9, age = 37 WHERE id = 1"],
        [
          [1, 36, null],
          [9, null, 37],
        ],
      ],
      [
        "that made way for another row under its key is an update, and the other row has left",
        () => ["DELETE FROM member WHERE id = 1", "UPDATE member SET id = 1 WHERE id = 2"],
        [
          [1, 36, 20],
          [2, 20, null],
        ],
      ],
      [
        "created, deleted and created again is one creation",
        () => [insert(9, 1), "DELETE FROM member WHERE id = 9", insert(9, 3)],
        [[9, null, 3]],
      ],
    ])("%s", async (_rule, statements, expected) => {
      expect(await net(...statements())).toEqual(expected);
    });
  });

  describe("columns that are left out", () => {
    test("are in no row, and a change of them alone is a change all the same", async () => {
      const { database, Member } = use();
      await seedMembers(use());
      database.changes.observe(Member, { exclude: ["email"] });
      expect([...database.changes.loggedColumns(Member)]).toEqual(["id", "username", "age", "isActive", "teamId"]);
      const told = await changesOf(use(), async () => {
        await Member.objects.filter({ id: 1 }).update({ email: "secret@example.com" });
        await Member.objects.filter({ id: 1 }).delete();
      });
      const ada = { id: 1, username: "ada", age: 36, isActive: true, teamId: 1 };
      expect(inShort(told)).toEqual([[["Member", 1, ada, ada]], [["Member", 1, ada, null]]]);
    });

    test("by a later call are gone from what was logged before too, which is then told as lost", async () => {
      const { database, Member } = use();
      database.changes.observe(Member);
      const before = await database.changes.position();
      await Member.objects.create({ username: "ada", email: "secret@example.com" });
      database.changes.observe(Member, { exclude: ["email"] });
      await database.changes.ready();
      const missed = await database.changes.since(before);
      expect(missed?.flatMap(({ lost }) => lost)).toContain(Member);
      expect(JSON.stringify(missed?.map(({ changes }) => changes.map((change) => change.after)))).not.toContain("secret");
    });

    test.each([["id"], ["nonsense"]])("cannot be %s: the key, or a name that is no column", (name) => {
      const { database, Member } = use();
      expect(() => database.changes.observe(Member, { exclude: [name] })).toThrow(name);
    });
  });
}
