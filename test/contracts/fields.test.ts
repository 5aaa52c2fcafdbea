import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schemaOfField } from "../../src/contracts/schema-of-field.ts";
import { SchemaRegistry } from "../../src/contracts/schema-registry.ts";
import { serializerKindOf } from "../../src/contracts/serializer-kind.ts";
import { SerializerSchemas, type SerializerRole } from "../../src/contracts/serializer-schemas.ts";
import {
  BigIntegerField,
  BooleanField,
  CharField,
  ChoiceField,
  DateField,
  DateTimeField,
  DecimalField,
  DictField,
  DurationField,
  EmailField,
  type Field,
  FloatField,
  HiddenField,
  IntegerField,
  JSONField,
  ListField,
  MultipleChoiceField,
  nested,
  RegexField,
  Serializer,
  SerializerMethodField,
  SlugField,
  TimeField,
  URLField,
  UUIDField,
} from "../../src/index.ts";
import type { JsonSchema } from "../../src/contracts.ts";
import { misfits } from "./fits-schema.ts";

class PartSerializer extends Serializer({
  name: new CharField({ maxLength: 5 }),
  count: new IntegerField({ required: false }),
}) {}

const fields = {
  text: () => new CharField({ minLength: 2, maxLength: 5 }),
  blank: () => new SlugField({ allowBlank: true }),
  email: () => new EmailField(),
  url: () => new URLField(),
  code: () => new RegexField(/^[a-z]{3}$/),
  integer: () => new IntegerField({ minValue: 1, maxValue: 10 }),
  big: () => new BigIntegerField().limitToColumn(),
  float: () => new FloatField({ maxValue: 1.5 }),
  decimal: () => new DecimalField({ maxDigits: 5, decimalPlaces: 2 }),
  flag: () => new BooleanField(),
  moment: () => new DateTimeField(),
  day: () => new DateField(),
  time: () => new TimeField(),
  span: () => new DurationField(),
  uuid: () => new UUIDField(),
  choice: () => new ChoiceField({ choices: ["a", "b"] }),
  choices: () => new MultipleChoiceField({ choices: [1, 2], allowEmpty: false }),
  list: () => new ListField({ child: new IntegerField({ minValue: 0 }), maxLength: 2 }),
  dict: () => new DictField({ child: new CharField() }),
  json: () => new JSONField(),
  part: () => nested(PartSerializer),
  parts: () => nested(PartSerializer, { many: true, allowEmpty: false }),
} as const satisfies Record<string, () => Field>;

type Name = keyof typeof fields;

function schemaFor(name: Name, role: SerializerRole): readonly [JsonSchema, SchemaRegistry] {
  const kind = serializerKindOf(Serializer({ [name]: fields[name]() }));
  if (kind === null) throw new TypeError("Expected a serializer.");
  const schemas = new SchemaRegistry();
  return [new SerializerSchemas(schemas, ({ declaration }) => declaration.fields).of(kind, role), schemas];
}

async function isTaken(name: Name, value: unknown): Promise<boolean> {
  return new (Serializer({ [name]: fields[name]() }))({ data: { [name]: value } }).isValid();
}

const REFUSED: readonly (readonly [Name, unknown])[] = [
  ["text", null],
  ["text", ""],
  ["text", "a"],
  ["text", "abcdef"],
  ["text", true],
  ["text", []],
  ["blank", "no slug"],
  ["email", "nobody"],
  ["url", "no url"],
  ["code", "ABC"],
  ["integer", 0],
  ["integer", 11],
  ["integer", "x"],
  ["integer", 1.5],
  ["big", {}],
  ["float", 2],
  ["float", "x"],
  ["decimal", "1234.5"],
  ["decimal", "1.234"],
  ["decimal", "x"],
  ["decimal", false],
  ["flag", "perhaps"],
  ["flag", 2],
  ["moment", "yesterday"],
  ["moment", 5],
  ["day", "2024-13-01"],
  ["day", "01.02.2024"],
  ["time", "25:00"],
  ["span", {}],
  ["uuid", "123"],
  ["choice", "c"],
  ["choice", null],
  ["choices", []],
  ["choices", [3]],
  ["choices", "1"],
  ["list", [1, 2, 3]],
  ["list", [-1]],
  ["list", "1"],
  ["dict", []],
  ["dict", { a: null }],
  ["part", []],
  ["part", {}],
  ["part", { name: "longer than five" }],
  ["parts", []],
  ["parts", [{ name: null }]],
];

test.each(REFUSED)("what the schema of %s refuses the serializer refuses too: %j", async (name, value) => {
  const [schema, { schemas }] = schemaFor(name, "in");
  expect(misfits({ [name]: value }, schema, schemas)).not.toEqual([]);
  expect(await isTaken(name, value)).toBe(false);
});

