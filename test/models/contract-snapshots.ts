import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { TransactionError } from "../../src/models/errors.ts";
import { seedMembers, type Use } from "./contract.ts";

export function describeSnapshots(use: Use): void {
  describe("a snapshot", () => {
    beforeEach(() => seedMembers(use()));

    test("reads everything as it was at one moment, whatever is written meanwhile", async () => {
      const { database, Member, oneConnection } = use();
      let written: Promise<unknown> = Promise.resolve();
      await database.snapshot(async () => {
        expect(await Member.objects.count()).toBe(3);
        written = database.outsideAtomic(() => Member.objects.create({ username: "meanwhile" }));
        if (oneConnection !== true) await written;
        expect(await Member.objects.count()).toBe(3);
        expect(await database.snapshot(() => Member.objects.count())).toBe(3);
        expect(await database.execute(sql`SELECT count(*) AS members, 'an update' AS word FROM member`)).toEqual([
          { members: 3, word: "an update" },
        ]);
      });
      await written;
      expect(await Member.objects.count()).toBe(4);
    });

    test("gives what its function gives, and its error", async () => {
      const { database, Member } = use();
      expect(await database.snapshot(async () => "given")).toBe("given");
      await expect(database.snapshot(() => Member.objects.get({ id: 99 }))).rejects.toMatchObject({ status: 404 });
      expect(await Member.objects.count()).toBe(3);
    });

    test("reads side by side", async () => {
      const { database, Member } = use();
      const counts = await database.snapshot(() => Promise.all([1, 2, 3].map((id) => Member.objects.filter({ id }).count())));
      expect(counts).toEqual([1, 1, 1]);
    });

    test("refuses writes and atomic blocks, and is refused inside one", async () => {
      const { database, Member } = use();
      await database.snapshot(async () => {
        expect(database.inAtomic).toBe(false);
        await expect(Member.objects.create({ username: "no" })).rejects.toBeInstanceOf(TransactionError);
        await expect(Member.objects.filter({ id: 1 }).delete()).rejects.toBeInstanceOf(TransactionError);
        await expect(database.atomic(() => Member.objects.count())).rejects.toBeInstanceOf(TransactionError);
        expect(await Member.objects.count()).toBe(3);
      });
      const inside = database.atomic(() => database.snapshot(() => Member.objects.count()));
      await expect(inside).rejects.toBeInstanceOf(TransactionError);
      expect(await Member.objects.count()).toBe(3);
    });
  });
}
