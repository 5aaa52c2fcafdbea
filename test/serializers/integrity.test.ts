import { afterAll, describe, expect, test } from "vitest";
import { integer, primaryKey, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { IntegerField } from "../../src/serializers/fields/integer-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { manyToMany } from "../../src/sqlite.ts";
import { openLab } from "./lab.ts";

const lab = await openLab();
const { Item, Pair, Article, BareArticle, User, UuidThing, db } = lab;
afterAll(() => lab.close());

class ItemSerializer extends ModelSerializer(Item, { fields: ["id", "name", "quantity"] }) {}
class PairSerializer extends ModelSerializer(Pair, { fields: ["id", "left", "right"] }) {}
class ArticleSerializer extends ModelSerializer(Article, { fields: ["title", "authorId"] }) {}
class UuidSerializer extends ModelSerializer(UuidThing, {
  fields: ["id", "name"],
  extraKwargs: { id: { readOnly: false, required: false } },
}) {}

describe("a write that another one overtook after validation", () => {
  test("is a 400 on the unique field, and only one row is made", async () => {
    const rivals = [1, 2, 3].map((quantity) => new ItemSerializer({ data: { name: "raced", quantity } }));
    await Promise.all(rivals.map((serializer) => serializer.isValid({ raiseException: true })));
    const outcomes = await Promise.allSettled(rivals.map((serializer) => serializer.save()));
    const refused = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }): unknown => reason);
    expect(refused).toHaveLength(2);
    for (const error of refused)
      expect(error).toMatchObject({ status: 400, detail: { name: ["item with this name already exists."] } });
    expect(await Item.objects.filter({ name: "raced" }).count()).toBe(1);
  });

  test("is a 400 under non_field_errors for columns that are unique together", async () => {
    const rivals = [1, 2].map(() => new PairSerializer({ data: { left: 7, right: 8 } }));
    await Promise.all(rivals.map((serializer) => serializer.isValid({ raiseException: true })));
    await rivals[0]?.save();
    await expect(rivals[1]?.save()).rejects.toMatchObject({
      status: 400,
      detail: { non_field_errors: ["The fields left, right must make a unique set."] },
    });
  });

  test("is a 400 on the foreign key whose row is gone", async () => {
    const author = await User.objects.create({ username: "soon gone" });
    const serializer = new ArticleSerializer({ data: { title: "x", authorId: author.id } });
    await serializer.isValid({ raiseException: true });
    await User.objects.filter({ id: author.id }).delete();
    await expect(serializer.save()).rejects.toMatchObject({
      status: 400,
      detail: { authorId: [`Invalid pk "${author.id}" - object does not exist.`] },
    });
  });

  test("is a 404 when the row to change is gone", async () => {
    const instance = await Item.objects.create({ name: "fleeting" });
    const serializer = new ItemSerializer({ instance, data: { quantity: 3 }, partial: true });
    await serializer.isValid({ raiseException: true });
    await Item.objects.filter({ id: instance.id }).delete();
    await expect(serializer.save()).rejects.toMatchObject({ status: 404 });
  });

  test("is a 400 from a create() of the application, too", async () => {
    class Own extends ModelSerializer(Item, { fields: ["name"] }) {
      override async create(validated: { name: string }) {
        return Item.objects.create(validated);
      }
    }
    await Item.objects.create({ name: "mine" });
    const serializer = new Own({ data: { name: "other" } });
    await serializer.isValid({ raiseException: true });
    await expect(serializer.save({ name: "mine" })).rejects.toMatchObject({
      status: 400,
      detail: { name: ["item with this name already exists."] },
    });
  });
});

test("a foreign key without a declared relation is a 400 on its column when no row has it", async () => {
  class BareSerializer extends ModelSerializer(BareArticle, { fields: ["title", "authorId"] }) {}
  const serializer = new BareSerializer({ data: { title: "x", authorId: 99 } });
  await serializer.isValid({ raiseException: true });
  await expect(serializer.save()).rejects.toMatchObject({
    status: 400,
    detail: { authorId: ['Invalid pk "99" - object does not exist.'] },
  });
});

test("a value for no column, added by the code that saves, is no error of the client", async () => {
  const serializer = new ItemSerializer({ data: { name: "misnamed" } });
  await serializer.isValid({ raiseException: true });
  await expect(serializer.save({ nope: 1 })).rejects.toBeInstanceOf(ImproperlyConfigured);
  expect(await Item.objects.filter({ name: "misnamed" }).exists()).toBe(false);
});

