import { describe, expect, test } from "vitest";
import { ImproperlyConfigured, ValidationError } from "../../src/protocol/exceptions.ts";
import { BooleanField } from "../../src/serializers/fields/boolean-field.ts";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { EmailField } from "../../src/serializers/fields/email-field.ts";
import { Field } from "../../src/serializers/fields/field.ts";
import { HiddenField } from "../../src/serializers/fields/hidden-field.ts";
import { IntegerField } from "../../src/serializers/fields/integer-field.ts";
import { ListField } from "../../src/serializers/fields/list-field.ts";
import { nested } from "../../src/serializers/fields/nested-field.ts";
import { ReadOnlyField } from "../../src/serializers/fields/read-only-field.ts";
import { SerializerMethodField } from "../../src/serializers/fields/serializer-method-field.ts";
import { Serializer } from "../../src/serializers/serializer.ts";

class AddressSerializer extends Serializer({ city: new CharField({ maxLength: 5 }), zip: new IntegerField() }) {}
class LineSerializer extends Serializer({ sku: new CharField(), qty: new IntegerField({ minValue: 1 }) }) {}
class OrderSerializer extends Serializer({
  customer: new EmailField(),
  address: nested(AddressSerializer),
  lines: nested(LineSerializer, { many: true, allowEmpty: false }),
  labels: new ListField({ child: new IntegerField(), required: false }),
}) {
  override async create(validated: object): Promise<object> {
    return validated;
  }
}

const order = { customer: "a@b.co", address: { city: "Rome", zip: 1 }, lines: [{ sku: "x", qty: 1 }] };

async function errorsOf(serializer: { isValid(): Promise<boolean>; readonly errors: unknown }): Promise<unknown> {
  await serializer.isValid();
  return serializer.errors;
}

describe("nested serializers", () => {
  test.each([
    [
      { customer: "x", address: { city: "too long", zip: "x" }, lines: [{ sku: "x", qty: 1 }, { qty: 0 }], labels: [1, "x"] },
      {
        customer: ["Enter a valid email address."],
        address: { city: ["Ensure this field has no more than 5 characters."], zip: ["A valid integer is required."] },
        lines: [{}, { sku: ["This field is required."], qty: ["Ensure this value is greater than or equal to 1."] }],
        labels: { 1: ["A valid integer is required."] },
      },
    ],
    [{}, { customer: ["This field is required."], address: ["This field is required."], lines: ["This field is required."] }],
    [{ ...order, address: null }, { address: ["This field may not be null."] }],
    [{ ...order, address: "x" }, { address: { non_field_errors: ["Invalid data. Expected a dictionary, but got str."] } }],
    [{ ...order, lines: [] }, { lines: { non_field_errors: ["This list may not be empty."] } }],
    [{ ...order, lines: {} }, { lines: { non_field_errors: ['Expected a list of items but got type "dict".'] } }],
    [{ ...order, lines: [1] }, { lines: [{ non_field_errors: ["Invalid data. Expected a dictionary, but got int."] }] }],
    [{ ...order, lines: [null] }, { lines: [{ non_field_errors: ["No data provided"] }] }],
  ])("%j is refused with DRF's shape", async (data, errors) => {
    expect(await errorsOf(new OrderSerializer({ data }))).toEqual(errors);
  });

  test("are validated and shown whole", async () => {
    const serializer = new OrderSerializer({ data: { ...order, lines: [{ sku: "x", qty: "2", extra: 1 }] } });
    await serializer.isValid({ raiseException: true });
    expect(await serializer.save()).toEqual({ ...order, lines: [{ sku: "x", qty: 2 }] });
    expect(await serializer.toData()).toEqual({ ...order, lines: [{ sku: "x", qty: 2 }] });
  });

  test("need not be sent whole in a partial change", async () => {
    expect(await errorsOf(new OrderSerializer({ data: { address: { city: "Oslo" } }, partial: true }))).toEqual({});
  });
});