const JSON_VALUES = fc.jsonValue({ maxDepth: 1 });
const SENT: Readonly<Record<Name, fc.Arbitrary<unknown>>> = {
  text: fc.stringMatching(/^[a-z]{2,5}$/),
  blank: fc.oneof(fc.constant(""), fc.stringMatching(/^[-a-z0-9_]{1,9}$/)),
  email: fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.com$/),
  url: fc.webUrl({ validSchemes: ["https"] }).filter((url) => /^https:\/\/[a-z0-9]+\.[a-z]{2,}(\/[a-z]*)*$/.test(url)),
  code: fc.stringMatching(/^[a-z]{3}$/),
  integer: fc.integer({ min: 1, max: 10 }),
  big: fc.maxSafeInteger(),
  float: fc.double({ max: 1.5, noNaN: true, noDefaultInfinity: true }),
  decimal: fc.oneof(fc.stringMatching(/^-?[0-9]{1,3}(\.[0-9]{1,2})?$/), fc.integer({ min: -999, max: 999 })),
  flag: fc.boolean(),
  moment: fc
    .date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  day: fc
    .date({ min: new Date("1000-01-01"), max: new Date("9999-12-30"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  time: fc.date({ noInvalidDate: true }).map((date) => /T(.{8}\.\d+)/.exec(date.toISOString())?.[1] ?? "00:00"),
  span: fc.oneof(fc.integer({ min: -1e8, max: 1e8 }), fc.constantFrom("P3DT2H", "3 02:00:01.5", "-1 23:59:59", "00:00:10")),
  uuid: fc.uuid(),
  choice: fc.constantFrom("a", "b"),
  choices: fc.array(fc.constantFrom(1, 2), { minLength: 1 }),
  list: fc.array(fc.nat(), { maxLength: 2 }),
  dict: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.stringMatching(/^[a-z]{1,3}$/)),
  json: JSON_VALUES.filter((value) => value !== null),
  part: fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), count: fc.nat() }, { requiredKeys: ["name"] }),
  parts: fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/) }), { minLength: 1, maxLength: 3 }),
};

describe.each(Object.keys(fields).filter((name): name is Name => name in fields))("of %s", (name) => {
  test("what the schema takes the serializer takes, and what it shows for it fits the schema of answers", async () => {
    const [taken, { schemas }] = schemaFor(name, "in");
    const [shown, { schemas: shownSchemas }] = schemaFor(name, "out");
    await fc.assert(
      fc.asyncProperty(SENT[name], async (value) => {
        expect(misfits({ [name]: value }, taken, schemas)).toEqual([]);
        const serializer = new (Serializer({ [name]: fields[name]() }))({ data: { [name]: value } });
        await serializer.isValid({ raiseException: true });
        const data: unknown = JSON.parse(
          JSON.stringify(await serializer.toData(), (_key, one: unknown) => (typeof one === "bigint" ? Number(one) : one)),
        );
        expect(misfits(data, shown, shownSchemas)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe("a serializer's schemas", () => {
  class FormSerializer extends Serializer({
    id: new IntegerField({ readOnly: true }),
    title: new CharField({ label: "Title", helpText: "In a few words" }),
    secret: new CharField({ writeOnly: true, required: false }),
    note: new CharField({ allowNull: true, default: "none" }),
    owner: new HiddenField({ default: 1 }),
    shout: new SerializerMethodField<string>(),
    length: new SerializerMethodField<number>({ jsonSchema: { type: "integer" } }),
  }) {}

  function schemaOf(role: SerializerRole): JsonSchema {
    const kind = serializerKindOf(FormSerializer);
    if (kind === null) throw new TypeError("Expected a serializer.");
    const registry = new SchemaRegistry();
    new SerializerSchemas(registry, ({ declaration }) => declaration.fields).of(kind, role);
    return Object.values(registry.schemas)[0] ?? {};
  }

  test("answers have no write-only field, and a method that says nothing may give anything", () => {
    expect(schemaOf("out")).toEqual({
      type: "object",
      properties: {
        id: { type: "integer", readOnly: true },
        title: { type: "string", description: "In a few words" },
        note: { type: ["string", "null"] },
        shout: { readOnly: true },
        length: { type: "integer", readOnly: true },
      },
      required: ["id", "title", "note", "shout", "length"],
    });
  });

  test("input has what a client sends, required where a whole row is sent and nowhere in a part of one", () => {
    const properties = {
      title: { type: "string", minLength: 1, title: "Title", description: "In a few words" },
      secret: { type: "string", minLength: 1, writeOnly: true },
      note: { type: ["string", "null"], minLength: 1, default: "none" },
    };
    expect(schemaOf("in")).toEqual({ type: "object", properties, required: ["title"] });
    expect(schemaOf("partial")).toEqual({ type: "object", properties });
  });

  test("limits that a JSON number cannot say exactly are left out", () => {
    const place = { name: "n", direction: "in", model: null, nested: () => ({}) } as const;
    expect(schemaOfField(new IntegerField({ minValue: 0, maxValue: 2n ** 63n - 1n }), place)).toEqual({
      type: "integer",
      minimum: 0,
    });
    expect(schemaOfField(new BigIntegerField().limitToColumn(), place)).toEqual({ type: "integer", format: "int64" });
  });
});
