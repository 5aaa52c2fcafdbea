import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { canProjectJson, toJsonValue } from "../../src/models/json-value.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { decimal } from "../../src/sqlite.ts";
import { thingValues } from "./arbitrary-things.ts";
import { openThings } from "./sqlite-things.ts";

const { database, Thing } = await openThings();

beforeEach(() => Thing.objects.delete());
afterAll(() => database.close());

describe("a column of SQLite", () => {
  test("is read as the kind that its definition says", () => {
    const kinds = Object.fromEntries([...Thing.columns].map(([name, column]) => [name, column.kind]));
    expect(kinds).toEqual({
      id: "integer",
      whole: "integer",
      flag: "boolean",
      seconds: "datetime",
      millis: "datetime",
      label: "string",
      state: "string",
      payload: "json",
      ratio: "float",
      loose: "decimal",
      looseNumber: "float",
      huge: "bigint",
      bytes: "binary",
      blobJson: "json",
      blobBig: "bigint",
      price: "decimal",
      moment: "datetime",
      day: "date",
      clock: "time",
      key: "uuid",
    });
    expect(Thing.columns.get("state")).toMatchObject({ choices: ["open", "closed"], nullable: true, hasDefault: false });
    expect(Thing.columns.get("price")).toMatchObject({ maxDigits: 15, decimalPlaces: 3 });
    expect(Thing.pk).toMatchObject({
      name: "id",
      generated: true,
      primaryKey: true,
      unique: true,
      nullable: false,
      hasDefault: true,
    });
  });

  test("gives back any value that it was given", async () => {
    await fc.assert(
      fc.asyncProperty(thingValues, async (values) => {
        const { id, ...row } = await Thing.objects.create(values);
        const expected = {
          ...values,
          seconds: values.seconds ? new Date(Math.floor(values.seconds.getTime() / 1000) * 1000) : null,
        };
        expect(row).toMatchObject({ ...expected, label: values.label ?? null });
        expect(await Thing.objects.get({ id })).toEqual({ id, ...row });
      }),
      { numRuns: 150 },
    );
  });

  test("holds JSON of every shape", async () => {
    for (const value of [{ a: [1, null, "x"] }, [], "text", 5, false]) {
      const row = await Thing.objects.create({ payload: value, blobJson: value });
      expect([row.payload, row.blobJson]).toEqual([value, value]);
    }
  });

  test("of integers beyond 2^53 is read as bigint, exact, by every statement", async () => {
    await Thing.objects.create({ whole: 1, huge: 5n });
    await database.execute(sql`UPDATE thing SET whole = 9007199254740993`);
    expect((await Thing.objects.first())?.whole).toBe(9007199254740993n);
    expect((await Thing.objects.values("whole").toArray())[0]?.whole).toBe(9007199254740993n);
    expect((await Thing.objects.updateReturning({ label: "x" }))[0]?.whole).toBe(9007199254740993n);
    const json = await Thing.objects.fetchJson([{ key: "whole", column: "whole" }]);
    expect(json.text).toBe('[{"whole":9007199254740993}]');
  });

  test("takes a moment, a UUID or a decimal in any spelling and keeps one", async () => {
    const row = await Thing.objects.create({
      moment: "2024-05-06 07:08:09.1234567+02:00",
      key: "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}",
      price: "+01.5e1",
      clock: "05:08",
    });
    expect(row).toMatchObject({
      moment: "2024-05-06T05:08:09.123456Z",
      key: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
      price: "15.000",
      clock: "05:08:00",
    });
    expect(
      await Thing.objects
        .filter({ key: "6BA7B8109DAD11D180B400C04FD430C8", price: "15", moment: "2024-05-06T05:08:09.123456Z" })
        .count(),
    ).toBe(1);
  });

  test.each([
    { whole: "1" },
    { whole: Number.NaN },
    { flag: 1 },
    { label: 5 },
    { label: "a\0b" },
    { ratio: "1" },
    { ratio: Number.NaN },
    { huge: 1.5 },
    { price: "1.2345" },
    { price: "1234567890123" },
    { price: "x" },
    { moment: "yesterday" },
    { moment: "2024-02-30T00:00:00Z" },
    { day: "2024-13-01" },
    { clock: "25:00" },
    { key: "nope" },
    { bytes: "x" },
    { millis: new Date(Number.NaN) },
    { millis: new Date(8.64e15) },
  ])("refuses %j with a 400", async (values) => {
    await expect(Thing.objects.create(values as never)).rejects.toMatchObject({ status: 400 });
    expect(await Thing.objects.count()).toBe(0);
  });

  test("of decimals compares and sorts as numbers", async () => {
    await Thing.objects.bulkCreate([
      { price: "10.5" },
      { price: "9.25" },
      { price: "-1" },
      { price: "999999999999.999" },
      { price: "999999999999.998" },
    ]);
    const prices = (await Thing.objects.orderBy("price").toArray()).map((row) => row.price);
    expect(prices).toEqual(["-1.000", "9.250", "10.500", "999999999999.998", "999999999999.999"]);
    expect(await Thing.objects.filter({ price__gt: "9.3" }).count()).toBe(3);
    expect(await Thing.objects.filter({ price__in: ["9.25", "999999999999.999"] }).count()).toBe(2);
  });

  test("of decimals has at most the 15 digits that SQLite keeps exactly", () => {
    expect(() => decimal({ maxDigits: 16, decimalPlaces: 2 })).toThrow(ImproperlyConfigured);
    expect(() => decimal({ maxDigits: 4, decimalPlaces: 5 })).toThrow(ImproperlyConfigured);
  });

  test("of moments sorts by time, whatever the fraction", async () => {
    const sorted = [
      "0001-01-01T00:00:00Z",
      "1969-12-31T23:59:59.999999Z",
      "2024-05-06T05:08:09Z",
      "2024-05-06T05:08:09.000001Z",
      "2024-05-06T05:08:10Z",
    ];
    await Thing.objects.bulkCreate(sorted.toReversed().map((moment) => ({ moment })));
    expect((await Thing.objects.orderBy("moment").toArray()).map((row) => row.moment)).toEqual(sorted);
    expect(await Thing.objects.filter({ moment__gt: "2024-05-06T05:08:09Z" }).count()).toBe(2);
    expect(await Thing.objects.filter({ moment__lte: "2024-05-06T07:08:09+02:00" }).count()).toBe(3);
  });

  test("whose stored form has another order than its values can be compared for equality only", async () => {
    await Thing.objects.bulkCreate([{ blobBig: 10n }, { blobBig: 9n }]);
    expect(await Thing.objects.filter({ blobBig__in: [9n, 2n ** 90n] }).count()).toBe(1);
    expect(() => Thing.objects.filter({ blobBig__gt: 9n })).toThrow(/Unsupported lookup/);
    expect(() => Thing.objects.orderBy("blobBig")).toThrow(/ordered/);
  });
});

