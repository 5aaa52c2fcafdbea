import { sql } from "drizzle-orm";
import { customType, integer, sqliteTable } from "drizzle-orm/sqlite-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { DatabaseError } from "../../src/models/errors.ts";
import { openThings } from "./sqlite-things.ts";

const { database, Thing } = await openThings();

beforeEach(() => Thing.objects.delete());
afterAll(() => database.close());

describe("a custom column of the application", () => {
  const seen: unknown[] = [];
  const cents = customType<{ data: number; driverData: number | bigint }>({
    dataType: () => "integer",
    toDriver: (value) => Math.round(value * 100),
    fromDriver: (value) => {
      seen.push(value);
      return Number(value) / 100;
    },
  });
  const Account = database.model(sqliteTable("account", { id: integer().primaryKey(), balance: cents().notNull() }));

  beforeEach(async () => {
    seen.length = 0;
    await database.execute(sql`DROP TABLE IF EXISTS account`);
    await database.execute(sql`CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)`);
  });

  test("gets the same numbers from every statement", async () => {
    expect(await Account.objects.create({ balance: 12.34 })).toEqual({ id: 1, balance: 12.34 });
    expect(await Account.objects.get({ id: 1 })).toEqual({ id: 1, balance: 12.34 });
    expect(await Account.objects.all().updateReturning({ balance: 5 })).toEqual([{ id: 1, balance: 5 }]);
    expect(seen).toEqual([1234, 1234, 500]);
  });

  test("gets a bigint where no number holds the integer", async () => {
    await database.execute(sql`INSERT INTO account (balance) VALUES (9007199254740993)`);
    await Account.objects.get({ id: 1 });
    expect(seen).toEqual([9007199254740993n]);
  });
});

describe("a stored value that its column cannot mean", () => {
  test.each([
    ["JSON text", sql`INSERT INTO thing (payload) VALUES ('secret: {')`],
    ["a JSON blob", sql`INSERT INTO thing ("blobJson") VALUES (x'736563726574')`],
    ["a bigint", sql`INSERT INTO thing (huge) VALUES ('secret')`],
    ["a bigint in bytes", sql`INSERT INTO thing ("blobBig") VALUES (x'736563726574')`],
  ])("is a DatabaseError that names the column and does not quote the value: %s", async (_kind, insert) => {
    await database.execute(insert);
    const error: unknown = await Thing.objects.first().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ message: expect.stringMatching(/payload|blobJson|huge|blobBig/) });
    for (let at: unknown = error; at instanceof Error; at = at.cause) expect(String(at)).not.toContain("secret");
  });
});

describe("a JSON column", () => {
  test("keeps all digits of the integers in it", async () => {
    const value = { id: 9007199254740993n, list: [2n ** 70n, 1] };
    const row = await Thing.objects.create({ payload: value, blobJson: value });
    expect([row.payload, row.blobJson]).toEqual([value, value]);
    expect((await Thing.objects.get({ id: row.id })).payload).toEqual(value);
  });
});
