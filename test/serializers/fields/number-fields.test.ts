import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BigIntegerField } from "../../../src/serializers/fields/big-integer-field.ts";
import { BooleanField } from "../../../src/serializers/fields/boolean-field.ts";
import { DecimalField } from "../../../src/serializers/fields/decimal-field.ts";
import { FloatField } from "../../../src/serializers/fields/float-field.ts";
import { IntegerField } from "../../../src/serializers/fields/integer-field.ts";
import { refused, shown, validated } from "./run-field.ts";

describe("BooleanField", () => {
  test.each([true, "true", "True", "TRUE", "t", "y", "yes", "on", "1", 1])("takes %j as true", async (data) => {
    expect(await validated(new BooleanField(), data)).toBe(true);
  });
  test.each([false, "false", "f", "n", "no", "OFF", "0", 0])("takes %j as false", async (data) => {
    expect(await validated(new BooleanField(), data)).toBe(false);
  });
  test.each(["maybe", 2, "", [], {}, "null"])("refuses %j", async (data) => {
    expect(await validated(new BooleanField(), data)).toEqual(refused("Must be a valid boolean."));
  });
  test.each([null, "null", "NULL", ""])("takes %j as null where null is a value", async (data) => {
    expect(await validated(new BooleanField({ allowNull: true }), data)).toBe(null);
  });
});

describe("IntegerField", () => {
  test.each([
    [7, 7],
    ["7", 7],
    ["7.0", 7],
    [" +7. ", 7],
    ["1_000", 1000],
    ["-0", 0],
    [-0, 0],
    ["٣", 3],
    ["9007199254740993", 9007199254740993n],
    [12345678901234567890n, 12345678901234567890n],
  ])("takes %s exactly", async (data, value) => {
    expect(await validated(new IntegerField(), data)).toBe(value);
  });

  test.each([1.5, "1.5", "x", "", true, [], [1], {}, "1e3", "0x10", "1__0", "--1", Number.NaN])("refuses %j", async (data) => {
    expect(await validated(new IntegerField(), data)).toEqual(refused("A valid integer is required."));
  });

  test("refuses texts over 1000 characters unread", async () => {
    expect(await validated(new IntegerField(), "1".repeat(1001))).toEqual(refused("String value too large."));
    expect(await validated(new IntegerField(), "1".repeat(1000))).toBe(BigInt("1".repeat(1000)));
  });

  test("keeps to its limits, beyond 2^53 too", async () => {
    const field = new IntegerField({ minValue: 0, maxValue: 1000 });
    expect(await validated(field, -1)).toEqual(refused("Ensure this value is greater than or equal to 0."));
    expect(await validated(field, "99999999999999999999")).toEqual(refused("Ensure this value is less than or equal to 1000."));
  });

  test("a BigIntegerField always gives a bigint", async () => {
    expect(await validated(new BigIntegerField(), "5")).toBe(5n);
    expect(await validated(new BigIntegerField(), 5)).toBe(5n);
    expect(await validated(new BigIntegerField(), 5.5)).toEqual(refused("A valid integer is required."));
  });

  test("every integer survives as number and as text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (integer) => {
        expect(BigInt(String(await validated(new IntegerField(), integer)))).toBe(integer);
        expect(BigInt(String(await validated(new IntegerField(), `${integer}.00`)))).toBe(integer);
      }),
    );
  });
});

describe("FloatField", () => {
  test.each([
    [1, 1],
    ["2", 2],
    [" 1_0.5e-1 ", 1.05],
    [".5", 0.5],
    ["5.", 5],
    [true, 1],
    [1e16, 1e16],
  ])("takes %j", async (data, value) => {
    expect(await validated(new FloatField(), data)).toBe(value);
  });

  test.each(["x", "", "nan", "NaN", "inf", "-Infinity", Number.NaN, Number.POSITIVE_INFINITY, "1e999", [], {}, "0x1", "1 2"])(
    "refuses %j",
    async (data) => {
      expect(await validated(new FloatField(), data)).toEqual(refused("A valid number is required."));
    },
  );

  test("keeps to its limits", async () => {
    const field = new FloatField({ minValue: 0.5, maxValue: 1.5 });
    expect(await validated(field, 0.4)).toEqual(refused("Ensure this value is greater than or equal to 0.5."));
    expect(await validated(field, 1.6)).toEqual(refused("Ensure this value is less than or equal to 1.5."));
    expect(await validated(field, "1".repeat(1001))).toEqual(refused("String value too large."));
  });
});

describe("DecimalField", () => {
  const price = new DecimalField({ maxDigits: 8, decimalPlaces: 2 });

  test.each([
    [3, "3.00"],
    [1.5, "1.50"],
    ["12.50", "12.50"],
    [" 0012.5 ", "12.50"],
    ["1e3", "1000.00"],
    ["-.5", "-0.50"],
    ["0", "0.00"],
    ["1_0", "10.00"],
    [999999.99, "999999.99"],
  ])("takes %j in full", async (data, value) => {
    expect(await validated(price, data)).toBe(value);
  });

  test.each([
    ["abc", "A valid number is required."],
    ["", "A valid number is required."],
    [true, "A valid number is required."],
    ["NaN", "A valid number is required."],
    ["Infinity", "A valid number is required."],
    [[], "A valid number is required."],
    ["1.234", "Ensure that there are no more than 2 decimal places."],
    ["1234567.00", "Ensure that there are no more than 8 digits in total."],
    ["123456789.1", "Ensure that there are no more than 8 digits in total."],
    ["1234567", "Ensure that there are no more than 6 digits before the decimal point."],
    ["1e999999", "Ensure that there are no more than 8 digits in total."],
    ["1".repeat(1001), "String value too large."],
  ])("refuses %j with DRF's text", async (data, message) => {
    expect(await validated(price, data)).toEqual(refused(message));
  });

  test("compares limits exactly", async () => {
    const field = new DecimalField({ minValue: "0.10", maxValue: 10 });
    expect(await validated(field, "0.1")).toBe("0.1");
    expect(await validated(field, "0.09999999999999999999")).toEqual(
      refused("Ensure this value is greater than or equal to 0.10."),
    );
    expect(await validated(field, "10.00000000000000000001")).toEqual(refused("Ensure this value is less than or equal to 10."));
  });

  test("a short text cannot grow into a long number", async () => {
    expect(await validated(new DecimalField(), "1e999999")).toEqual(refused("String value too large."));
  });

  test("shows as many places as it has, rounded half to even", async () => {
    expect(await shown(price, "2.345")).toBe("2.34");
    expect(await shown(price, "2.355")).toBe("2.36");
    expect(await shown(price, 7)).toBe("7.00");
    expect(await shown(new DecimalField({ decimalPlaces: 0 }), "2.5")).toBe("2");
  });
});