describe("JSON built by SQLite", () => {
  const columns = [...Thing.columns.values()].filter((column) => canProjectJson(Thing, column));
  const projection = columns.map(({ name }) => ({ key: `"${name}'`, column: name }));

  test("covers all kinds but floats, JSON and bytes", () => {
    expect(columns.map((column) => column.name)).toEqual([
      "id",
      "whole",
      "flag",
      "seconds",
      "millis",
      "label",
      "state",
      "huge",
      "blobBig",
      "price",
      "moment",
      "day",
      "clock",
      "key",
    ]);
  });

  test("equals what encodeJson writes of the rows, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(thingValues, { maxLength: 5 }), async (values) => {
        await Thing.objects.delete();
        await Thing.objects.bulkCreate(values);
        const sorted = Thing.objects.orderBy("-id");
        const rows = await sorted.toArray();
        const objects = rows.map((row) =>
          Object.fromEntries(columns.map((column) => [`"${column.name}'`, toJsonValue(column, Reflect.get(row, column.name))])),
        );
        expect((await sorted.fetchJson(projection)).text).toBe(encodeJson(objects));
        expect((await sorted.getJson(projection))?.text ?? null).toBe(objects[0] === undefined ? null : encodeJson(objects[0]));
        expect((await sorted.slice(1, 3).fetchJson(projection)).text).toBe(encodeJson(objects.slice(1, 3)));
      }),
      { numRuns: 200 },
    );
  });

  test("refuses a column that it cannot write faithfully", async () => {
    await expect(Thing.objects.fetchJson([{ key: "ratio", column: "ratio" }])).rejects.toBeInstanceOf(ImproperlyConfigured);
    await expect(Thing.objects.fetchJson([{ key: "x", column: "nope" }])).rejects.toBeInstanceOf(ImproperlyConfigured);
  });
});
