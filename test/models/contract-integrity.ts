import { beforeEach, describe, expect, test } from "vitest";
import { IntegrityError } from "../../src/models/errors.ts";
import { seedMembers, type Use } from "./contract.ts";

export function describeIntegrity(use: Use): void {
  describe("a refused write", () => {
    beforeEach(() => seedMembers(use()));

    async function refusal(write: Promise<unknown>): Promise<IntegrityError> {
      const error: unknown = await write.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(IntegrityError);
      return error as IntegrityError;
    }

    test("names the column that must be unique", async () => {
      const { Member } = use();
      expect(await refusal(Member.objects.create({ username: "ada" }))).toMatchObject({ kind: "unique", columns: ["username"] });
      expect(await refusal(Member.objects.create({ id: 1, username: "x" }))).toMatchObject({ kind: "unique", columns: ["id"] });
      expect(await refusal(Member.objects.filter({ id: 1 }).update({ username: "Bob" }))).toMatchObject({
        kind: "unique",
        columns: ["username"],
      });
    });

    test("names the columns that must be unique together", async () => {
      const { Pair } = use();
      await Pair.objects.create({ left: 1, right: 2 });
      expect(await refusal(Pair.objects.create({ left: 1, right: 2 }))).toMatchObject({
        kind: "unique",
        columns: ["left", "right"],
      });
      expect(Pair.uniqueTogether).toEqual([["left", "right"]]);
    });

    test("names the property of the foreign key that points to nothing", async () => {
      const { Member } = use();
      expect(await refusal(Member.objects.create({ username: "x", teamId: 99 }))).toMatchObject({
        kind: "foreign_key",
        columns: ["teamId"],
      });
      expect(await refusal(Member.objects.filter({ id: 1 }).update({ teamId: 99 }))).toMatchObject({
        kind: "foreign_key",
        columns: ["teamId"],
      });
    });

    test("tells that a row is still referenced", async () => {
      expect(await refusal(use().Team.objects.filter({ id: 1 }).delete())).toMatchObject({ kind: "foreign_key" });
      expect(await use().Team.objects.count()).toBe(2);
    });

    test("names the column that needs a value", async () => {
      expect(await refusal(use().Member.objects.create({ username: null }))).toMatchObject({
        kind: "not_null",
        columns: ["username"],
      });
    });

    test("tells that a check failed", async () => {
      expect(await refusal(use().Member.objects.create({ username: "x", age: -1 }))).toMatchObject({ kind: "check" });
    });

    test("says nothing of SQL, tables or the driver", async () => {
      const { Member, Team, Pair } = use();
      await Pair.objects.create({ left: 1, right: 2 });
      const errors = await Promise.all([
        refusal(Member.objects.create({ username: "ada" })),
        refusal(Member.objects.create({ username: "x", teamId: 99 })),
        refusal(Member.objects.create({ username: "x", age: -1 })),
        refusal(Team.objects.filter({ id: 1 }).delete()),
        refusal(Pair.objects.create({ left: 1, right: 2 })),
      ]);
      for (const error of errors) {
        expect(error.message).not.toMatch(/constraint failed|sqlite|member|team_id|insert|left_number/i);
        expect(error.cause).toBeInstanceOf(Error);
      }
    });
  });
}
