import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constraintHelp } from "../../explorer/forms/constraint-help.ts";
import { errorTreeOf, flatMessages, placeInData, unplacedErrors } from "../../explorer/forms/error-tree.ts";
import { readField } from "../../explorer/forms/field-shape.ts";
import { initialValue } from "../../explorer/forms/initial-value.ts";
import { jsonToText, textToJson } from "../../explorer/forms/json-text.ts";
import { inputToMoment, momentToInput } from "../../explorer/forms/moment-text.ts";
import { movedItem } from "../../explorer/forms/moved-item.ts";
import { numberToText, textToNumber } from "../../explorer/forms/number-text.ts";
import { startingValue } from "../../explorer/forms/starting-value.ts";
import { textControlKind } from "../../explorer/forms/text-control-kind.ts";
import { Unfinished, unfinishedIn } from "../../explorer/forms/unfinished.ts";
import { variantLabel, variantOf } from "../../explorer/forms/variant-choice.ts";
import { withMember } from "../../explorer/forms/with-member.ts";
import { orderSchema, planContract } from "./all-fields.ts";
import { board } from "../contracts/example-routes.ts";
import { describeRoutes } from "../../src/contracts.ts";

const NOW = new Date("2026-11-24T03:04:05.678Z");

describe("what a control shows of a value, typed in again, is the value:", () => {
  test("integers", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(textToNumber(numberToText(value), true)).toBe(value);
      }),
    );
  });

  test("integers of 64 bits, as digits", () => {
    const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((value) => !Number.isSafeInteger(Number(value)));
    fc.assert(
      fc.property(big.map(String), (digits) => {
        expect(textToNumber(numberToText(digits), true)).toBe(digits);
        expect(JSON.parse(JSON.stringify({ n: textToNumber(digits, true) })).n).toBe(digits);
      }),
    );
  });

  test("numbers", () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
    fc.assert(
      fc.property(numbers, (value) => {
        expect(textToNumber(numberToText(value), false)).toBe(value);
      }),
    );
  });

  test("JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(textToJson(jsonToText(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  const date = fc.date({ min: new Date("0001-01-01T00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });

  test("days", () => {
    fc.assert(
      fc.property(date, (moment) => {
        const day = moment.toISOString().slice(0, 10);
        expect(inputToMoment(momentToInput(day, "date") ?? "", "date")).toBe(day);
      }),
    );
  });

  test("times of day", () => {
    fc.assert(
      fc.property(date, (moment) => {
        const time = moment.toISOString().slice(11, -1).replace(/\.0+$/, "");
        expect(inputToMoment(momentToInput(time, "time") ?? "", "time")).toBe(time);
      }),
    );
  });

  test("moments, in UTC", () => {
    fc.assert(
      fc.property(date, (moment) => {
        const text = inputToMoment(momentToInput(moment.toISOString(), "date-time") ?? "", "date-time") ?? "";
        expect(text).toMatch(/Z$/);
        expect(new Date(text).getTime()).toBe(moment.getTime());
      }),
    );
  });

  test("moments with an offset, which are shown in UTC", () => {
    expect(momentToInput("2026-11-24T03:04:05+02:00", "date-time")).toBe("2026-11-24T01:04:05");
    expect(momentToInput("2026-01-01T00:30:00+01:00", "date-time")).toBe("2025-12-31T23:30");
  });
});

describe("a moment", () => {
  test("of the wire has its seconds, also where the browser leaves them out", () => {
    expect(inputToMoment("2026-11-24T03:04", "date-time")).toBe("2026-11-24T03:04:00Z");
    expect(inputToMoment("03:04", "time")).toBe("03:04:00");
  });

  test("without an offset is UTC, and of microseconds shows milliseconds", () => {
    expect(momentToInput("2026-11-24T03:04:05.123456", "date-time")).toBe("2026-11-24T03:04:05.123");
    expect(momentToInput("03:04:05.123456", "time")).toBe("03:04:05.123");
  });

  test.each([
    ["yesterday", "date-time"],
    ["2026-02-30", "date"],
    ["2026-13-01T00:00:00Z", "date-time"],
    ["25:00", "time"],
    [5, "date"],
  ] as const)("that no native control can show is none: %j", (value, form) => {
    expect(momentToInput(value, form)).toBeNull();
  });

  test("that is left out is an empty control, and the other way round", () => {
    expect(momentToInput(undefined, "date")).toBe("");
    expect(inputToMoment("", "date")).toBeUndefined();
  });
});

test.each(["12a", "-", "1.", "0x10", "1e", "+5", "01", "9007199254740993", "1.5"])(
  "what is no integer stays as it was typed, for the server to refuse: %s",
  (text) => expect(textToNumber(text, true)).toBe(text),
);

