import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { encodeJson } from "../../src/protocol/json.ts";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { EmailField } from "../../src/serializers/fields/email-field.ts";
import { nested } from "../../src/serializers/fields/nested-field.ts";
import { SerializerMethodField } from "../../src/serializers/fields/serializer-method-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { openLab } from "./lab.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("projections", async (on) => {
  const lab = await openLab(on);
  const { Item, Moment, User, Article } = lab;
  afterAll(() => lab.close());

  // SQLite writes floats and stored JSON in other words than JavaScript, so those columns are never projected.
  class ItemSerializer extends ModelSerializer(Item, { exclude: ["ratio", "meta"] }) {}
  class MomentSerializer extends ModelSerializer(Moment, { fields: "__all__" }) {}

  describe("rows made by the database and rows made one by one are the same bytes", () => {
    beforeEach(async () => {
      await Item.objects.all().delete();
      await Moment.objects.all().delete();
    });

    const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
    const dateTime = fc
      .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-01-01T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString());
    const item = fc.record({
      quantity: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      price: fc.option(fc.integer({ min: -99999999, max: 99999999 }).map((cents) => (cents / 100).toFixed(2))),
      active: fc.boolean(),
      due: fc.option(dateTime),
      day: fc.option(dateTime.map((value) => value.slice(0, 10))),
      kind: fc.constantFrom("a" as const, "b" as const),
      note: text,
    });

    test("for every kind of column and value", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(item, { maxLength: 5 }), async (items) => {
          await Item.objects.all().delete();
          await Item.objects.bulkCreate(items.map((values, index) => ({ ...values, name: `item ${index}` })));
          await expectSameBytes(ItemSerializer, Item.objects.orderBy("id"));
        }),
        { numRuns: 60 },
      );
    });

    test("for moments in milliseconds and times of day", async () => {
      const moment = fc.record({
        at: fc.option(
          fc.date({ min: new Date("0100-01-01T00:00:00Z"), max: new Date("9999-01-01T00:00:00Z"), noInvalidDate: true }),
        ),
        clock: fc.option(fc.constantFrom("00:00:00", "23:59:59.000001", "07:08:09.500000")),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(moment, { maxLength: 5 }), async (moments) => {
          await Moment.objects.all().delete();
          await Moment.objects.bulkCreate(moments);
          await expectSameBytes(MomentSerializer, Moment.objects.orderBy("id"));
        }),
        { numRuns: 40 },
      );
    });
  });

  interface Representing {
    representMany(rows: readonly object[]): Promise<unknown[]>;
    compiledProjection(): ReturnType<typeof ItemSerializer.compiledProjection>;
  }

  async function expectSameBytes(serializer: Representing, queryset: typeof Item.objects | typeof Moment.objects): Promise<void> {
    const projection = serializer.compiledProjection();
    if (projection === null) throw new TypeError("Expected a projection of plain columns.");
    const { text } = await queryset.fetchJson(projection);
    expect(text).toBe(encodeJson(await serializer.representMany(await queryset.toArray())));
  }

  describe("a projection", () => {
    test("names the key and the column of every readable field, in order", () => {
      class Renamed extends ModelSerializer(User, {
        fields: ["id", "login", "email"],
        extraKwargs: { login: { source: "username" }, email: { writeOnly: true } },
      }) {}
      expect(Renamed.compiledProjection()).toEqual([
        { key: "id", column: "id" },
        { key: "login", column: "username" },
      ]);
    });

    test("is made once per class", () => {
      expect(ItemSerializer.compiledProjection()).toBe(ItemSerializer.compiledProjection());
    });

    test("also holds declared fields that show a column as it is, and foreign keys", () => {
      class Declared extends ModelSerializer(User, {
        fields: ["email"],
        declaredFields: { email: new EmailField({ required: false }) },
      }) {}
      expect(Declared.compiledProjection()).toEqual([{ key: "email", column: "email" }]);
      class WithKey extends ModelSerializer(Article, { fields: ["id", "authorId"] }) {}
      expect(WithKey.compiledProjection()).toEqual([
        { key: "id", column: "id" },
        { key: "authorId", column: "authorId" },
      ]);
    });

    class ShoutField extends CharField {
      override toRepresentation(value: unknown): unknown {
        return String(value).toUpperCase();
      }
    }
    class OverridesRow extends ModelSerializer(User, { fields: ["id"] }) {
      override toRepresentation(row: typeof User.types.row) {
        return super.toRepresentation(row);
      }
    }
    class OverridesFields extends ModelSerializer(User, { fields: ["id"] }) {
      override getFields() {
        return super.getFields();
      }
    }

    test.each([
      ["toRepresentation is overridden", OverridesRow],
      ["getFields is overridden", OverridesFields],
      [
        "a field shows something else",
        class extends ModelSerializer(User, { fields: ["email"], declaredFields: { email: new ShoutField() } }) {},
      ],
      [
        "a method makes a value",
        class extends ModelSerializer(User, { fields: ["x"], declaredFields: { x: new SerializerMethodField<string>() } }) {},
      ],
      [
        "a number is shown as text",
        class extends ModelSerializer(User, { fields: ["id"], declaredFields: { id: new CharField({ readOnly: true }) } }) {},
      ],
      ["keys of many rows are shown", class extends ModelSerializer(Article, { fields: ["tags"] }) {}],
      ["the database would write a column in other words", class extends ModelSerializer(Item, { fields: ["ratio"] }) {}],
      [
        "another row is shown",
        class extends ModelSerializer(Article, {
          fields: ["author"],
          declaredFields: { author: nested(OverridesRow, { readOnly: true }) },
        }) {},
      ],
    ])("is null where %s", (_title, serializer) => {
      expect(serializer.compiledProjection()).toBeNull();
    });

    test("is not shared by a subclass that overrides what is shown", () => {
      class Plain extends ModelSerializer(User, { fields: ["id"] }) {}
      expect(Plain.compiledProjection()).not.toBeNull();
      class Fancy extends Plain {
        override toRepresentation(row: typeof User.types.row) {
          return super.toRepresentation(row);
        }
      }
      expect(Fancy.compiledProjection()).toBeNull();
    });
  });
});