describe("what was not sent", () => {
  class Defaults extends Serializer({
    name: new CharField({ default: "anonymous" }),
    tags: new ListField({ child: new CharField(), default: () => [] }),
    note: new CharField({ required: false }),
    owner: new HiddenField({ default: ({ context }) => context["user"] }),
  }) {}

  test("takes its default, and is left out where it has none", async () => {
    const serializer = new Defaults({ data: {}, context: { user: "ada" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ name: "anonymous", tags: [], owner: "ada" });
  });

  test("is left alone in a partial change", async () => {
    const serializer = new Defaults({ data: {}, partial: true });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({});
  });

  test("is left alone in a whole change, too, but for what the server decides", async () => {
    const instance = { name: "ada", tags: ["x"], note: "", owner: "bob" };
    const serializer = new Defaults({ instance, data: {}, context: { user: "ada" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ owner: "ada" });
  });

  test("cannot set what the server decides", async () => {
    const serializer = new Defaults({ data: { owner: "mallory" }, context: { user: "ada" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData.owner).toBe("ada");
  });
});

describe("sources", () => {
  class Sourced extends Serializer({
    city: new CharField({ source: "address.city" }),
    all: new SerializerMethodField<number>({ method: "count" }),
    login: new CharField({ source: "username" }),
  }) {
    count(row: object): number {
      return Object.keys(row).length;
    }
  }

  test("name where a value is read and written", async () => {
    const serializer = new Sourced({ data: { city: "Rome", login: "ada" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ address: { city: "Rome" }, username: "ada" });
    expect(await new Sourced({ instance: { address: { city: "Oslo" }, username: "bob" } }).toData()).toEqual({
      city: "Oslo",
      all: 2,
      login: "bob",
    });
  });

  test("that lead to null show null", async () => {
    expect(await new Sourced({ instance: { address: null, username: null } }).toData()).toMatchObject({
      city: null,
      login: null,
    });
  });

  test("that lead nowhere say so", async () => {
    await expect(new Sourced({ instance: { username: "x" } }).toData()).rejects.toThrow(/no value for field "city"/);
  });
});

describe("hooks", () => {
  class Hooked extends Serializer({
    label: new CharField(),
    user_name: new CharField({ required: false }),
    count: new IntegerField({ default: 0 }),
  }) {
    validateLabel(label: string): string {
      if (label === "bad") throw new ValidationError("not this one");
      return label.toUpperCase();
    }

    async validateUserName(name: string): Promise<string> {
      if (name === "taken") throw new ValidationError(["first", "second"]);
      return name;
    }

    override validate(attributes: Hooked["types"]["validated"]) {
      if (attributes.label === "WHOLE") throw new ValidationError("as a whole");
      if (attributes.label === "FIELDS") throw new ValidationError({ label: "alone", count: ["a", "b"] });
      return { ...attributes, checked: true };
    }
  }

  test("check and change one field, sync or async", async () => {
    expect(await errorsOf(new Hooked({ data: { label: "bad", user_name: "taken" } }))).toEqual({
      label: ["not this one"],
      user_name: ["first", "second"],
    });
    const serializer = new Hooked({ data: { label: "x" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ label: "X", count: 0, checked: true });
  });

  test("check the whole and name fields or none", async () => {
    expect(await errorsOf(new Hooked({ data: { label: "whole" } }))).toEqual({ non_field_errors: ["as a whole"] });
    expect(await errorsOf(new Hooked({ data: { label: "fields" } }))).toEqual({ label: ["alone"], count: ["a", "b"] });
  });

  test("an error that is no ValidationError goes through", async () => {
    class Broken extends Serializer({ label: new CharField() }) {
      validateLabel(): never {
        throw new RangeError("broken");
      }
    }
    await expect(new Broken({ data: { label: "x" } }).isValid()).rejects.toThrow(RangeError);
  });

  test("getFields changes the fields of one serializer only", async () => {
    class Changing extends Serializer({ name: new CharField(), password: new CharField({ writeOnly: true }) }) {
      override getFields() {
        const fields = super.getFields();
        fields.password.required = this.instance === null;
        return fields;
      }
    }
    expect(await errorsOf(new Changing({ instance: {}, data: { name: "x" } }))).toEqual({});
    expect(await errorsOf(new Changing({ data: { name: "x" } }))).toEqual({ password: ["This field is required."] });
    expect(await Changing.representMany([{ name: "a", password: "secret" }])).toEqual([{ name: "a" }]);
  });

  test("toInternalValue and toRepresentation may take and give another shape", async () => {
    class Wrapped extends Serializer({ value: new IntegerField() }) {
      override toInternalValue(data: unknown) {
        return super.toInternalValue({ value: data });
      }
      override async toRepresentation(row: object) {
        return { ...(await super.toRepresentation(row)), extra: true };
      }
    }
    const serializer = new Wrapped({ data: "7" });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ value: 7 });
    expect(await Wrapped.representMany([{ value: 1 }])).toEqual([{ value: 1, extra: true }]);
  });

  test("a field class of the application converts both ways", async () => {
    class ColorField extends Field {
      override toInternalValue(data: unknown): unknown {
        return typeof data === "string" && /^#[0-9a-f]{6}$/.test(data)
          ? Number.parseInt(data.slice(1), 16)
          : this.fail("required");
      }
      override toRepresentation(value: unknown): unknown {
        return `#${Number(value).toString(16).padStart(6, "0")}`;
      }
    }
    class Paint extends Serializer({ color: new ColorField() }) {}
    const serializer = new Paint({ data: { color: "#0000ff" } });
    await serializer.isValid({ raiseException: true });
    expect(serializer.validatedData).toEqual({ color: 255 });
    expect(await Paint.representMany([{ color: 255 }])).toEqual([{ color: "#0000ff" }]);
  });
});

describe("order of use", () => {
  class Plain extends Serializer({ name: new CharField(), on: new BooleanField({ default: true }) }) {}

  test.each([
    ["errors before isValid", () => new Plain({ data: {} }).errors],
    ["validatedData before isValid", () => new Plain({ data: {} }).validatedData],
    ["isValid without data", () => new Plain().isValid()],
  ])("%s is a mistake of the application", async (_title, use) => {
    await expect((async () => use())()).rejects.toThrow(ImproperlyConfigured);
  });

  test("invalid data cannot be saved", async () => {
    const serializer = new Plain({ data: {} });
    await serializer.isValid();
    await expect(serializer.save()).rejects.toThrow(ImproperlyConfigured);
  });

  test("saving needs create, and changing needs update", async () => {
    const made = new Plain({ data: { name: "x" } });
    await made.isValid();
    await expect((async () => made.save())()).rejects.toThrow(/create\(validated\)/);
    const changed = new Plain({ instance: {}, data: { name: "x" } });
    await changed.isValid();
    await expect((async () => changed.save())()).rejects.toThrow(/update\(row, validated\)/);
  });

  test("isValid raises the errors it would otherwise report", async () => {
    await expect(new Plain({ data: {} }).isValid({ raiseException: true })).rejects.toMatchObject({
      status: 400,
      errors: [{ name: ["This field is required."] }],
    });
  });

  test("keys that pollute prototypes change nothing", async () => {
    const data: unknown = JSON.parse('{"__proto__": {"name": "x"}, "constructor": {"prototype": {"polluted": 1}}}');
    expect(await errorsOf(new Plain({ data }))).toEqual({ name: ["This field is required."] });
    expect("polluted" in {}).toBe(false);
  });

  test.each([
    ["read-only and write-only", { readOnly: true, writeOnly: true }],
    ["read-only and required", { readOnly: true, required: true }],
    ["required with a default", { required: true, default: "x" }],
  ])("a field that is %s cannot be made", (_title, options) => {
    expect(() => new CharField(options)).toThrow(ImproperlyConfigured);
  });
});

test("a serializer describes its fields as data", () => {
  class Described extends Serializer({
    name: new CharField({ maxLength: 5, writeOnly: true }),
    lines: nested(LineSerializer, { many: true, required: false }),
    scores: new ListField({ child: new IntegerField({ minValue: 0 }) }),
    made: new ReadOnlyField<string>(),
  }) {}
  expect(Described.writeOnlyFieldNames).toEqual(["name"]);
  expect(Described.readableFieldNames).toEqual(["lines", "scores", "made"]);
  expect(Described.fieldSchema()).toMatchObject([
    { name: "name", type: "CharField", required: true, writeOnly: true, constraints: { maxLength: 5, allowBlank: false } },
    {
      name: "lines",
      required: false,
      nested: { many: true, fields: [{ name: "sku" }, { name: "qty", constraints: { minValue: 1 } }] },
    },
    { name: "scores", child: { type: "IntegerField", constraints: { minValue: 0 } } },
    { name: "made", readOnly: true, required: false },
  ]);
});
