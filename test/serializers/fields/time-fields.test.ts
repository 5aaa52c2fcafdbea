import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DateField } from "../../../src/serializers/fields/date-field.ts";
import { DateTimeField } from "../../../src/serializers/fields/date-time-field.ts";
import { DurationField } from "../../../src/serializers/fields/duration-field.ts";
import { TimeField } from "../../../src/serializers/fields/time-field.ts";
import { refused, shown, validated } from "./run-field.ts";

describe("DateTimeField", () => {
  test.each([
    ["2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"],
    ["2024-05-06 07:08", "2024-05-06T07:08:00Z"],
    ["2024-5-6 7:8", "2024-05-06T07:08:00Z"],
    ["2024-05-06", "2024-05-06T00:00:00Z"],
    ["2024-05-06T07:08:09.123456+02:00", "2024-05-06T05:08:09.123456Z"],
    ["2024-05-06T07:08:09,5-0130", "2024-05-06T08:38:09.500000Z"],
    ["2024-05-06T07:08:09.1234567891 +02", "2024-05-06T05:08:09.123456Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["2024-02-29T00:00", "2024-02-29T00:00:00Z"],
  ])("takes %s as %s", async (data, value) => {
    expect(await validated(new DateTimeField(), data)).toBe(value);
  });

  const wrong = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
  test.each([
    "nope",
    "",
    5,
    true,
    [],
    "2023-02-29T00:00",
    "2024-05-06T24:00",
    "2024-05-06T07:60",
    "2024-13-01T00:00",
    "0000-01-01T00:00",
    "2024-05-06T07:08+24:00",
  ])("refuses %j", async (data) => {
    expect(await validated(new DateTimeField(), data)).toEqual(refused(wrong));
  });

  test("refuses what an offset takes out of the calendar", async () => {
    expect(await validated(new DateTimeField(), "9999-12-31T23:59-01:00")).toEqual(refused("Datetime value out of range."));
    expect(await validated(new DateTimeField(), "0001-01-01T00:00+01:00")).toEqual(refused("Datetime value out of range."));
  });

  test("gives a Date where rows hold one", async () => {
    const field = new DateTimeField({ valueType: "date" });
    expect(await validated(field, "2024-05-06T07:08:09.123456+02:00")).toEqual(new Date("2024-05-06T05:08:09.123Z"));
    expect(await shown(field, new Date("2024-05-06T05:08:09.120Z"))).toBe("2024-05-06T05:08:09.120000Z");
    expect(await shown(field, new Date("2024-05-06T05:08:09.000Z"))).toBe("2024-05-06T05:08:09Z");
  });

  test("what it shows it also takes, unchanged", async () => {
    const moment = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    await fc.assert(
      fc.asyncProperty(moment, async (date) => {
        const text = await shown(new DateTimeField(), date);
        expect(await validated(new DateTimeField(), text)).toBe(text);
        expect(await validated(new DateTimeField({ valueType: "date" }), text)).toEqual(date);
      }),
    );
  });
});

describe("DateField and TimeField", () => {
  test("a date is a day of the calendar", async () => {
    const message = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    expect(await validated(new DateField(), "2024-5-6")).toBe("2024-05-06");
    for (const data of ["2024-13-01", "2023-02-29", "2024-05-06T00:00:00Z", "", 5, "06.05.2024"]) {
      expect(await validated(new DateField(), data)).toEqual(refused(message));
    }
  });

  test("a time has seconds, and microseconds where there are some", async () => {
    const message = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";
    expect(await validated(new TimeField(), "7:8")).toBe("07:08:00");
    expect(await validated(new TimeField(), "07:08:09.5")).toBe("07:08:09.500000");
    for (const data of ["24:00", "7", "", 5, "07:08Z"]) expect(await validated(new TimeField(), data)).toEqual(refused(message));
  });
});

describe("DurationField", () => {
  const hour = 3_600_000;
  test.each([
    ["3 02:00:01.5", (3 * 24 + 2) * hour + 1500],
    ["02:00", 120_000],
    ["15", 15_000],
    [15, 15_000],
    ["-1 00:00:01", -24 * hour + 1000],
    ["P1DT2H0.5S", 26 * hour + 500],
    ["0.000001", 0.001],
  ])("takes %j as %d milliseconds", async (data, value) => {
    expect(await validated(new DurationField(), data)).toBe(value);
  });

  test.each(["x", "", "1:2:3:4", [], true])("refuses %j", async (data) => {
    const message = "Duration has wrong format. Use one of these formats instead: [DD] [HH:[MM:]]ss[.uuuuuu].";
    expect(await validated(new DurationField(), data)).toEqual(refused(message));
  });

  test("shows days, clock and microseconds", async () => {
    expect(await shown(new DurationField(), 74 * hour + 1500)).toBe("3 02:00:01.500000");
    expect(await shown(new DurationField(), 120_000)).toBe("00:02:00");
    expect(await shown(new DurationField(), -1000)).toBe("-1 23:59:59");
  });

  test("keeps to its limits", async () => {
    const field = new DurationField({ maxValue: hour });
    expect(await validated(field, "01:00:01")).toEqual(refused("Ensure this value is less than or equal to 01:00:00."));
    expect(await validated(field, "999999999 00:00:00")).toEqual(
      refused("The number of days must be between -104249 and 104249."),
    );
  });
});