test("a deferred foreign key that fails when save() commits is a 400 on the relation, and nothing is written", async () => {
  await db.execute(sql`CREATE TABLE basket (id INTEGER PRIMARY KEY, label TEXT NOT NULL)`);
  await db.execute(sql`CREATE TABLE basket_item (basketId INTEGER NOT NULL REFERENCES basket (id) DEFERRABLE INITIALLY DEFERRED,
    itemId INTEGER NOT NULL REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (basketId, itemId))`);
  const basketItems = sqliteTable("basket_item", { basketId: integer().notNull(), itemId: integer().notNull() }, (table) => [
    primaryKey({ columns: [table.basketId, table.itemId] }),
  ]);
  const Basket = db.model(sqliteTable("basket", { id: integer().primaryKey(), label: text().notNull() }), {
    relations: { items: manyToMany(() => Item, basketItems, "basketId", "itemId") },
  });
  class BasketSerializer extends ModelSerializer(Basket, { fields: ["label", "items"] }) {}
  const item = await Item.objects.create({ name: "gone when saved" });
  const serializer = new BasketSerializer({ data: { label: "b", items: [item.id] } });
  await serializer.isValid({ raiseException: true });
  await Item.objects.filter({ id: item.id }).delete();
  await expect(serializer.save()).rejects.toMatchObject({
    status: 400,
    detail: { items: [`Invalid pk "${item.id}" - object does not exist.`] },
  });
  expect(await Basket.objects.count()).toBe(0);
});

test.each([
  [{ name: "a\0b" }, { name: ["Null characters are not allowed."] }],
  [{ name: "a\ud800" }, { name: ["Surrogate characters are not allowed: U+D800."] }],
  [{ name: "n", quantity: 2n ** 63n }, { quantity: ["Ensure this value is less than or equal to 9223372036854775807."] }],
  [
    { name: "n", quantity: "-9223372036854775809" },
    { quantity: ["Ensure this value is greater than or equal to -9223372036854775808."] },
  ],
  [{ name: 10n ** 30n }, { name: ["Ensure this field has no more than 20 characters."] }],
])("a value that the database cannot hold never reaches it (%#)", async (data, errors) => {
  const serializer = new ItemSerializer({ data });
  await serializer.isValid();
  expect(serializer.errors).toEqual(errors);
});

test("an integer at the limit of the database is stored and shown with all its digits", async () => {
  const serializer = new ItemSerializer({ data: { name: "huge", quantity: 2n ** 63n - 1n } });
  await serializer.isValid({ raiseException: true });
  await serializer.save();
  expect(encodeJson(await serializer.toData())).toContain("9223372036854775807");
});

test("a declared field of an integer column lets nothing through that the column cannot hold", async () => {
  class Declared extends ModelSerializer(Item, {
    fields: ["name", "quantity"],
    declaredFields: { quantity: new IntegerField() },
  }) {}
  const serializer = new Declared({ data: { name: "too big", quantity: 10n ** 30n } });
  await serializer.isValid();
  expect(serializer.errors).toEqual({ quantity: ["Ensure this value is less than or equal to 9223372036854775807."] });
});

test("a null that only the database refuses is a 400 on its field", async () => {
  class Nullable extends ModelSerializer(Item, { fields: ["name", "note"], extraKwargs: { note: { allowNull: true } } }) {}
  const serializer = new Nullable({ data: { name: "n", note: null } });
  await serializer.isValid({ raiseException: true });
  await expect(serializer.save()).rejects.toMatchObject({ status: 400, detail: { note: ["This field may not be null."] } });
});

test("a check constraint is a 400 without the database's words", async () => {
  await db.execute(sql`CREATE TABLE checked (id INTEGER PRIMARY KEY, size INTEGER NOT NULL CHECK (size < 10))`);
  const Checked = db.model(sqliteTable("checked", { id: integer().primaryKey(), size: integer().notNull() }));
  class CheckedSerializer extends ModelSerializer(Checked, { fields: ["size"] }) {}
  const serializer = new CheckedSerializer({ data: { size: 11 } });
  await serializer.isValid({ raiseException: true });
  const error: unknown = await serializer.save().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ status: 400 });
  expect(JSON.stringify(Object(error).detail)).not.toMatch(/check|constraint|sqlite/i);
});

