import { execFileSync } from "node:child_process";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AnyModel } from "../../src/models/model.ts";
import type { SqliteDatabase } from "../../src/sqlite.ts";
import { thingValues } from "./arbitrary-things.ts";
import { changesOf } from "./change-log/changes-of.ts";
import { openThings } from "./sqlite-things.ts";

let database: SqliteDatabase;
let Thing: AnyModel;
beforeEach(async () => {
  ({ database, Thing } = await openThings());
  database.changes.observe(Thing);
  await database.changes.ready();
});
afterEach(() => database.close());

describe("a logged row", () => {
  test("equals what a queryset gives, for every kind of column and value", async () => {
    await fc.assert(
      fc.asyncProperty(thingValues, thingValues, async (first, second) => {
        const told = await changesOf(database, async () => {
          const { id } = await Thing.objects.create(first);
          await Thing.objects.filter({ id }).update(second);
        });
        const [created, updated] = told.map(({ changes }) => changes[0]);
        const row = await Thing.objects.get({ id: created?.pk });
        expect(updated?.after).toEqual(row);
        expect(updated?.before).toEqual(created?.after);
        const removed = await changesOf(database, () => Thing.objects.filter({ id: row.id }).delete());
        expect(removed[0]?.changes[0]?.before).toEqual(row);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["an integer beyond 2^53", "whole", "9007199254740993"],
    ["the smallest integer", "whole", "-9223372036854775808"],
    ["infinity", "ratio", "9e999"],
    ["minus infinity", "ratio", "-9e999"],
    ["the smallest number above zero", "ratio", "5e-324"],
    ["the largest number", "ratio", "1.7976931348623157e308"],
    ["minus zero", "ratio", "-0.0"],
    ["bytes in a text column", "label", "x'00ff80'"],
    ["a text that looks like what the log writes", "label", `'["i7"]'`],
    ["a text in a column of integers", "whole", "'not a number'"],
    ["bytes that are no UTF-8, as text", "label", "CAST(x'61ff22c3' AS TEXT)"],
    ["a number with a fraction in a column of integers", "whole", "1.5"],
    ["an empty text", "label", "''"],
    ["no bytes", "bytes", "x''"],
  ])("equals what a queryset gives for %s", async (_what, name, value) => {
    const [told] = await changesOf(database, () => database.execute(sql.raw(`INSERT INTO thing (${name}) VALUES (${value})`)));
    const [row] = await Thing.objects.all().toArray();
    expect(told?.changes[0]?.after).toEqual(row);
    expect(told?.lost).toEqual([]);
  });

  test("holds a text with a NUL whole", async () => {
    const [told] = await changesOf(database, () =>
      Thing.database.execute(sql`INSERT INTO thing (label) VALUES ('a' || char(0) || 'b')`),
    );
    expect(told?.changes[0]?.after?.label).toBe("a\0b");
  });

  test("that its column cannot read is told as lost, and the write is none the worse for it", async () => {
    const told = await changesOf(database, () => database.execute(sql`INSERT INTO thing (payload) VALUES ('{broken')`));
    expect(told).toMatchObject([{ changes: [], lost: [Thing] }]);
  });

  test("that is very long is told as lost, and the write is none the worse for it", { timeout: 60_000 }, async () => {
    const told = await changesOf(database, async () => {
      await database.execute(sql`INSERT INTO thing (label) VALUES (CAST(zeroblob(70000000) AS TEXT))`);
      // Its digits would be more than SQLite's longest text.
      await database.execute(sql`INSERT INTO thing (bytes) VALUES (zeroblob(510000000))`);
    });
    expect(told.map(({ changes, lost }) => [changes, lost])).toEqual([
      [[], [Thing]],
      [[], [Thing]],
    ]);
    expect(await Thing.objects.count()).toBe(2);
  });
});

test("real numbers are exact whichever SQLite writes them, but for the farthest ends where old ones calculate wrong", async () => {
  const near = fc.double({ noNaN: true, min: -1e200, max: 1e200 }).filter((value) => value === 0 || Math.abs(value) > 1e-200);
  const doubles = fc.sample(near, 2000);
  const statements = doubles.map((value) => `SELECT printf('["r%!.20e"]', ${value.toExponential(20)});`).join("\n");
  const written = sqlite3(statements);
  if (written === null) return;
  const { decodedValue } = await import("../../src/models/adapters/sqlite/sqlite-log-values.ts");
  expect(written.map((text) => decodedValue(JSON.parse(text)))).toEqual(doubles.map((value) => value + 0));
});

/** The lines that the `sqlite3` command prints; null where there is none. */
function sqlite3(statements: string): string[] | null {
  try {
    return execFileSync("sqlite3", [":memory:"], { input: statements, maxBuffer: 1e8 }).toString().trim().split("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
