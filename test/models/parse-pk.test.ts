import { blob, integer, numeric, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { afterAll, describe, expect, test } from "vitest";
import { parsePk } from "../../src/models/parse-pk.ts";
import { openSqlite, uuid } from "../../src/sqlite.ts";

const database = await openSqlite(":memory:");
const Numbered = database.model(sqliteTable("numbered", { id: integer().primaryKey(), slug: text() }));
const Keyed = database.model(sqliteTable("keyed", { key: uuid().primaryKey() }));
const Named = database.model(sqliteTable("named", { slug: text().primaryKey() }));
const Wide = database.model(
  sqliteTable("wide", { id: numeric({ mode: "bigint" }).primaryKey(), bytes: blob({ mode: "bigint" }), wideId: integer() }),
);
afterAll(() => database.close());

describe("5.2 the primary key from the wire", () => {
  test.each([
    [1, 1],
    ["1", 1],
    [" 2 ", 2],
    ["+3", 3],
    ["-4", -4],
    ["1_0", 10],
    ["٣", 3],
    ["१२", 12],
    ["𝟙𝟚", 12],
    ["007", 7],
    [1.0, 1],
    [2.9, 2],
    [-2.9, -2],
    [true, 1],
    [false, 0],
    [5n, 5],
    [2n ** 60n, 2n ** 60n],
    ["9007199254740993", 9007199254740993n],
  ])("of an integer model: %o is %o, as Python's int() has it", (value, expected) => {
    expect(parsePk(Numbered, value)).toBe(expected);
  });

  test.each([
    ["1.0"],
    ["abc"],
    [""],
    [" "],
    ["1__0"],
    ["_1"],
    ["1_"],
    ["0x10"],
    ["1e3"],
    ["- 1"],
    [null],
    [undefined],
    [[]],
    [[1]],
    [{}],
    [{ $ne: null }],
    [Number.NaN],
    [Infinity],
    [2n ** 63n],
    ["9".repeat(30)],
    ["1".repeat(200)],
  ])("of an integer model: %o is none", (value) => {
    expect(parsePk(Numbered, value)).toBeUndefined();
  });

  const UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  test.each([
    [UUID],
    [UUID.toUpperCase()],
    [UUID.replaceAll("-", "")],
    [`{${UUID}}`],
    [`urn:uuid:${UUID}`],
    [0x6ba7b8109dad11d180b400c04fd430c8n],
  ])("of a UUID model: %o is the UUID", (value) => {
    expect(parsePk(Keyed, value)).toBe(UUID);
  });

  test("of a UUID model can be a small integer", () => {
    expect(parsePk(Keyed, 1)).toBe("00000000-0000-0000-0000-000000000001");
  });

  test.each([["nope"], [""], [UUID.slice(1)], [`${UUID}0`], [-1], [1.5], [2n ** 128n], [null], [true], [[]], [{}]])(
    "of a UUID model: %o is none",
    (value) => {
      expect(parsePk(Keyed, value)).toBeUndefined();
    },
  );

  test("of a text model is a text, or a number written out", () => {
    expect([parsePk(Named, "a b"), parsePk(Named, 5), parsePk(Named, ""), parsePk(Named, 10n)]).toEqual(["a b", "5", "", "10"]);
    expect([parsePk(Named, null), parsePk(Named, true), parsePk(Named, []), parsePk(Named, {}), parsePk(Named, "a\0b")]).toEqual(
      Array(5).fill(undefined),
    );
  });

  test("can be that of another column", () => {
    expect(parsePk(Numbered, 7, "slug")).toBe("7");
    expect(() => parsePk(Numbered, 7, "nope")).toThrow(/no column "nope"/);
  });

  test("of a 64-bit column is none beyond its range", () => {
    expect([parsePk(Wide, "5"), parsePk(Wide, 2n ** 63n - 1n), parsePk(Wide, -(2n ** 63n))]).toEqual([
      5n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]);
    expect([parsePk(Wide, 2n ** 63n), parsePk(Wide, -(2n ** 63n) - 1n), parsePk(Wide, 1e300)]).toEqual(Array(3).fill(undefined));
    expect(parsePk(Wide, 2n ** 90n, "bytes")).toBe(2n ** 90n);
  });

  test("cannot be that of a column behind a relation, and the error says so", () => {
    expect(() => parsePk(Wide, 1, "wide__id")).toThrow(/a column of Wide itself, .*"wide__id".*relation/);
  });
});
