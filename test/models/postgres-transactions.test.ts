import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SerializationFailure, TransactionError } from "../../src/models/errors.ts";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { createTables, declareModels, emptyTables, members } from "./postgres-tables.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

/** Resolves for all when so many have come. */
function meeting(count: number): () => Promise<void> {
  let missing = count;
  let open: () => void = () => undefined;
  const met = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing -= 1;
    if (missing <= 0) open();
    return met;
  };
}

describeWith(services.postgres, "a transaction of PostgreSQL", () => {
  let server: TemporaryPostgres;
  let database: PostgresDatabase;
  let Member: ReturnType<typeof declareModels>["Member"];

  beforeAll(async () => {
    server = await temporaryPostgres({ options: "-c deadlock_timeout=20ms" }).catch(() => temporaryPostgres());
    database = await openPostgres(server.url);
    await createTables(database);
    ({ Member } = declareModels(database));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });
  beforeEach(async () => {
    await emptyTables(database);
    await Member.objects.bulkCreate([
      { username: "ada", age: 1 },
      { username: "bob", age: 1 },
    ]);
  });

  test("that could not be serialized runs again, so that no update is lost", async () => {
    let runs = 0;
    const met = meeting(4);
    const addOne = () =>
      database.atomic(
        async () => {
          runs += 1;
          const { age } = await Member.objects.get({ id: 1 });
          await met();
          await Member.objects.filter({ id: 1 }).update({ age: Number(age) + 1 });
        },
        { isolationLevel: "repeatable read" },
      );
    await Promise.all([addOne(), addOne(), addOne(), addOne()]);
    expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 5 });
    expect(runs).toBeGreaterThan(4);
  });

  test("that two serializable ones skewed runs again", async () => {
    const met = meeting(2);
    const moveTo = (mine: number, other: number) =>
      database.atomic(
        async () => {
          const { age } = await Member.objects.get({ id: other });
          await met();
          await Member.objects.filter({ id: mine }).update({ age: Number(age) + 1 });
        },
        { isolationLevel: "serializable" },
      );
    await Promise.all([moveTo(1, 2), moveTo(2, 1)]);
    const ages = (await Member.objects.orderBy("age").toArray()).map((row) => row.age);
    expect(ages).toEqual([2, 3]);
  });

  test("that was in a deadlock runs again, savepoints and all", async () => {
    const met = meeting(2);
    const both = (first: number, second: number) =>
      database.atomic(async () => {
        await Member.objects.filter({ id: first }).update({ email: `${first}` });
        await met();
        await database.atomic(() => Member.objects.filter({ id: second }).update({ email: `${first}` }));
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    const emails = (await Member.objects.toArray()).map((row) => row.email);
    expect(new Set(emails).size).toBe(1);
  });

  test("is run again so often and no more", async () => {
    const impatient = await openPostgres(server.url, { serializationRetries: 2, isolationLevel: "repeatable read" });
    const Own = declareModels(impatient).Member;
    let runs = 0;
    const block = impatient.atomic(async () => {
      runs += 1;
      await Own.objects.get({ id: 1 });
      await database.outsideAtomic(() => Member.objects.filter({ id: 1 }).update({ age: runs }));
      await Own.objects.filter({ id: 1 }).update({ age: 100 });
    });
    await expect(block).rejects.toBeInstanceOf(SerializationFailure);
    await expect(block).rejects.toMatchObject({ status: 503 });
    expect(runs).toBe(3);
    await impatient.close();
  });

  test("in which a failed statement was passed over keeps nothing, and says so", async () => {
    const silent = database.atomic(async () => {
      await Member.objects.create({ username: "first" });
      await Member.objects.create({ username: "ada" }).catch(() => undefined);
    });
    await expect(silent).rejects.toThrow(/inner atomic block/);
    const onward = database.atomic(async () => {
      await Member.objects.create({ username: "ada" }).catch(() => undefined);
      await Member.objects.create({ username: "second" });
    });
    await expect(onward).rejects.toBeInstanceOf(TransactionError);
    expect(await Member.objects.count()).toBe(2);
  });

  test("that breaks a deferred constraint when it commits is refused as by a statement", async () => {
    await database.execute(
      sql`ALTER TABLE member ADD CONSTRAINT later FOREIGN KEY (age) REFERENCES team(id) DEFERRABLE INITIALLY DEFERRED NOT VALID`,
    );
    const block = database.atomic(() => Member.objects.create({ username: "x", age: 99 }));
    await expect(block).rejects.toMatchObject({ kind: "foreign_key", columns: [] });
    await database.execute(sql`ALTER TABLE member DROP CONSTRAINT later`);
    expect(await Member.objects.count()).toBe(2);
  });

  test("of several raw statements gives what the last one gives", async () => {
    expect(await database.execute(sql`SELECT 1 AS one; SELECT 2 AS two`)).toEqual([{ two: 2 }]);
  });

  test("tells its listeners once, however often it ran", async () => {
    let [runs, commits] = [0, 0];
    const stop = database.onCommit(() => {
      commits += 1;
    });
    await database.atomic(async () => {
      runs += 1;
      await Member.objects.create({ username: `run ${runs}` });
      if (runs === 1) throw new SerializationFailure();
    });
    stop();
    expect([runs, commits]).toEqual([2, 1]);
    expect(await Member.objects.filter({ username__startswith: "run" }).count()).toBe(1);
  });

  test("holds drizzle's query builder too", async () => {
    const block = database.atomic(async () => {
      await database.drizzle.update(members).set({ age: 99 }).where(eq(members.id, 1));
      expect(await database.drizzle.select().from(members).orderBy(members.id)).toMatchObject([
        { username: "ada", age: 99, isActive: true },
        { username: "bob" },
      ]);
      expect(await database.drizzle.execute(sql`SELECT count(*) AS count, true AS yes FROM member`)).toEqual([
        { count: 2, yes: true },
      ]);
      await Member.objects.create({ username: "ada" });
    });
    await expect(block).rejects.toMatchObject({ kind: "unique" });
    expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 1 });
  });

  describe("and its prepared statements", () => {
    test("are one for each shape of query and connection", async () => {
      const one = await openPostgres(server.url, { max: 1 });
      const Own = declareModels(one).Member;
      const everyShape = async (id: number) => {
        await Own.objects.get({ pk: id }).catch(() => undefined);
        await Own.objects.filter({ id__in: Array.from({ length: id }, (_, index) => index) }).toArray();
        await Own.objects
          .filter({ email__icontains: `${id}` })
          .orderBy("-id")
          .slice(id, id + 5)
          .toArray();
        await Own.objects.create({ username: `name ${id}` });
        await Own.objects.filter({ pk: id }).update({ email: `${id}` });
        await Own.objects.filter({ pk: id + 100 }).delete();
      };
      await everyShape(1);
      const prepared = one.preparedStatements;
      for (let id = 2; id < 20; id += 1) await everyShape(id);
      expect(one.preparedStatements).toBe(prepared);
      await one.close();
    });

    test("are forgotten when they are too many", async () => {
      const one = await openPostgres(server.url, { max: 1 });
      for (let number = 0; number < 400; number += 1) await one.statements.all(`SELECT ${number}`, []);
      expect(await one.statements.all("SELECT 0", [])).toEqual([["0"]]);
      const [kept] = await one.execute<{ count: number }>(sql`SELECT count(*) AS count FROM pg_prepared_statements`);
      expect(kept?.count).toBe(300);
      await one.close();
    });

    test("survive a change of the tables, in a block and out of it", async () => {
      const Own = declareModels(database).Member;
      const all = () => Promise.all([1, 2, 3, 4].map(async () => database.statements.all("SELECT * FROM member", [])));
      await all();
      await database.execute(sql`ALTER TABLE member ADD COLUMN added integer`);
      for (const rows of await all()) expect(rows[0]).toHaveLength(7);
      await database.execute(sql`ALTER TABLE member DROP COLUMN added`);
      await database.atomic(async () => {
        await Own.objects.filter({ id: 1 }).update({ age: 7 });
        const [row] = await database.statements.all("SELECT * FROM member", []);
        expect(row).toHaveLength(6);
      });
      expect(await Own.objects.get({ id: 1 })).toMatchObject({ age: 7 });
    });
  });
});
