import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { BaseFilterBackend } from "../../src/filters/base-filter-backend.ts";
import type { FilterConsumer } from "../../src/filters/filter-consumer.ts";
import { FilterSet } from "../../src/filters/filter-set.ts";
import { FilterSetBackend, MAX_FILTER_VALUES } from "../../src/filters/filter-set-backend.ts";
import { methodFilter } from "../../src/filters/method-filter.ts";
import { OrderingFilter } from "../../src/filters/ordering-filter.ts";
import { SearchFilter } from "../../src/filters/search-filter.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { APIException, ValidationError } from "../../src/protocol/exceptions.ts";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { IntegerField } from "../../src/serializers/fields/integer-field.ts";
import { nested } from "../../src/serializers/fields/nested-field.ts";
import { SlugRelatedField } from "../../src/serializers/fields/slug-related-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { type Library, openLibrary } from "../pagination/library.ts";
import { scopeOf } from "../permissions/scope-of.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("filters", async (on) => {
  let library: Library;

  beforeAll(async () => {
    library = await openLibrary(on);
    const { Author, Book } = library;
    await Author.objects.bulkCreate([
      { name: "Ann Droid", password: "p1" },
      { name: "Bob", password: "p2" },
    ]);
    await Book.objects.bulkCreate([
      { title: "Web Sockets", pages: 100, authorId: 1 },
      { title: "Web of Lies", pages: 300, authorId: 2, inPrint: false },
      { title: "100% Cotton_Wool", pages: 50, authorId: 1 },
      { title: "Ångström", pages: null, secret: "hidden" },
    ]);
  });

  afterAll(() => library.close());

  function serializers() {
    const { Author, Book } = library;
    const AuthorSerializer = ModelSerializer(Author, {
      fields: ["id", "name", "password"],
      extraKwargs: { password: { writeOnly: true } },
    });
    return {
      Plain: ModelSerializer(Book, {
        fields: ["id", "title", "pages", "inPrint", "author", "secret"],
        extraKwargs: { secret: { writeOnly: true } },
      }),
      Nested: ModelSerializer(Book, {
        fields: ["id", "title", "author"],
        declaredFields: { author: nested(AuthorSerializer, { readOnly: true }) },
      }),
      Renamed: ModelSerializer(Book, {
        fields: ["id", "name", "author_name"],
        declaredFields: {
          name: new CharField({ source: "title" }),
          author_name: new CharField({ source: "author.name", readOnly: true }),
        },
      }),
    };
  }

  interface Given extends Omit<Partial<FilterConsumer>, "scope"> {
    readonly userId?: number;
  }

  /** The titles that a backend leaves, in its order. */
  async function titles(backend: BaseFilterBackend, args: MessageArguments, { userId, ...consumer }: Given): Promise<string[]> {
    const scope = scopeOf(userId === undefined ? null : { id: userId });
    const queryset = await backend.filterQueryset(library.Book.objects.orderBy("id"), args, { scope, ...consumer });
    const rows = await queryset.toArray();
    return rows.map((row: { title: string }) => row.title);
  }

  const [web, lies, cotton, unit] = ["Web Sockets", "Web of Lies", "100% Cotton_Wool", "Ångström"];

  function bookFilter() {
    return FilterSet(library.Book, {
      fields: {
        title: ["exact", "icontains"],
        id: ["in"],
        pages: ["gt", "exact", "range"],
        inPrint: ["exact"],
        author__name: ["istartswith"],
      },
      filters: {
        long: methodFilter(z.boolean(), (queryset, long) => queryset.filter(long ? { pages__gte: 100 } : { pages__lt: 100 })),
        mine: methodFilter(z.literal(true), async (queryset, _mine, { scope }) =>
          queryset.filter({ authorId: scope.user?.id ?? null }),
        ),
        strict: methodFilter(z.unknown(), () => {
          throw new ValidationError(["Not today."]);
        }),
      },
    });
  }

  const filtered = (filters: unknown, given: Given = {}) =>
    titles(new FilterSetBackend(), { filters }, { filterSetClass: bookFilter(), ...given });

  describe("FilterSetBackend", () => {
    test.each([
      [undefined, [web, lies, cotton, unit]],
      [null, [web, lies, cotton, unit]],
      [{}, [web, lies, cotton, unit]],
      [{ title: web }, [web]],
      [{ title__exact: web }, [web]],
      [{ title__icontains: "WEB" }, [web, lies]],
      [{ title__icontains: "%" }, [cotton]],
      [{ id__in: [1, 3, 99] }, [web, cotton]],
      [{ id__in: [] }, []],
      [{ pages: null }, [unit]],
      [{ pages__gt: 60, inPrint: true }, [web]],
      [{ pages__range: [50, 100] }, [web, cotton]],
      [{ author__name__istartswith: "ann" }, [web, cotton]],
      [{ long: true, title__icontains: "lies" }, [lies]],
      [{ long: false }, [cotton]],
      [{ pages__gt: 10n ** 30n }, []],
      [{ pages: 2 ** 40 }, []],
      [{ pages__gt: 2 ** 40 }, []],
      [{ pages__gt: -(2 ** 40) }, [web, lies, cotton]],
      [{ pages__range: [60, 2 ** 40] }, [web, lies]],
      [{ pages__gt: 99.5 }, [web, lies]],
      [{ pages: 99.5 }, []],
      [{ id__in: [1, 2 ** 40, 1.5, 2n ** 63n] }, [web]],
    ])("5.6 the filters %o leave %o", async (filters, expected) => {
      expect(await filtered(filters)).toEqual(expected);
    });

    test("a method filter knows who asks", async () => {
      expect(await filtered({ mine: true }, { userId: 2 })).toEqual([lies]);
    });

    test.each([
      ["email", 1],
      ["title__startswith", "W"],
      ["secret", "hidden"],
      ["author__password", "p1"],
      ["pk", 1],
      ["constructor", 1],
      ["toString", 1],
      ["", 1],
      ['title"; DROP TABLE book;--', "x"],
      ["x".repeat(10_000), 1],
    ])("5.6 a filter that is not on the list is a 400: %s", async (name, value) => {
      const refused = filtered({ [name]: value });
      await expect(refused).rejects.toBeInstanceOf(ValidationError);
      await expect(refused).rejects.toThrow(/^.{1,500}$/s);
      expect(await library.Book.objects.count()).toBe(4);
    });

    test("the error names the filter and what could be sent instead", async () => {
      const choices =
        "title__exact, title__icontains, title, id__in, pages__gt, pages__exact, pages__range, pages, inPrint__exact, inPrint";
      const hint = `Choose from: ${choices}, author__name__istartswith, long, mine, strict.`;
      await expect(filtered({ titel: 1 })).rejects.toMatchObject({
        errors: [{ filters: { titel: [`Unknown filter "titel". ${hint}`] } }],
      });
    });

    test("a filter named __proto__ is a 400 like any other", async () => {
      const filters: unknown = JSON.parse('{"__proto__": {"title": "x"}}');
      await expect(filtered(filters)).rejects.toMatchObject({ status: 400 });
    });

    test.each([
      ["title", 5],
      ["title", ["a"]],
      ["title", { $ne: null }],
      ["title__icontains", null],
      ["title", "a\0b"],
      ["id__in", 1],
      ["id__in", ["1"]],
      ["id__in", [{ $gt: 0 }]],
      ["id__in", Array.from({ length: MAX_FILTER_VALUES + 1 }, (_value, index) => index)],
      ["pages__gt", "50"],
      ["pages__gt", true],
      ["pages__gt", { $gt: 0 }],
      ["pages__range", [1]],
      ["inPrint", 1],
      ["long", "yes"],
      ["strict", 1],
    ])("a value that its column cannot take is a 400 on the filter: %s", async (name, value) => {
      await expect(filtered({ [name]: value })).rejects.toMatchObject({
        status: 400,
        errors: [{ filters: { [name]: [expect.any(String)] } }],
      });
    });

    test.each([5, "title", true, [], [{ title: "x" }]])("filters that are no object are a 400: %o", async (filters) => {
      await expect(filtered(filters)).rejects.toMatchObject({
        status: 400,
        errors: [{ filters: [expect.stringContaining("object")] }],
      });
    });

    test("a consumer without a filter set has no filters", async () => {
      const backend = new FilterSetBackend();
      await expect(titles(backend, { filters: { title: web } }, {})).rejects.toMatchObject({ status: 400 });
      expect(await titles(backend, {}, {})).toHaveLength(4);
    });

    test("a filter on a write-only field is a mistake of the application, at the first use of any filter or none", async () => {
      const SecretFilter = FilterSet(library.Book, { fields: { title: ["exact"], secret: ["exact"] } });
      const consumer = { filterSetClass: SecretFilter, getSerializerClass: () => serializers().Plain };
      for (const args of [{}, { filters: { title: web } }, { filters: { secret: "hidden" } }]) {
        await expect(titles(new FilterSetBackend(), args, consumer)).rejects.toMatchObject({ code: "improperly_configured" });
      }
    });

    test("readable fields, the primary key and a foreign key by any of its names can be filtered", async () => {
      const Filter = FilterSet(library.Book, {
        fields: { title: ["exact"], pk: ["in"], author__id: ["exact"], author: ["exact"], authorId: ["gt"] },
      });
      const consumer = { filterSetClass: Filter, getSerializerClass: () => serializers().Plain };
      expect(
        await titles(new FilterSetBackend(), { filters: { pk__in: [1, 2], author__id: 2, authorId__gt: 1 } }, consumer),
      ).toEqual([lies]);
    });

    test("a foreign key is filtered by its relation's name as by its column's, whichever of them the serializer shows", async () => {
      const { Book } = library;
      const filterSetClass = FilterSet(Book, {
        fields: { author: ["exact", "in", "isnull", "lt"], authorId: ["exact", "in", "isnull", "lt"] },
      });
      for (const shown of ["author", "authorId"] as const) {
        const Shown = ModelSerializer(Book, { fields: ["id", shown] });
        const consumer = { filterSetClass, getSerializerClass: () => Shown };
        for (const name of ["author", "authorId"]) {
          const left = (filters: object) => titles(new FilterSetBackend(), { filters }, consumer);
          expect(await left({ [name]: 1 })).toEqual([web, cotton]);
          expect(await left({ [name]: null })).toEqual([unit]);
          expect(await left({ [`${name}__in`]: [2, 99] })).toEqual([lies]);
          expect(await left({ [`${name}__isnull`]: false, [`${name}__lt`]: 2 })).toEqual([web, cotton]);
          await expect(left({ [name]: "1" })).rejects.toMatchObject({
            status: 400,
            errors: [{ filters: { [name]: [expect.any(String)] } }],
          });
          await expect(left({ [name]: { id: 1 } })).rejects.toMatchObject({ status: 400 });
        }
      }
    });

    test("a key of a related row is one value with two names too", async () => {
      const { Book } = library;
      const Shown = ModelSerializer(Book, {
        fields: ["id", "writer"],
        declaredFields: { writer: new IntegerField({ source: "author.id", readOnly: true }) },
      });
      const consumer = {
        filterSetClass: FilterSet(Book, { fields: { author__pk: ["exact"] } }),
        getSerializerClass: () => Shown,
      };
      expect(await titles(new FilterSetBackend(), { filters: { author__pk: 2 } }, consumer)).toEqual([lies]);
    });

    test("what lies behind a foreign key that is shown as a key only cannot be filtered, and the error says what to do", async () => {
      const getSerializerClass = () => serializers().Plain;
      const filterSetClass = FilterSet(library.Book, { fields: { author__password: ["startswith"] } });
      const asked = titles(
        new FilterSetBackend(),
        { filters: { author__password__startswith: "p" } },
        { filterSetClass, getSerializerClass },
      );
      await expect(asked).rejects.toMatchObject({ code: "improperly_configured" });
      await expect(asked).rejects.toThrow(/"author__password": .*guessableFields/s);
    });

    test("guessableFields open what no answer shows, but never a write-only field", async () => {
      const { Plain, Nested } = serializers();
      const filterSetClass = FilterSet(library.Book, { fields: { author__name: ["exact"] } });
      const open = { filterSetClass, guessableFields: ["author__name"], getSerializerClass: () => Plain };
      expect(await titles(new FilterSetBackend(), { filters: { author__name: "Bob" } }, open)).toEqual([lies]);
      for (const [path, Serializer] of [["secret", Plain] as const, ["author__password", Nested] as const]) {
        const Leaky = FilterSet(library.Book, { fields: { [path]: ["exact"] } as never });
        const consumer = { filterSetClass: Leaky, guessableFields: [path], getSerializerClass: () => Serializer };
        await expect(titles(new FilterSetBackend(), {}, consumer)).rejects.toMatchObject({ code: "improperly_configured" });
      }
    });

    test("a slug shows one column of the related row and nothing else of it", async () => {
      const { Author, Book } = library;
      const Slugged = ModelSerializer(Book, {
        fields: ["id", "author"],
        declaredFields: { author: new SlugRelatedField({ slugField: "name", queryset: Author.objects.all() }) },
      });
      const getSerializerClass = () => Slugged;
      const Open = FilterSet(Book, { fields: { author__name: ["exact"] } });
      expect(
        await titles(new FilterSetBackend(), { filters: { author__name: "Bob" } }, { filterSetClass: Open, getSerializerClass }),
      ).toEqual([lies]);
      const Leaky = FilterSet(Book, { fields: { author__password: ["exact"] } });
      await expect(titles(new FilterSetBackend(), {}, { filterSetClass: Leaky, getSerializerClass })).rejects.toMatchObject({
        code: "improperly_configured",
      });
    });

    test("what a nested serializer hides cannot be filtered, what it shows can", async () => {
      const getSerializerClass = () => serializers().Nested;
      const Open = FilterSet(library.Book, { fields: { author__name: ["exact"], author__pk: ["exact"] } });
      expect(
        await titles(new FilterSetBackend(), { filters: { author__name: "Bob" } }, { filterSetClass: Open, getSerializerClass }),
      ).toEqual([lies]);
      const Leaky = FilterSet(library.Book, { fields: { author__password: ["exact"] } });
      await expect(titles(new FilterSetBackend(), {}, { filterSetClass: Leaky, getSerializerClass })).rejects.toMatchObject({
        code: "improperly_configured",
      });
    });

    test("a field that shows one column of a related row opens that column only", async () => {
      const getSerializerClass = () => serializers().Renamed;
      const Open = FilterSet(library.Book, { fields: { author__name: ["exact"], title: ["exact"] } });
      expect(
        await titles(new FilterSetBackend(), { filters: { author__name: "Bob" } }, { filterSetClass: Open, getSerializerClass }),
      ).toEqual([lies]);
      const Leaky = FilterSet(library.Book, { fields: { author__password: ["exact"] } });
      await expect(titles(new FilterSetBackend(), {}, { filterSetClass: Leaky, getSerializerClass })).rejects.toMatchObject({
        code: "improperly_configured",
      });
    });

    test("a field that one user's serializer leaves out is no filter for that user", async () => {
      const { Plain } = serializers();
      class PerUser extends Plain {
        override getFields(): ReturnType<InstanceType<typeof Plain>["getFields"]> {
          const fields = super.getFields();
          const isKnown = Reflect.get(Object(this.context["scope"]), "user") !== null;
          if (!isKnown) Reflect.deleteProperty(fields, "pages");
          return fields;
        }
      }
      const consumer = {
        filterSetClass: FilterSet(library.Book, { fields: { pages: ["gt"] } }),
        getSerializerClass: () => PerUser,
      };
      const args = { filters: { pages__gt: 200 } };
      expect(await titles(new FilterSetBackend(), args, { ...consumer, userId: 1 })).toEqual([lies]);
      await expect(titles(new FilterSetBackend(), args, consumer)).rejects.toMatchObject({ status: 400 });
    });

    test("nor by the other name of a foreign key that it leaves out", async () => {
      const { Plain } = serializers();
      class Anonymous extends Plain {
        override getFields(): ReturnType<InstanceType<typeof Plain>["getFields"]> {
          const fields = super.getFields();
          Reflect.deleteProperty(fields, "author");
          return fields;
        }
      }
      const filterSetClass = FilterSet(library.Book, { fields: { title: ["exact"], authorId: ["exact"] } });
      const consumer = { filterSetClass, getSerializerClass: () => Anonymous };
      expect(await titles(new FilterSetBackend(), { filters: { title: web } }, consumer)).toEqual([web]);
      await expect(titles(new FilterSetBackend(), { filters: { authorId: 1 } }, consumer)).rejects.toMatchObject({ status: 400 });
    });

    test("nor is what a nested serializer shows, for a user whose serializer leaves it out", async () => {
      const { Nested } = serializers();
      class Anonymous extends Nested {
        override getFields(): ReturnType<InstanceType<typeof Nested>["getFields"]> {
          const fields = super.getFields();
          Reflect.deleteProperty(fields, "author");
          return fields;
        }
      }
      const filterSetClass = FilterSet(library.Book, { fields: { title: ["exact"], author__name: ["exact"] } });
      const consumer = { filterSetClass, getSerializerClass: () => Anonymous };
      expect(await titles(new FilterSetBackend(), { filters: { title: web } }, consumer)).toEqual([web]);
      const asked = titles(new FilterSetBackend(), { filters: { author__name: "Bob" } }, consumer);
      await expect(asked).rejects.toMatchObject({ status: 400 });
    });
  });

  describe("SearchFilter", () => {
    const searched = (search: unknown, searchFields: readonly string[] = ["title", "author__name"], given: Given = {}) =>
      titles(new SearchFilter(), { search }, { searchFields, ...given });

    test.each([
      [undefined, [web, lies, cotton, unit]],
      ["", [web, lies, cotton, unit]],
      ["web", [web, lies]],
      ["WEB ann", [web]],
      ["web,bob", [lies]],
      ['"web of"', [lies]],
      ["ångstr", [unit]],
      ["%", [cotton]],
      ["_", [cotton]],
      ["'; DROP TABLE book;--", []],
      ["nothing", []],
    ])("the search %o finds %o", async (search, expected) => {
      expect(await searched(search)).toEqual(expected);
      expect(await library.Book.objects.count()).toBe(4);
    });

    test("^ searches from the start, = the whole", async () => {
      expect(await searched("of", ["^title"])).toEqual([]);
      expect(await searched("WEB", ["^title"])).toEqual([web, lies]);
      expect(await searched("web", ["=title"])).toEqual([]);
      expect(await searched('"web sockets"', ["=title"])).toEqual([web]);
    });

    test.each([[5], [{ $ne: null }], [["web"]], [true], ["a\0"]])("a search for %o is a 400", async (search) => {
      await expect(searched(search)).rejects.toMatchObject({ status: 400, errors: [{ search: [expect.any(String)] }] });
    });

    test("a consumer without search fields ignores the search", async () => {
      expect(await searched("web", [])).toHaveLength(4);
    });

    test.each([["pages"], ["author"], ["nothing"], ["@title"], ["author__nothing"], ["title; DROP TABLE book"]])(
      "a search field %j that is no text column is a mistake of the application",
      async (field) => {
        await expect(searched("x", [field])).rejects.toMatchObject({ code: "improperly_configured" });
      },
    );

    test.each([["secret"], ["^secret"], ["title", "=secret"], ["author__password"], ["title", "^author__name"]])(
      "a search in %j, which the serializer hides, is one too",
      async (...fields) => {
        const given = { getSerializerClass: () => serializers().Plain };
        await expect(searched("hidden", fields, given)).rejects.toMatchObject({ code: "improperly_configured" });
      },
    );

    test("guessableFields can be searched", async () => {
      const given = { getSerializerClass: () => serializers().Plain, guessableFields: ["author__name"] };
      expect(await searched("bob", ["^author__name"], given)).toEqual([lies]);
    });
  });

  describe("OrderingFilter", () => {
    const ordered = (ordering: unknown, given: Given = {}) =>
      titles(new OrderingFilter(), { ordering }, { getSerializerClass: () => serializers().Plain, ...given });

    test.each([
      ["title", [cotton, web, lies, unit]],
      ["-title", [unit, lies, web, cotton]],
      ["pages", [unit, cotton, web, lies]],
      ["-pages", [lies, web, cotton, unit]],
      ["-inPrint,-id", [unit, cotton, web, lies]],
      [
        ["-inPrint", "-id"],
        [unit, cotton, web, lies],
      ],
      [" -pages , title ", [lies, web, cotton, unit]],
      ["author", [unit, web, cotton, lies]],
      ["-author", [lies, web, cotton, unit]],
      ["title,-title", [cotton, web, lies, unit]],
      ["", [web, lies, cotton, unit]],
      [null, [web, lies, cotton, unit]],
      [undefined, [web, lies, cotton, unit]],
    ])("5.6 the ordering %o gives %o", async (ordering, expected) => {
      expect(await ordered(ordering)).toEqual(expected);
    });

    test.each([
      ["secret"],
      ["-secret"],
      ["nothing"],
      ["--id"],
      ["author__name"],
      ["author__password"],
      ["constructor"],
      ["__proto__"],
      ["id; DROP TABLE book"],
      ['title"; DROP TABLE book;--'],
      [["id", "secret"]],
      [[["id"]]],
      [[5]],
      [5],
      [true],
      [{ $ne: null }],
    ])("5.6 the ordering %o is a 400 and changes nothing", async (ordering) => {
      await expect(ordered(ordering)).rejects.toMatchObject({ status: 400, errors: [{ ordering: [expect.any(String)] }] });
      expect(await library.Book.objects.count()).toBe(4);
    });

    test("the error names the field and what could be sent instead", async () => {
      const message = 'Cannot order by "titel". Choose from: id, title, pages, inPrint, author.';
      await expect(ordered("-titel")).rejects.toMatchObject({ errors: [{ ordering: [message] }] });
    });

    test("orderingFields narrow what a client may order by, and may reach through relations to guessableFields", async () => {
      const given = { orderingFields: ["author__name", "id"], guessableFields: ["author__name"] };
      expect(await ordered("-author__name,-id", given)).toEqual([lies, cotton, web, unit]);
      await expect(ordered("title", given)).rejects.toMatchObject({ status: 400 });
    });

    test("rows that are equal in what was asked for come in the order of their primary keys", () => {
      const orderingOf = (ordering: string) => {
        const consumer = { scope: scopeOf(null), getSerializerClass: () => serializers().Plain };
        return new OrderingFilter().filterQueryset(library.Book.objects, { ordering }, consumer).query.ordering;
      };
      expect(orderingOf("-inPrint")).toEqual(["-inPrint", "id"]);
      expect(orderingOf("-inPrint,-id")).toEqual(["-inPrint", "-id"]);
    });

    test("a client orders by the serializer's names", async () => {
      const given = { getSerializerClass: () => serializers().Renamed };
      expect(await ordered("-name", given)).toEqual([unit, lies, web, cotton]);
      await expect(ordered("title", given)).rejects.toMatchObject({ status: 400 });
      expect(await ordered("-author_name,id", { ...given, orderingFields: ["author_name", "id"] })).toEqual([
        lies,
        web,
        cotton,
        unit,
      ]);
    });

    test("the consumer's ordering holds when the client asks for none", async () => {
      expect(await ordered(undefined, { ordering: "-pages,title" })).toEqual([lies, web, cotton, unit]);
      expect(await ordered("id", { ordering: ["-pages"] })).toEqual([web, lies, cotton, unit]);
    });

    test.each([
      { orderingFields: ["secret"] },
      { orderingFields: ["author__name"] },
      { orderingFields: ["nothing"] },
      { ordering: "nothing" },
    ])("the mistake of the application %o is not blamed on the client", async (given) => {
      await expect(ordered(undefined, given)).rejects.toMatchObject({ code: "improperly_configured" });
    });

    test("a consumer without serializer and orderingFields has a fixed order", async () => {
      await expect(titles(new OrderingFilter(), { ordering: "id" }, {})).rejects.toMatchObject({
        errors: [{ ordering: ['Cannot order by "id". This list has a fixed order.'] }],
      });
    });
  });

  test("whatever a client sends as filters, search or ordering narrows the list or is a 400", { timeout: 60_000 }, async () => {
    const given = {
      filterSetClass: bookFilter(),
      searchFields: ["title"],
      guessableFields: ["author__name"],
      getSerializerClass: () => serializers().Plain,
    };
    const names = fc.constantFrom(
      "title",
      "title__icontains",
      "id__in",
      "pages__gt",
      "pages__range",
      "inPrint",
      "long",
      "author__name__istartswith",
    );
    const filters = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.oneof(names, fc.string()), fc.oneof(fc.jsonValue(), fc.bigInt()), { maxKeys: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(filters, fc.jsonValue(), fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" })), async (...sent) => {
        const [filters, ordering, search] = sent;
        for (const Backend of [FilterSetBackend, SearchFilter, OrderingFilter]) {
          try {
            expect((await titles(new Backend(), { filters, ordering, search }, given)).length).toBeLessThanOrEqual(4);
          } catch (error) {
            expect(error).toBeInstanceOf(APIException);
            expect(error).toMatchObject({ status: 400 });
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