test("digits that a double would change stay digits", () => {
  expect(textToNumber("9007199254740993", false)).toBe("9007199254740993");
  expect(textToNumber(" 1.50 ", false)).toBe(1.5);
  expect(textToNumber("  ", false)).toBeUndefined();
});

describe("JSON that is not finished", () => {
  test("keeps its text, says what is wrong, and where it stands in a value", () => {
    const unfinished = textToJson('{"a": ');
    expect(unfinished).toBeInstanceOf(Unfinished);
    expect(jsonToText(unfinished)).toBe('{"a": ');
    const value = { data: { extra: unfinished, title: "x" }, list: [1, unfinished] };
    expect(unfinishedIn(value).map(({ path }) => path)).toEqual([
      ["data", "extra"],
      ["list", "1"],
    ]);
    expect(unfinishedIn(value)[0]?.problem).toMatch(/^Not JSON yet/);
  });

  test("is an integer that would arrive as another, but not digits in a text", () => {
    expect(textToJson("[9007199254740993]")).toMatchObject({ problem: expect.stringContaining('"9007199254740993"') });
    expect(textToJson('["9007199254740993", 9007199254740992, 1.5]')).toEqual(["9007199254740993", 9007199254740992, 1.5]);
  });

  test("nothing is nothing", () => expect(textToJson(" \n")).toBeUndefined());
});