describe("a key that clients may choose", () => {
  test("is refused when it is taken or no UUID", async () => {
    const id = "00000000-0000-0000-0000-000000000001";
    await UuidThing.objects.create({ id, name: "u1" });
    const errorsOf = async (data: object) => {
      const serializer = new UuidSerializer({ data });
      await serializer.isValid();
      return serializer.errors;
    };
    expect(await errorsOf({ id, name: "dup" })).toEqual({ id: ["uuid thing with this id already exists."] });
    expect(await errorsOf({ id: 1, name: "dup" })).toEqual({ id: ["uuid thing with this id already exists."] });
    expect(await errorsOf({ id: "zzz", name: "n" })).toEqual({ id: ["Must be a valid UUID."] });
  });

  test("is stored in its canonical form, and made when it is left out", async () => {
    const chosen = new UuidSerializer({ data: { id: "00000000-0000-0000-0000-0000000000AA", name: "n" } });
    await chosen.isValid({ raiseException: true });
    expect(await chosen.save()).toEqual({ id: "00000000-0000-0000-0000-0000000000aa", name: "n" });
    const made = new UuidSerializer({ data: { name: "n" } });
    await made.isValid({ raiseException: true });
    expect((await made.save()).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("never changes once the row exists", async () => {
    const instance = await UuidThing.objects.create({ name: "fixed" });
    const serializer = new UuidSerializer({ instance, data: { id: "00000000-0000-0000-0000-0000000000bb", name: "renamed" } });
    await serializer.isValid({ raiseException: true });
    expect(await serializer.save()).toEqual({ id: instance.id, name: "renamed" });
    expect(await UuidThing.objects.filter({ name: "renamed" }).count()).toBe(1);
  });

  test("is needed where nothing makes it", async () => {
    await db.execute(sql`CREATE TABLE country (code TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL)`);
    const Country = db.model(sqliteTable("country", { code: text({ length: 2 }).primaryKey(), name: text().notNull() }));
    class CountrySerializer extends ModelSerializer(Country, { fields: ["code", "name"] }) {}
    const serializer = new CountrySerializer({ data: { name: "Utopia" } });
    await serializer.isValid();
    expect(serializer.errors).toEqual({ code: ["This field is required."] });
  });
});

describe("a change", () => {
  test("with nothing in it returns the row unchanged", async () => {
    const instance = await Item.objects.create({ name: "same", quantity: 4 });
    const serializer = new ItemSerializer({ instance, data: {}, partial: true });
    await serializer.isValid({ raiseException: true });
    expect(await serializer.save()).toEqual(instance);
  });

  test("that is whole keeps the optional fields that were not sent", async () => {
    const instance = await Item.objects.create({ name: "before", quantity: 9 });
    const serializer = new ItemSerializer({ instance, data: { name: "after" } });
    await serializer.isValid({ raiseException: true });
    expect(await serializer.save()).toEqual({ ...instance, name: "after" });
  });

  test("that is whole keeps what was not sent although extraKwargs has a default for it", async () => {
    class Defaulted extends ModelSerializer(Item, {
      fields: ["name", "quantity"],
      extraKwargs: { quantity: { default: 5 } },
    }) {}
    const made = new Defaulted({ data: { name: "with a default" } });
    await made.isValid({ raiseException: true });
    const instance = { ...(await made.save()), quantity: 9 };
    await Item.objects.filter({ id: instance.id }).update({ quantity: 9 });
    const serializer = new Defaulted({ instance, data: { name: "renamed, too" } });
    await serializer.isValid({ raiseException: true });
    expect(await serializer.save()).toMatchObject({ name: "renamed, too", quantity: 9 });
  });

  test("that is whole keeps columns that are unique together, and compares with what the row has", async () => {
    await db.execute(
      sql`CREATE TABLE seat (id INTEGER PRIMARY KEY, hall INTEGER NOT NULL DEFAULT 1, place INTEGER, note TEXT NOT NULL DEFAULT '',
        UNIQUE (hall, place))`,
    );
    const Seat = db.model(
      sqliteTable(
        "seat",
        {
          id: integer().primaryKey(),
          hall: integer().notNull().default(1),
          place: integer(),
          note: text().notNull().default(""),
        },
        (table) => [unique().on(table.hall, table.place)],
      ),
    );
    class SeatSerializer extends ModelSerializer(Seat, { fields: ["id", "hall", "place", "note"] }) {}
    const instance = await Seat.objects.create({ hall: 2, place: 7 });
    await Seat.objects.bulkCreate([
      { hall: 1, place: 8 },
      { hall: 2, place: 9 },
    ]);
    const change = (data: object) => new SeatSerializer({ instance, data });
    const noted = change({ note: "front row" });
    await noted.isValid({ raiseException: true });
    expect(await noted.save()).toEqual({ ...instance, note: "front row" });
    expect(await change({ place: 8 }).isValid()).toBe(true);
    const taken = change({ place: 9 });
    await taken.isValid();
    expect(taken.errors).toEqual({ non_field_errors: ["The fields hall, place must make a unique set."] });
  });

  test("that is whole needs every required field", async () => {
    const instance = await Item.objects.create({ name: "needs a name" });
    const serializer = new ItemSerializer({ instance, data: { quantity: 3 } });
    await expect(serializer.isValid({ raiseException: true })).rejects.toMatchObject({
      detail: { name: ["This field is required."] },
    });
  });

  test("may keep the row's own unique value", async () => {
    const instance = await Item.objects.create({ name: "own" });
    expect(await new ItemSerializer({ instance, data: { name: "own" } }).isValid()).toBe(true);
  });
});
