import { afterAll, expect, test } from "vitest";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { declareModelSerializer } from "../../src/serializers/declare-model-serializer.ts";
import type { ModelSerializerSetup } from "../../src/serializers/model-serializer-options.ts";
import { openLab } from "./lab.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("the setup of model serializers", async (on) => {
  const lab = await openLab(on);
  const { Item, Article, Moment, UuidThing } = lab;
  afterAll(() => lab.close());

  const mistakes: [title: string, setup: ModelSerializerSetup, message: RegExp][] = [
    ["neither fields nor exclude", {}, /either fields .* or exclude/],
    ["both fields and exclude", { fields: ["id"], exclude: ["name"] }, /either fields .* or exclude/],
    ["a field that is not there", { fields: ["nmae"] }, /fields names "nmae".*Expected one of: id, name/],
    ["an excluded field that is not there", { exclude: ["nmae"] }, /exclude names "nmae"/],
    ["a field twice", { fields: ["id", "id"] }, /listed twice/],
    [
      "a declared field that is not listed",
      { fields: ["id"], declaredFields: { extra: new CharField() } },
      /"extra" is not in fields/,
    ],
    ["options of a field that is not listed", { fields: ["id"], extraKwargs: { name: {} } }, /not among the fields/],
    ["read-only fields that are not listed", { fields: ["id"], readOnlyFields: ["name"] }, /not among the fields/],
    [
      "options of a declared field",
      { fields: ["x"], declaredFields: { x: new CharField() }, extraKwargs: { x: { required: false } } },
      /declared field/,
    ],
    [
      "an option that the column cannot have",
      { fields: ["quantity"], extraKwargs: { quantity: { maxLength: 3 } } },
      /"maxLength", which makes no sense for a integer/,
    ],
    [
      "read-only and required",
      { fields: ["name"], extraKwargs: { name: { readOnly: true, required: true } } },
      /readOnly and required/,
    ],
    [
      "read-only and write-only",
      { fields: ["name"], extraKwargs: { name: { readOnly: true, writeOnly: true } } },
      /exclude each other/,
    ],
    ["required with a default", { fields: ["name"], extraKwargs: { name: { required: true, default: "x" } } }, /never be used/],
    ["a source that is not there", { fields: ["x"], extraKwargs: { x: { source: "nope" } } }, /"nope" of "x"/],
    ["an empty step in a source", { fields: ["x"], declaredFields: { x: new CharField({ source: "a..b" }) } }, /dotted path/],
  ];

  test.each(mistakes)("%s is refused when the class is made", (_title, setup, message) => {
    expect(() => declareModelSerializer(Item, setup).compiled).toThrow(ImproperlyConfigured);
    expect(() => declareModelSerializer(Item, setup).compiled).toThrow(message);
  });

  test("each column becomes the field of its type, with its limits", () => {
    expect(declareModelSerializer(Item, { fields: "__all__" }).schema).toMatchObject([
      { name: "id", type: "IntegerField", readOnly: true, required: false },
      { name: "name", type: "CharField", required: true, allowNull: false, constraints: { maxLength: 20, allowBlank: false } },
      { name: "quantity", type: "IntegerField", required: false },
      { name: "price", type: "DecimalField", required: false, allowNull: true, constraints: { maxDigits: 8, decimalPlaces: 2 } },
      { name: "ratio", type: "FloatField", required: false, allowNull: true },
      { name: "active", type: "BooleanField", required: false, allowNull: false },
      { name: "due", type: "DateTimeField", required: false, allowNull: true },
      { name: "day", type: "DateField", required: false, allowNull: true },
      { name: "kind", type: "ChoiceField", required: false, constraints: { choices: ["a", "b"] } },
      { name: "note", type: "CharField", required: false, constraints: { allowBlank: true } },
      { name: "meta", type: "JSONField", required: false },
    ]);
    expect(declareModelSerializer(Moment, { fields: ["at", "clock"] }).schema).toMatchObject([
      { type: "DateTimeField" },
      { type: "TimeField" },
    ]);
  });

  test("a key is read-only where it is made, whoever makes it", () => {
    expect(declareModelSerializer(UuidThing, { fields: ["id"] }).schema).toMatchObject([{ type: "UUIDField", readOnly: true }]);
    const open = declareModelSerializer(UuidThing, { fields: ["id"], extraKwargs: { id: { readOnly: false, required: false } } });
    expect(open.schema).toMatchObject([{ type: "UUIDField", readOnly: false, required: false }]);
  });

  test("all fields are the columns and the to-many relations", () => {
    expect(declareModelSerializer(Article, { fields: "__all__" }).schema.map(({ name }) => name)).toEqual([
      "id",
      "title",
      "authorId",
      "tags",
    ]);
    expect(declareModelSerializer(Article, { exclude: ["authorId"] }).schema.map(({ name }) => name)).toEqual([
      "id",
      "title",
      "tags",
    ]);
  });

  test("labels are the names in words", () => {
    expect(declareModelSerializer(Article, { fields: ["authorId"] }).schema).toMatchObject([{ label: "Author id" }]);
  });
});
