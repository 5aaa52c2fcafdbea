import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { ManyRelatedField } from "../../src/serializers/fields/many-related-field.ts";
import { nested } from "../../src/serializers/fields/nested-field.ts";
import { PrimaryKeyRelatedField } from "../../src/serializers/fields/primary-key-related-field.ts";
import { ReadOnlyField } from "../../src/serializers/fields/read-only-field.ts";
import { SerializerMethodField } from "../../src/serializers/fields/serializer-method-field.ts";
import { SlugRelatedField } from "../../src/serializers/fields/slug-related-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { manyToMany } from "../../src/models/relations.ts";
import { openLab } from "./lab.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("relations of model serializers", async (on) => {
  const lab = await openLab(on);
  const { Article, Tag, User, db } = lab;
  afterAll(() => lab.close());

  class UserSerializer extends ModelSerializer(User, { fields: ["id", "username"] }) {}
  class ArticleSerializer extends ModelSerializer(Article, { fields: ["id", "title", "tags"] }) {}
  class AuthoredSerializer extends ModelSerializer(Article, { fields: ["id", "title", "authorId"] }) {}

  let article: typeof Article.types.row;
  beforeEach(async () => {
    await db.atomic(async () => {
      await lab.empty([lab.tables.articleTags, lab.tables.articles, lab.tables.tags, lab.tables.users]);
      await Tag.objects.bulkCreate([1, 2, 3].map((n) => ({ name: `tag${n}` })));
      await User.objects.bulkCreate([1, 2].map((n) => ({ username: `user${n}` })));
      article = await Article.objects.create({ title: "article1", authorId: 1 });
    });
  });

  async function patch(data: object): Promise<unknown> {
    const serializer = new ArticleSerializer({ instance: article, data, partial: true });
    if (!(await serializer.isValid())) return serializer.errors;
    await serializer.save();
    return serializer.toData();
  }

  describe("a many-to-many relation", () => {
    test("is set to exactly the keys that were sent, and shown in the order of keys", async () => {
      expect(await patch({ tags: [2, 1] })).toEqual({ id: 1, title: "article1", tags: [1, 2] });
      expect(await patch({ tags: ["3", 1] })).toEqual({ id: 1, title: "article1", tags: [1, 3] });
      expect(await patch({ title: "kept" })).toEqual({ id: 1, title: "kept", tags: [1, 3] });
      expect(await patch({ tags: [1, 1] })).toEqual({ id: 1, title: "kept", tags: [1] });
      expect(await patch({ tags: [] })).toEqual({ id: 1, title: "kept", tags: [] });
    });

    test.each([
      [[99], 'Invalid pk "99" - object does not exist.'],
      [["x"], "Incorrect type. Expected pk value, received str."],
      [[true], "Incorrect type. Expected pk value, received bool."],
      [[null], "Incorrect type. Expected pk value, received NoneType."],
      [[{}], "Incorrect type. Expected pk value, received dict."],
      [[10n ** 30n], `Invalid pk "${10n ** 30n}" - object does not exist.`],
      [1, 'Expected a list of items but got type "int".'],
      [null, "This field may not be null."],
    ])("%s is refused with DRF's text", async (tags, message) => {
      expect(await patch({ tags })).toEqual({ tags: [message] });
    });

    test("is written with a new row, and may be left out of it", async () => {
      const tagged = new ArticleSerializer({ data: { title: "t", tags: [3] } });
      await tagged.isValid({ raiseException: true });
      const row = await tagged.save();
      expect(await tagged.toData()).toEqual({ id: row.id, title: "t", tags: [3] });
      const bare = new ArticleSerializer({ data: { title: "t2" } });
      await bare.isValid({ raiseException: true });
      await bare.save();
      expect(await bare.toData()).toMatchObject({ title: "t2", tags: [] });
    });

    test("that two clients set at once is as one of them said, and neither is refused", async () => {
      const wanted = [
        [1, 2],
        [2, 3],
        [1, 3],
      ];
      for (let round = 0; round < 5; round += 1) {
        await patch({ tags: [] });
        await Promise.all(wanted.map((tags) => patch({ tags })));
        const serializer = new ArticleSerializer({ instance: article });
        expect(wanted).toContainEqual((await serializer.toData()).tags);
      }
    });

    test("that cannot be written leaves no row behind", async () => {
      const serializer = new ArticleSerializer({ data: { title: "orphan", tags: [1] } });
      await serializer.isValid({ raiseException: true });
      await Tag.objects.filter({ id: 1 }).delete();
      await expect(serializer.save()).rejects.toMatchObject({
        status: 400,
        detail: { tags: ['Invalid pk "1" - object does not exist.'] },
      });
      expect(await Article.objects.filter({ title: "orphan" }).exists()).toBe(false);
    });
  });

  describe("a foreign key", () => {
    const errorsOf = async (data: object): Promise<unknown> => {
      const serializer = new AuthoredSerializer({ instance: article, data, partial: true });
      await serializer.isValid();
      return serializer.errors;
    };

    test.each([
      [99, 'Invalid pk "99" - object does not exist.'],
      ["x", "Incorrect type. Expected pk value, received str."],
      [true, "Incorrect type. Expected pk value, received bool."],
      [[1], "Incorrect type. Expected pk value, received list."],
    ])("%s is refused with DRF's text", async (authorId, message) => {
      expect(await errorsOf({ authorId })).toEqual({ authorId: [message] });
    });

    test("that is nullable takes null, and an empty text as null", async () => {
      expect(await errorsOf({ authorId: null })).toEqual({});
      expect(await errorsOf({ authorId: "" })).toEqual({});
    });

    test("may be listed by its relation's name", async () => {
      class ByName extends ModelSerializer(Article, { fields: ["title", "author"] }) {}
      const serializer = new ByName({ instance: article, data: { author: "2" }, partial: true });
      await serializer.isValid({ raiseException: true });
      expect(serializer.validatedData).toEqual({ authorId: 2 });
      await serializer.save();
      expect(await serializer.toData()).toEqual({ title: "article1", author: 2 });
    });

    test("may be limited to the rows that the context allows", async () => {
      class Own extends ModelSerializer(Article, {
        fields: ["writer"],
        declaredFields: {
          writer: new PrimaryKeyRelatedField({
            source: "authorId",
            queryset: ({ context }) => User.objects.filter({ id: Number(context["userId"]) }),
          }),
        },
      }) {}
      const choose = async (writer: number) => {
        const serializer = new Own({ instance: article, data: { writer }, context: { userId: 2 } });
        await serializer.isValid();
        return serializer.errors;
      };
      expect(await choose(2)).toEqual({});
      expect(await choose(1)).toEqual({ writer: ['Invalid pk "1" - object does not exist.'] });
    });
  });

  describe("rows of another model", () => {
    class RichSerializer extends ModelSerializer(Article, {
      fields: ["id", "author", "writer", "authorName", "tagNames", "tags", "shout"],
      declaredFields: {
        author: nested(UserSerializer, { readOnly: true, allowNull: true }),
        writer: new SlugRelatedField({ queryset: User.objects, slugField: "username", source: "author" }),
        authorName: new ReadOnlyField<string>({ source: "author.username" }),
        tagNames: new ManyRelatedField({
          child: new SlugRelatedField({ queryset: Tag.objects, slugField: "name" }),
          source: "tags",
          readOnly: true,
        }),
        tags: nested(class extends ModelSerializer(Tag, { fields: ["name"] }) {}, { many: true, readOnly: true }),
        shout: new SerializerMethodField<string>(),
      },
    }) {
      async getShout({ title }: { title: string }): Promise<string> {
        return title.toUpperCase();
      }
    }

    test("are shown nested, by slug, by path and by method", async () => {
      await patch({ tags: [3, 1] });
      const shown = await new RichSerializer({ instance: article }).toData();
      expect(shown).toEqual({
        id: 1,
        author: { id: 1, username: "user1" },
        writer: "user1",
        authorName: "user1",
        tagNames: ["tag1", "tag3"],
        tags: [{ name: "tag1" }, { name: "tag3" }],
        shout: "ARTICLE1",
      });
      expect(Object.keys(shown)).toEqual(["id", "author", "writer", "authorName", "tagNames", "tags", "shout"]);
    });

    test("are null where the foreign key is", async () => {
      const orphan = await Article.objects.create({ title: "x", authorId: null });
      expect(await new RichSerializer({ instance: orphan }).toData()).toMatchObject({
        author: null,
        writer: null,
        authorName: null,
        tags: [],
      });
    });

    test("a slug is written to the foreign key column", async () => {
      const serializer = new RichSerializer({ instance: article, data: { writer: "user2" }, partial: true });
      await serializer.isValid({ raiseException: true });
      expect(await serializer.save()).toMatchObject({ authorId: 2 });
    });

    test.each([
      ["nobody", "Object with username=nobody does not exist."],
      [5, "Object with username=5 does not exist."],
      [{}, "Invalid value."],
      [true, "Invalid value."],
    ])("a slug of %j is refused with DRF's text", async (writer, message) => {
      const serializer = new RichSerializer({ instance: article, data: { writer }, partial: true });
      await serializer.isValid();
      expect(serializer.errors).toEqual({ writer: [message] });
    });

    test("keys of other rows are read without those rows, whatever their key is called", async () => {
      const { table, integer, text, unique } = on.builder;
      const labels = table("label", { code: text().primaryKey() });
      const userLabels = table("user_label", { userId: integer().notNull(), label: text().notNull() }, (columns) => [
        unique().on(columns.userId, columns.label),
      ]);
      await lab.create([labels, userLabels]);
      const Label = db.model(labels);
      const Labelled = db.model(User.table, {
        name: "Labelled",
        relations: { labels: manyToMany(() => Label, userLabels, "userId", "label") },
      });
      class LabelledSerializer extends ModelSerializer(Labelled, { fields: ["username", "labels"] }) {}
      await Label.objects.bulkCreate([{ code: "b" }, { code: "a" }]);
      const serializer = new LabelledSerializer({ data: { username: "new", labels: ["b", "a"] } });
      await serializer.isValid({ raiseException: true });
      await serializer.save();
      const { result, reads } = await countingReads(() => serializer.toData());
      expect(result).toEqual({ username: "new", labels: ["a", "b"] });
      expect(reads).toBe(1);
    });

    test("a list takes as many queries as there are relations, whatever its length", async () => {
      const rows = await Article.objects.bulkCreate(
        Array.from({ length: 40 }, (_, index) => ({ title: `t${index}`, authorId: (index % 2) + 1 })),
      );
      const few = await countingReads(() => RichSerializer.representMany(rows.slice(0, 2)));
      const many = await countingReads(() => RichSerializer.representMany(rows));
      expect(many.reads).toBe(few.reads);
      expect(many.result).toHaveLength(40);
      expect(many.result[1]).toMatchObject({ writer: "user2", shout: "T1" });
    });

    test("a list takes no more queries where toRepresentation is overridden", async () => {
      class Wrapped extends RichSerializer {
        override async toRepresentation(row: RichSerializer["types"]["row"]) {
          return { ...(await super.toRepresentation(row)), shout: "wrapped" };
        }
      }
      const rows = await Article.objects.bulkCreate(
        Array.from({ length: 20 }, (_, index) => ({ title: `t${index}`, authorId: 1 })),
      );
      const few = await countingReads(() => Wrapped.representMany(rows.slice(0, 2)));
      const many = await countingReads(() => Wrapped.representMany(rows));
      expect(many.reads).toBe(few.reads);
      expect(many.result[0]).toMatchObject({ writer: "user1", shout: "wrapped" });
    });

    test("a nested value that could be written needs create and update of its own", async () => {
      class Writable extends ModelSerializer(Article, {
        fields: ["title", "author"],
        declaredFields: { author: nested(class extends ModelSerializer(Tag, { fields: ["name"] }) {}) },
      }) {}
      const data = { title: "x", author: { name: "new" } };
      const serializer = new Writable({ data });
      await serializer.isValid({ raiseException: true });
      await expect(serializer.save()).rejects.toMatchObject({ code: "improperly_configured" });
      class Own extends Writable {
        override async create(validated: Writable["types"]["validated"]) {
          const { id } = await User.objects.create({ username: validated.author.name });
          return Article.objects.create({ title: validated.title, authorId: id });
        }
      }
      const own = new Own({ data });
      await own.isValid({ raiseException: true });
      expect(await own.save()).toMatchObject({ title: "x" });
      expect(await User.objects.filter({ username: "new" }).exists()).toBe(true);
    });

    test("a path that could be written needs create and update of its own only when it was sent", async () => {
      class Path extends ModelSerializer(Article, {
        fields: ["title", "name"],
        declaredFields: { name: new CharField({ source: "author.username", required: false }) },
      }) {}
      const unsent = new Path({ data: { title: "without" } });
      await unsent.isValid({ raiseException: true });
      expect(await unsent.save()).toMatchObject({ title: "without" });
      const changed = new Path({ instance: article, data: { title: "changed" } });
      await changed.isValid({ raiseException: true });
      expect(await changed.save()).toMatchObject({ title: "changed", authorId: 1 });
      const sent = new Path({ data: { title: "with", name: "user9" } });
      await sent.isValid({ raiseException: true });
      await expect(sent.save()).rejects.toMatchObject({ code: "improperly_configured" });
    });

    test("a plain field of a path is read only", async () => {
      class Path extends ModelSerializer(Article, {
        fields: ["name"],
        declaredFields: { name: new CharField({ source: "author.username", readOnly: true }) },
      }) {}
      expect(await Path.representMany([article])).toEqual([{ name: "user1" }]);
    });
  });

  async function countingReads<T>(run: () => Promise<T>): Promise<{ result: T; reads: number }> {
    const { statements } = db;
    const original = statements.all;
    let reads = 0;
    statements.all = (...args) => {
      reads += 1;
      return original.apply(statements, args);
    };
    try {
      return { result: await run(), reads };
    } finally {
      statements.all = original;
    }
  }
});
