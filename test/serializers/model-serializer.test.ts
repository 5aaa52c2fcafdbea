import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ValidationError } from "../../src/protocol/exceptions.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { openLab } from "./lab.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("model serializers", async (on) => {
  const lab = await openLab(on);
  afterAll(() => lab.close());

  class ItemSerializer extends ModelSerializer(lab.Item, {
    fields: ["id", "name", "quantity", "price", "ratio", "active", "due", "day", "kind", "note", "meta"],
    extraKwargs: { quantity: { minValue: 0, maxValue: 1000 } },
  }) {}

  class PairSerializer extends ModelSerializer(lab.Pair, { fields: ["id", "left", "right", "label"] }) {
    validateLabel(label: string): string {
      if (label === "bad") throw new ValidationError("label may not be bad", "bad_label");
      if (label === "bad2") throw new ValidationError(["first", "second"]);
      return label;
    }

    override validate(attrs: { left?: number; right?: number }): object {
      if (attrs.left !== undefined && attrs.left === attrs.right) throw new ValidationError("left and right must differ");
      if (attrs.left === 99) throw new ValidationError({ left: "99 is reserved", right: ["x", "y"] });
      return attrs;
    }
  }

  async function errorsOf(serializer: { isValid(): Promise<boolean>; readonly errors: unknown }): Promise<unknown> {
    await serializer.isValid();
    return serializer.errors;
  }

  const DATETIME =
    "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
  const DATE = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";

  describe("what DRF answered for items", () => {
    beforeAll(async () => {
      await lab.Item.objects.create({ name: "item1", quantity: 10 });
    });

    const refused: [title: string, data: unknown, errors: unknown][] = [
      ["one field", { name: "this name is much too long" }, { name: ["Ensure this field has no more than 20 characters."] }],
      [
        "many fields, in the order of the serializer",
        {
          kind: "z",
          meta: {},
          name: "",
          quantity: -1,
          price: "1.234",
          ratio: "x",
          active: "maybe",
          due: "nope",
          day: "2024-13-01",
          note: [],
        },
        {
          name: ["This field may not be blank."],
          quantity: ["Ensure this value is greater than or equal to 0."],
          price: ["Ensure that there are no more than 2 decimal places."],
          ratio: ["A valid number is required."],
          active: ["Must be a valid boolean."],
          due: [DATETIME],
          day: [DATE],
          kind: ['"z" is not a valid choice.'],
          note: ["Not a valid string."],
        },
      ],
      ["an empty name", { name: "" }, { name: ["This field may not be blank."] }],
      ["a name of blanks", { name: "   " }, { name: ["This field may not be blank."] }],
      ["a name of null", { name: null }, { name: ["This field may not be null."] }],
      [
        "values of wrong types",
        { name: ["x"], quantity: "x", price: "abc", active: [], due: 5, day: "2024-05-06T00:00:00Z", kind: 5, ratio: null },
        {
          name: ["Not a valid string."],
          quantity: ["A valid integer is required."],
          price: ["A valid number is required."],
          active: ["Must be a valid boolean."],
          due: [DATETIME],
          day: [DATE],
          kind: ['"5" is not a valid choice.'],
        },
      ],
      [
        "more values of wrong types",
        { name: { a: 1 }, quantity: 1.5, price: true, kind: "", due: "", day: "" },
        {
          name: ["Not a valid string."],
          quantity: ["A valid integer is required."],
          price: ["A valid number is required."],
          due: [DATETIME],
          day: [DATE],
          kind: ['"" is not a valid choice.'],
        },
      ],
      [
        "numbers beyond their limits",
        { name: "ok", quantity: 1001, price: "1234567.00" },
        {
          quantity: ["Ensure this value is less than or equal to 1000."],
          price: ["Ensure that there are no more than 8 digits in total."],
        },
      ],
      [
        "numbers far beyond their limits",
        { name: "ok", price: "123456789.1", quantity: "99999999999999999999" },
        {
          quantity: ["Ensure this value is less than or equal to 1000."],
          price: ["Ensure that there are no more than 8 digits in total."],
        },
      ],
      [
        "NaN",
        { name: "ok", price: "NaN", ratio: "nan" },
        { price: ["A valid number is required."], ratio: ["A valid number is required."] },
      ],
      ["a boolean as integer", { name: "ok2", quantity: true }, { quantity: ["A valid integer is required."] }],
      ["a boolean as text", { name: true }, { name: ["Not a valid string."] }],
      ["a taken name", { name: "item1" }, { name: ["item with this name already exists."] }],
      ["a list", [], { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
      ["a text", "x", { non_field_errors: ["Invalid data. Expected a dictionary, but got str."] }],
      ["an empty text", "", { non_field_errors: ["Invalid data. Expected a dictionary, but got str."] }],
      ["a boolean", true, { non_field_errors: ["Invalid data. Expected a dictionary, but got bool."] }],
      ["a fraction", 1.5, { non_field_errors: ["Invalid data. Expected a dictionary, but got float."] }],
      ["null", null, { non_field_errors: ["No data provided"] }],
    ];

    test.each(refused)("%s is refused with DRF's texts", async (_title, data, errors) => {
      const serializer = new ItemSerializer({ data });
      expect(await errorsOf(serializer)).toEqual(errors);
      expect(Object.keys(serializer.errors)).toEqual(Object.keys(Object(errors)));
    });

    const accepted: [title: string, data: object, answer: object][] = [
      [
        "defaults",
        { name: "min" },
        { name: "min", quantity: 0, price: null, ratio: null, active: true, due: null, day: null, kind: "a", note: "", meta: {} },
      ],
      [
        "strings for numbers",
        { name: 42, quantity: "7", price: 3, ratio: "2", active: "yes", due: "2024-05-06 07:08", day: "2024-5-6", meta: "str" },
        {
          name: "42",
          quantity: 7,
          price: "3.00",
          ratio: 2,
          active: true,
          due: "2024-05-06T07:08:00Z",
          day: "2024-05-06",
          kind: "a",
          note: "",
          meta: "str",
        },
      ],
      [
        "white space, offsets and microseconds",
        {
          name: "  trimmed  ",
          quantity: 7.0,
          ratio: 1e16,
          price: 1.5,
          active: 1,
          due: "2024-05-06T07:08:09.123456+02:00",
          meta: { f: 1.0, e: 1e16 },
        },
        {
          name: "trimmed",
          quantity: 7,
          price: "1.50",
          ratio: 1e16,
          active: true,
          due: "2024-05-06T05:08:09.123456Z",
          day: null,
          kind: "a",
          note: "",
          meta: { f: 1, e: 10n ** 16n },
        },
      ],
      [
        "unknown and read-only keys, which are ignored",
        { name: "ignored", id: 77, nope: 1, constructor: 1, __proto__: { quantity: 5 } },
        {
          name: "ignored",
          quantity: 0,
          price: null,
          ratio: null,
          active: true,
          due: null,
          day: null,
          kind: "a",
          note: "",
          meta: {},
        },
      ],
    ];

    test.each(accepted)("%s are stored and answered as DRF does", async (_title, data, answer) => {
      const serializer = new ItemSerializer({ data });
      await serializer.isValid({ raiseException: true });
      const row = await serializer.save();
      expect(await serializer.toData()).toEqual({ id: row.id, ...answer });
      expect(Object.keys(await serializer.toData())).toEqual(["id", ...Object.keys(answer)]);
    });
  });

  describe("what DRF answered for pairs", () => {
    const pair = { left: 1, right: 2 };
    beforeAll(async () => {
      await lab.Pair.objects.create(pair);
    });

    test.each([
      [{ left: 1, right: 2 }, { non_field_errors: ["The fields left, right must make a unique set."] }],
      [{ left: 1 }, { right: ["This field is required."] }],
      [{}, { left: ["This field is required."], right: ["This field is required."] }],
      [{ left: 3, right: 3 }, { non_field_errors: ["left and right must differ"] }],
      [
        { left: 99, right: 1 },
        { left: ["99 is reserved"], right: ["x", "y"] },
      ],
      [{ left: 5, right: 6, label: "bad" }, { label: ["label may not be bad"] }],
      [{ left: 5, right: 6, label: "bad2" }, { label: ["first", "second"] }],
    ])("%j is refused with DRF's texts", async (data, errors) => {
      expect(await errorsOf(new PairSerializer({ data }))).toEqual(errors);
    });

    test("a blank label is taken, since the column's default is one", async () => {
      expect(await errorsOf(new PairSerializer({ data: { left: 5, right: 6, label: "" } }))).toEqual({});
    });

    test("a row may keep its own unique set", async () => {
      const instance = await lab.Pair.objects.get(pair);
      expect(await errorsOf(new PairSerializer({ instance, data: pair }))).toEqual({});
    });

    test("a partial change is compared together with what the row holds", async () => {
      const instance = await lab.Pair.objects.create({ left: 1, right: 9 });
      const serializer = new PairSerializer({ instance, data: { right: 2 }, partial: true });
      expect(await errorsOf(serializer)).toEqual({ non_field_errors: ["The fields left, right must make a unique set."] });
    });
  });
});
