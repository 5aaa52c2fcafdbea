import { beforeEach, describe, expect, test } from "vitest";
import { sql } from "drizzle-orm";
import { TransactionError } from "../../src/models/errors.ts";
import { RestwaveError } from "../../src/protocol/exceptions.ts";
import { seedMembers, usernames, type Use } from "./contract.ts";

class Refusal extends RestwaveError {
  constructor() {
    super("no", { code: "refusal" });
  }
}

const refuse = (): Promise<never> => Promise.reject(new Refusal());

/** A promise and the function that fulfils it. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

export function describeTransactions(use: Use): void {
  describe("an atomic block", () => {
    beforeEach(() => seedMembers(use()));

    test("commits what it wrote and gives its result", async () => {
      const { database, Member } = use();
      const row = await database.atomic(async () => Member.objects.create({ username: "dora" }));
      expect(row).toMatchObject({ id: 4 });
      expect(await Member.objects.count()).toBe(4);
    });

    test("sees its own writes and rolls all of them back when it throws", async () => {
      const { database, Member } = use();
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 1 });
        await Member.objects.filter({ id: 2 }).delete();
        expect(await Member.objects.count()).toBe(2);
        await refuse();
      });
      await expect(block).rejects.toBeInstanceOf(Refusal);
      expect(await Member.objects.count()).toBe(3);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36 });
    });

    test("inside another rolls back alone", async () => {
      const { database, Member } = use();
      await database.atomic(async () => {
        await Member.objects.create({ username: "outer" });
        await expect(
          database.atomic(async () => {
            await Member.objects.create({ username: "inner" });
            await database.atomic(() => Member.objects.create({ username: "innermost" }));
            await refuse();
          }),
        ).rejects.toBeInstanceOf(Refusal);
        await database.atomic(() => Member.objects.create({ username: "kept" }));
      });
      expect(await usernames(Member.objects.filter({ id__gt: 3 }).orderBy("username"))).toEqual(["kept", "outer"]);
    });

    test("goes on after a statement that failed inside a nested block", async () => {
      const { database, Member } = use();
      await database.atomic(async () => {
        await database.atomic(() => Member.objects.create({ username: "ada" })).catch(() => undefined);
        await Member.objects.create({ username: "after" });
      });
      expect(await Member.objects.filter({ username: "after" }).exists()).toBe(true);
    });

    test("is not entered by statements of others: their reads do not see it, their writes wait for it", async () => {
      const { database, Member } = use();
      const written = gate();
      const ended = gate();
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 99 });
        written.open();
        await ended.opened;
        await refuse();
      });
      await Promise.race([written.opened, block]);
      const order: string[] = [];
      const write = Member.objects
        .filter({ id: 1, age: 36 })
        .update({ email: "by another" })
        .then((count) => order.push(`written ${count}`));
      const read = Member.objects.get({ id: 1 }).then((row) => row.age);
      order.push("ended");
      ended.open();
      await block.catch(() => undefined);
      await write;
      expect(await read).toBe(36);
      expect(order).toEqual(["ended", "written 1"]);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36, email: "by another" });
    });

    test("waits for a block that has written to the same row, so that neither write is lost", async () => {
      const { database, Member } = use();
      const addOne = () =>
        database.atomic(async () => {
          await Member.objects.filter({ id: 1 }).update({ email: "mine for now" });
          const { age } = await Member.objects.get({ id: 1 });
          await Member.objects.filter({ id: 1 }).update({ age: Number(age) + 1 });
        });
      await Promise.all(Array.from({ length: 8 }, addOne));
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 44 });
    });

    test("runs blocks inside it one after the other, so that each rolls back alone", async () => {
      const { database, Member } = use();
      const inner = (number: number) =>
        database.atomic(async () => {
          await Member.objects.create({ username: `inner ${number}` });
          await Member.objects.count();
          if (number % 2 === 0) await refuse();
        });
      await database.atomic(async () => {
        await Promise.allSettled([inner(1), inner(2), inner(3), inner(4), Member.objects.create({ username: "beside" })]);
      });
      expect(await usernames(Member.objects.filter({ id__gt: 3 }).orderBy("username"))).toEqual(["beside", "inner 1", "inner 3"]);
    });

    test("that has ended refuses what it had started and not awaited", async () => {
      const { database, Member } = use();
      const ended = gate();
      let late: Promise<unknown> = Promise.resolve();
      await database.atomic(async () => {
        late = ended.opened.then(() => Member.objects.create({ username: "late" }));
        late.catch(() => undefined);
      });
      ended.open();
      await expect(late).rejects.toBeInstanceOf(TransactionError);
      expect(await Member.objects.count()).toBe(3);
    });

    test("lets work go on after it that was started outside of it", async () => {
      const { database, Member } = use();
      const ended = gate();
      let late: Promise<unknown> = Promise.resolve();
      await database.atomic(async () => {
        late = database.outsideAtomic(() => ended.opened.then(() => Member.objects.create({ username: "late" })));
        expect(database.inAtomic).toBe(true);
      });
      ended.open();
      expect(await late).toMatchObject({ username: "late" });
    });

    test("that ends before a block inside it rolls everything back", async () => {
      const { database, Member } = use();
      const ended = gate();
      let inner: Promise<unknown> = Promise.resolve();
      const outer = database.atomic(async () => {
        await Member.objects.create({ username: "outer" });
        inner = database.atomic(async () => {
          await Member.objects.create({ username: "inner" });
          await ended.opened;
          await Member.objects.create({ username: "late" });
        });
        inner.catch(() => undefined);
      });
      await expect(outer).rejects.toBeInstanceOf(TransactionError);
      ended.open();
      await expect(inner).rejects.toBeInstanceOf(TransactionError);
      expect(await Member.objects.count()).toBe(3);
      await database.atomic(() => Member.objects.create({ username: "works again" }));
      expect(await Member.objects.count()).toBe(4);
    });

    test("holds raw SQL too", async () => {
      const { database, Member } = use();
      const block = database.atomic(async () => {
        await database.execute(sql`UPDATE member SET age = 77 WHERE id = ${1}`);
        expect(await database.execute(sql`SELECT age FROM member WHERE id = ${1}`)).toEqual([{ age: 77 }]);
        await refuse();
      });
      await expect(block).rejects.toBeInstanceOf(Refusal);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36 });
    });

    test("is the only way to a transaction: raw transaction commands are refused", async () => {
      await expect(use().database.execute(sql`BEGIN`)).rejects.toBeInstanceOf(TransactionError);
      await expect(use().database.execute(sql`/* x */ commit`)).rejects.toBeInstanceOf(TransactionError);
    });
  });
}
