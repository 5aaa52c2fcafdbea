import { sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { FloatField } from "../../src/serializers/fields/float-field.ts";
import { IntegerField } from "../../src/serializers/fields/integer-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { manyToMany } from "../../src/models/relations.ts";
import { openLab } from "./lab.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("what the database refuses", async (on) => {
  const lab = await openLab(on);
  const { Item, Pair, Article, BareArticle, Tag, User, UuidThing, db, tables, create } = lab;
  const { table, id, integer, text, primaryKey, unique, check } = on.builder;
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

    test("inside of a transaction is told alike, and the transaction leaves nothing behind", async () => {
      const author = await User.objects.create({ username: "soon gone, too" });
      const refused = new ArticleSerializer({ data: { title: "half", authorId: author.id } });
      await refused.isValid({ raiseException: true });
      await User.objects.filter({ id: author.id }).delete();
      const half = db.atomic(async () => {
        await Item.objects.create({ name: "half" });
        await refused.save();
      });
      await expect(half).rejects.toMatchObject({
        status: 400,
        detail: { authorId: [`Invalid pk "${author.id}" - object does not exist.`] },
      });
      const rival = new ItemSerializer({ data: { name: "rival" } });
      await rival.isValid({ raiseException: true });
      await Item.objects.create({ name: "rival" });
      await expect(db.atomic(() => rival.save())).rejects.toMatchObject({
        status: 400,
        detail: { name: ["item with this name already exists."] },
      });
      expect(await Item.objects.filter({ name: "half" }).exists()).toBe(false);
    });

    test("inside of a transaction, by a key of a many-to-many relation, is told alike", async () => {
      class TaggedSerializer extends ModelSerializer(Article, { fields: ["title", "tags"] }) {}
      const tag = await Tag.objects.create({ name: "soon gone" });
      const data = { title: "tagged", tags: [tag.id] };
      const [made, changed] = [
        new TaggedSerializer({ data }),
        new TaggedSerializer({ instance: await Article.objects.create({ title: "old" }), data }),
      ];
      await Promise.all([made, changed].map((serializer) => serializer.isValid({ raiseException: true })));
      await Tag.objects.filter({ id: tag.id }).delete();
      const refused = { status: 400, detail: { tags: [`Invalid pk "${tag.id}" - object does not exist.`] } };
      for (const serializer of [made, changed]) await expect(db.atomic(() => serializer.save())).rejects.toMatchObject(refused);
      expect(await Article.objects.filter({ title: "tagged" }).exists()).toBe(false);
    });

    test("inside of a transaction may be answered otherwise, if an inner block is what fails", async () => {
      const rival = new ItemSerializer({ data: { name: "twin" } });
      await rival.isValid({ raiseException: true });
      await Item.objects.create({ name: "twin" });
      await db.atomic(async () => {
        await db.atomic(() => rival.save()).catch(() => undefined);
        await Item.objects.create({ name: "instead" });
      });
      expect(await Item.objects.filter({ name: "instead" }).exists()).toBe(true);
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
    const baskets = table("basket", { id: id(), label: text().notNull() });
    const basketItems = table(
      "basket_item",
      {
        basketId: integer()
          .notNull()
          .references(() => baskets.id),
        itemId: integer()
          .notNull()
          .references(() => tables.items.id),
      },
      (columns) => [primaryKey({ columns: [columns.basketId, columns.itemId] })],
    );
    await create([baskets, basketItems], { deferred: true });
    const Basket = db.model(baskets, { relations: { items: manyToMany(() => Item, basketItems, "basketId", "itemId") } });
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

  test("an integer that only a wider column could hold is refused with the column's own limit", async () => {
    const serializer = new PairSerializer({ data: { left: 2 ** 31, right: -(2 ** 31) } });
    await serializer.isValid();
    const tooLarge = { left: ["Ensure this value is less than or equal to 2147483647."] };
    expect(serializer.errors).toEqual(on.name === "SQLite" ? {} : tooLarge);
  });

  test("a value that only its column refuses is a 400 on the field, whatever the column is called", async () => {
    class CostSerializer extends ModelSerializer(Item, {
      fields: ["name", "cost"],
      declaredFields: { cost: new FloatField({ source: "price" }) },
    }) {}
    const serializer = new CostSerializer({ data: { name: "dear", cost: 1e30 } });
    await serializer.isValid({ raiseException: true });
    await expect(serializer.save()).rejects.toMatchObject({ status: 400, detail: { cost: [expect.any(String)] } });
  });

  test.each([[{ key: "nul \0 in a text" }], [{ "nul \0": 1 }], ["half a pair \ud800"], [[[["\udc00 \0"]]]]])(
    "JSON that the database cannot hold is a 400 on its field: %j",
    async (meta) => {
      class MetaSerializer extends ModelSerializer(Item, { fields: ["name", "meta"] }) {}
      const serializer = new MetaSerializer({ data: { name: `meta ${JSON.stringify(meta)}`.slice(0, 20), meta } });
      const saved = async () => {
        await serializer.isValid({ raiseException: true });
        return (await serializer.save()).meta;
      };
      if (on.name === "SQLite") expect(await saved()).toEqual(meta);
      else await expect(saved()).rejects.toMatchObject({ status: 400, detail: { meta: [expect.any(String)] } });
    },
  );

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
    const checked = table("checked", { id: id(), size: integer().notNull() }, ({ size }) => [check("small", sql`${size} < 10`)]);
    await create([checked]);
    const Checked = db.model(checked);
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
      const countries = table("country", { code: text({ length: 2 }).primaryKey(), name: text().notNull() });
      await create([countries]);
      const Country = db.model(countries);
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
      const seats = table(
        "seat",
        {
          id: id(),
          hall: integer().notNull().default(1),
          place: integer(),
          note: text().notNull().default(""),
        },
        (columns) => [unique().on(columns.hall, columns.place)],
      );
      await create([seats]);
      const Seat = db.model(seats);
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
});
