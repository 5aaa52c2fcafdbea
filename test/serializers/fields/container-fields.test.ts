import { describe, expect, test } from "vitest";
import { BigIntegerField } from "../../../src/serializers/fields/big-integer-field.ts";
import { BooleanField } from "../../../src/serializers/fields/boolean-field.ts";
import { CharField } from "../../../src/serializers/fields/char-field.ts";
import { ChoiceField } from "../../../src/serializers/fields/choice-field.ts";
import { DateTimeField } from "../../../src/serializers/fields/date-time-field.ts";
import { DecimalField } from "../../../src/serializers/fields/decimal-field.ts";
import { DictField } from "../../../src/serializers/fields/dict-field.ts";
import { DurationField } from "../../../src/serializers/fields/duration-field.ts";
import type { Field } from "../../../src/serializers/fields/field.ts";
import { FloatField } from "../../../src/serializers/fields/float-field.ts";
import { IntegerField } from "../../../src/serializers/fields/integer-field.ts";
import { JSONField } from "../../../src/serializers/fields/json-field.ts";
import { ListField } from "../../../src/serializers/fields/list-field.ts";
import { MultipleChoiceField } from "../../../src/serializers/fields/multiple-choice-field.ts";
import { UUIDField } from "../../../src/serializers/fields/uuid-field.ts";
import { refused, shown, validated } from "./run-field.ts";

describe("ChoiceField", () => {
  const field = new ChoiceField({ choices: ["a", "b", 5] });

  test.each([
    ["a", "a"],
    ["5", 5],
    [5, 5],
  ])("takes %j", async (data, value) => {
    expect(await validated(field, data)).toBe(value);
  });

  test.each([
    ["z", '"z" is not a valid choice.'],
    ["", '"" is not a valid choice.'],
    [true, '"True" is not a valid choice.'],
    [["a"], "\"['a']\" is not a valid choice."],
    ["constructor", '"constructor" is not a valid choice.'],
    [null, "This field may not be null."],
  ])("refuses %j with DRF's text", async (data, message) => {
    expect(await validated(field, data)).toEqual(refused(message));
  });

  test("takes names for people beside the values", async () => {
    expect(await validated(new ChoiceField({ choices: { a: "Alpha" }, allowBlank: true }), "a")).toBe("a");
    expect(await validated(new ChoiceField({ choices: { a: "Alpha" }, allowBlank: true }), "")).toBe("");
  });

  test("several choices are a list, each once", async () => {
    const many = new MultipleChoiceField({ choices: ["a", "b"], allowEmpty: false });
    expect(await validated(many, ["b", "a", "b"])).toEqual(["b", "a"]);
    expect(await validated(many, ["z"])).toEqual(refused('"z" is not a valid choice.'));
    expect(await validated(many, "a")).toEqual(refused('Expected a list of items but got type "str".'));
    expect(await validated(many, [])).toEqual(refused("This selection may not be empty."));
  });
});

describe("ListField", () => {
  const field = new ListField({ child: new IntegerField(), minLength: 1, maxLength: 3 });

  test("converts its elements and keys their errors by index", async () => {
    expect(await validated(field, ["1", 2])).toEqual([1, 2]);
    expect(await validated(field, [1, "x", null])).toEqual({
      errors: { 1: ["A valid integer is required."], 2: ["This field may not be null."] },
    });
  });

  test.each([
    ["x", 'Expected a list of items but got type "str".'],
    [{}, 'Expected a list of items but got type "dict".'],
    [1.5, 'Expected a list of items but got type "float".'],
    [[1, 2, 3, 4], "Ensure this field has no more than 3 elements."],
    [[], "Ensure this field has at least 1 elements."],
  ])("refuses %j with DRF's text", async (data, message) => {
    expect(await validated(field, data)).toEqual(refused(message));
  });

  test("may be refused when empty", async () => {
    expect(await validated(new ListField({ child: new CharField(), allowEmpty: false }), [])).toEqual(
      refused("This list may not be empty."),
    );
  });

  test("shows each element by its field", async () => {
    expect(await shown(new ListField({ child: new CharField() }), [1, null])).toEqual(["1", null]);
  });
});

describe("DictField and JSONField", () => {
  test("a dictionary converts its values and keys their errors", async () => {
    const field = new DictField({ child: new IntegerField(), allowEmpty: false });
    expect(await validated(field, { a: "1" })).toEqual({ a: 1 });
    expect(await validated(field, { a: "x", b: 1 })).toEqual({ errors: { a: ["A valid integer is required."] } });
    expect(await validated(field, [])).toEqual(refused('Expected a dictionary of items but got type "list".'));
    expect(await validated(field, {})).toEqual(refused("This dictionary may not be empty."));
  });

  test("a key named __proto__ is a key like any other", async () => {
    const value = Object(await validated(new DictField(), JSON.parse('{"__proto__": {"polluted": true}}')));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });

  test("any JSON value is taken as it is", async () => {
    for (const value of [0, "", [], {}, false, { a: [null] }]) expect(await validated(new JSONField(), value)).toBe(value);
    expect(await validated(new JSONField(), null)).toEqual(refused("This field may not be null."));
  });
});

describe("a number that overflowed", () => {
  const overflowed: unknown = JSON.parse("1e999");

  test.each<[string, Field, unknown]>([
    ["ChoiceField", new ChoiceField({ choices: ["Infinity"] }), overflowed],
    ["MultipleChoiceField", new MultipleChoiceField({ choices: ["Infinity"] }), [overflowed]],
    ["JSONField", new JSONField(), overflowed],
    ["JSONField, inside", new JSONField(), { a: [1, { b: overflowed }] }],
    ["ListField", new ListField({ child: new JSONField() }), [overflowed]],
    ["DictField", new DictField(), { a: overflowed }],
    ["DictField, inside", new DictField(), { a: [overflowed] }],
    ["BooleanField", new BooleanField(), overflowed],
    ["IntegerField", new IntegerField(), overflowed],
    ["BigIntegerField", new BigIntegerField(), overflowed],
    ["FloatField", new FloatField(), overflowed],
    ["DecimalField", new DecimalField(), overflowed],
    ["DateTimeField", new DateTimeField(), overflowed],
    ["DurationField", new DurationField(), overflowed],
    ["UUIDField", new UUIDField(), overflowed],
  ])("is no value for %s", async (_name, field, data) => {
    expect(await validated(field, data)).toHaveProperty("errors");
  });

  test("in JSON is refused with DRF's text", async () => {
    expect(await validated(new JSONField(), overflowed)).toEqual(refused("Value must be valid JSON."));
    expect(await validated(new JSONField(), { n: 1e308, none: null, big: 2n ** 70n })).toEqual({
      n: 1e308,
      none: null,
      big: 2n ** 70n,
    });
  });
});