describe("a schema", () => {
  const { schema, schemas } = orderSchema();
  const field = readField(schema, schemas);
  const properties = field.shape.kind === "object" ? field.shape.properties : [];

  test("of each serializer field asks for its control", () => {
    const kinds = Object.fromEntries(
      properties.map(({ name, schema: own }) => {
        const { shape, schema: read, isNullable } = readField(own, schemas);
        const text = shape.kind === "text" ? textControlKind(name, read) : shape.kind;
        const kind = shape.kind === "moment" ? shape.form : shape.kind === "number" && shape.isInteger ? "integer" : text;
        return [name, kind + (isNullable ? "?" : "")];
      }),
    );
    expect(kinds).toEqual({
      customerName: "line",
      email: "email",
      homepage: "url",
      code: "line",
      password: "password",
      remarks: "lines",
      nickname: "line?",
      priority: "integer",
      serial: "integer",
      weight: "number?",
      price: "decimal",
      urgent: "boolean",
      paid: "boolean",
      approved: "choice?",
      status: "choice",
      carrier: "choice?",
      due: "date",
      at: "time",
      orderedAt: "date-time",
      span: "line",
      reference: "line",
      tags: "list",
      days: "list",
      headers: "json",
      extra: "json",
      address: "object",
      billing: "object?",
      lines: "list",
    });
  });

  test("begins with the empty values of what is required, and nothing else", () => {
    expect(initialValue(schema, schemas)).toEqual({
      customerName: "",
      password: "",
      price: "",
      paid: false,
      address: { street: "", city: "" },
      lines: [],
    });
    const partial = orderSchema("partial");
    expect(initialValue(partial.schema, partial.schemas)).toEqual({});
  });

  test("gives each property a value to begin with that is JSON", () => {
    for (const property of properties) {
      const value = startingValue(property.schema, schemas, NOW);
      expect(JSON.parse(JSON.stringify(value)), property.name).toEqual(value);
    }
    const byName = new Map(properties.map((property) => [property.name, property.schema]));
    const start = (name: string) => startingValue(byName.get(name) ?? {}, schemas, NOW);
    expect([start("due"), start("at"), start("orderedAt")]).toEqual(["2026-11-24", "03:04:05", "2026-11-24T03:04:05Z"]);
    expect([start("priority"), start("weight"), start("status"), start("nickname")]).toEqual([3, 0, "open", ""]);
    expect(start("billing")).toEqual({ street: "", city: "" });
  });

  test("says what it takes in words", () => {
    const help = (name: string) => {
      const own = readField(properties.find((one) => one.name === name)?.schema ?? {}, schemas);
      return constraintHelp(own.schema, own.shape);
    };
    expect(help("password")).toEqual(["8 to 128 characters."]);
    expect(help("priority")).toEqual(["0 to 9."]);
    expect(help("price")).toEqual(["Up to 6 digits before the point and 2 behind it."]);
    expect(help("code")).toEqual(["Matches ^[-a-zA-Z0-9_]+$"]);
    expect(help("tags")).toEqual(["At most 5 items."]);
    expect(help("orderedAt")).toEqual(["In UTC."]);
    expect(help("email")).toEqual([]);
  });

  test("that refers to itself, or to nothing, is read as far as it goes", () => {
    const { plan, schemas: named, free } = planContract();
    expect(initialValue(plan, named)).toEqual({ root: { title: "" } });
    expect(readField(free, named).shape.kind).toBe("json");
    expect(readField({ $ref: "#/schemas/Gone" }, named).shape.kind).toBe("json");
    const endless = {
      Loop: { $ref: "#/schemas/Loop" },
      Deep: { type: "object", properties: { in: { $ref: "#/schemas/Deep" } } },
    };
    expect(readField({ $ref: "#/schemas/Loop" }, endless).shape.kind).toBe("json");
    const deep = { ...endless, Deep: { ...endless.Deep, required: ["in"] } };
    expect(JSON.stringify(initialValue({ $ref: "#/schemas/Deep" }, deep))).toMatch(/^(\{"in":)+/);
  });

  test("of parts that hold all together is one object", () => {
    const both = {
      allOf: [
        { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
        { type: "object", properties: { b: { type: "integer" } } },
      ],
    };
    expect(readField(both, {}).shape).toMatchObject({
      kind: "object",
      properties: [
        { name: "a", isRequired: true },
        { name: "b", isRequired: false },
      ],
    });
  });

  test("of a variant finds itself by the value that it begins with", () => {
    const { plan, schemas: named } = planContract();
    const inputs = readField(plan, named).shape;
    const shape = inputs.kind === "object" ? inputs.properties.find(({ name }) => name === "shape") : undefined;
    const read = readField(shape?.schema ?? {}, named).shape;
    const variants = read.kind === "variants" ? read.variants : [];
    expect(variants.map((variant) => variantLabel(variant, named))).toEqual(["kind: circle", "kind: box"]);
    expect(variantOf({ kind: "box", width: 1, height: 2 }, variants, named)).toBe(1);
    expect(variantOf({ kind: "circle", radius: 2 }, variants, named)).toBe(0);
  });

  test("of every action of the board begins with a value", async () => {
    const contract = describeRoutes(await board());
    const values = contract.resources.flatMap(({ name, actions }) =>
      actions.map((action) => [`${name}.${action.name}`, initialValue(action.input, contract.schemas)] as const),
    );
    expect(Object.fromEntries(values)).toMatchObject({
      "tasks.create": { data: { title: "", position: "" } },
      "tasks.patch": { data: {} },
      "tasks.list": {},
      "tasks.delete": {},
    });
  });
});

describe("errors", () => {
  test("of fields, nested fields and items are found at their places", () => {
    const tree = errorTreeOf([
      "All is wrong.",
      { title: ["Too long."], lines: [{}, { pieces: ["Too few."] }], address: { non_field_errors: ["No such place."] } },
    ]);
    expect(tree.messages).toEqual(["All is wrong."]);
    expect(flatMessages(tree)).toEqual([
      "All is wrong.",
      "title: Too long.",
      "lines.1.pieces: Too few.",
      "address: No such place.",
    ]);
    expect(unplacedErrors(tree, ["title", "lines"])).toEqual(["address: No such place."]);
  });

  test("of items by their index are those of a list", () => {
    expect(flatMessages(errorTreeOf([{ tags: { 1: ["Blank."] } }]))).toEqual(["tags.1: Blank."]);
  });

  test("of fields of `data` are put there, those of arguments stay", () => {
    const tree = placeInData(errorTreeOf([{ title: ["A"], pk: ["B"], other: ["C"], data: ["D"] }]), ["pk", "data"], ["title"]);
    expect(flatMessages(tree)).toEqual(["pk: B", "other: C", "data: D", "data.title: A"]);
  });

  test("that are none are nothing, and of another form are shown all the same", () => {
    expect(flatMessages(errorTreeOf(null))).toEqual([]);
    expect(flatMessages(errorTreeOf([]))).toEqual([]);
    expect(flatMessages(errorTreeOf({ detail: "Not found" }))).toEqual(["detail: Not found"]);
    expect(flatMessages(errorTreeOf("Broken"))).toEqual(["Broken"]);
    expect(flatMessages(errorTreeOf([{ a: 5 }]))).toEqual(["a: 5"]);
  });
});

test("a member is put in its place, or taken out", () => {
  expect(Object.keys(withMember({ a: 1, b: 2 }, "a", 3))).toEqual(["a", "b"]);
  expect(withMember({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
  expect(Object.keys(withMember({}, "__proto__", 1))).toEqual(["__proto__"]);
});

test("an item moves past the others", () => {
  expect(movedItem(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(movedItem(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
});
