import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { type Library, openLibrary } from "./library.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("cursor pagination", async (on) => {
  class Cursors extends CursorPagination {
    override readonly ordering = ["title"];
    override readonly pageSize = 2;
    override readonly maxPageSize = 5;
  }

  interface CursorPage {
    readonly next: string | null;
    readonly previous: string | null;
    readonly results: readonly number[];
  }

  let library: Library;

  beforeAll(async () => {
    library = await openLibrary(on);
  });

  beforeEach(async () => {
    await library.Book.objects.delete();
  });

  afterAll(() => library.close());

  const books = (...titles: string[]) => library.Book.objects.bulkCreate(titles.map((title) => ({ title })));

  async function read(
    args: MessageArguments = {},
    queryset: AnyQuerySet = library.Book.objects,
    pagination = new Cursors(),
  ): Promise<CursorPage> {
    const page = await pagination.paginateQueryset(queryset, args);
    const ids = page.rows?.map((row): unknown => Reflect.get(row, "id"));
    return page.envelope(ids) as CursorPage;
  }

  async function titles(page: CursorPage): Promise<string[]> {
    const rows = await library.Book.objects.toArray();
    return page.results.map((id) => rows.find((row) => row.id === id)?.title ?? "gone");
  }

  /** The ids of all pages from `cursor` on, in the order in which they came. */
  async function walk(
    queryset: AnyQuerySet,
    direction: "next" | "previous",
    cursor: string | null,
    pageSize = 2,
  ): Promise<number[]> {
    const seen: number[] = [];
    for (let at: string | null = cursor, first = true; first || at !== null; first = false) {
      const page: CursorPage = await read({ cursor: at, page_size: pageSize }, queryset);
      seen.push(...(direction === "next" ? page.results : page.results.toReversed()));
      at = page[direction];
    }
    return seen;
  }

  describe("a page by cursor", () => {
    test("5.8 leads to the next and back to the previous", async () => {
      await books("c", "a", "e", "b", "d");
      const first = await read();
      const second = await read({ cursor: first.next });
      const third = await read({ cursor: second.next });
      expect(await Promise.all([first, second, third].map(titles))).toEqual([["a", "b"], ["c", "d"], ["e"]]);
      expect([first.previous, third.next]).toEqual([null, null]);
      expect(await titles(await read({ cursor: third.previous }))).toEqual(["c", "d"]);
      const back = await read({ cursor: second.previous });
      expect(back).toMatchObject({ results: first.results, previous: null });
      expect(await titles(await read({ cursor: back.next }))).toEqual(["c", "d"]);
    });

    test("of an empty list has neither next nor previous", async () => {
      expect(await read()).toEqual({ next: null, previous: null, results: [] });
    });

    test("holds at most so many rows as the maximum says", async () => {
      await books("a", "b", "c", "d", "e", "f");
      expect((await read({ page_size: 100 })).results).toHaveLength(5);
      expect((await read({ page_size: "abc" })).results).toHaveLength(2);
      await expect(read({ page_size: null })).rejects.toMatchObject({
        errors: [{ page_size: ["A valid integer is required."] }],
      });
    });

    test("that has become empty leads back, over what lies before it", async () => {
      await books("a", "b", "c", "d", "e");
      const second = await read({ cursor: (await read()).next });
      await library.Book.objects.filter({ title: "e" }).delete();
      const empty = await read({ cursor: second.next });
      expect(empty).toMatchObject({ results: [], next: null });
      expect(await titles(await read({ cursor: empty.previous }))).toEqual(["c", "d"]);
    });

    test("is read in the queryset's own order if it has one, reversed or not", async () => {
      await books("a", "b", "c");
      const byTitle = library.Book.objects.orderBy("-title");
      expect(await titles(await read({ page_size: 5 }, byTitle))).toEqual(["c", "b", "a"]);
      // oxlint-disable-next-line unicorn/no-array-reverse -- it is a queryset
      expect(await titles(await read({ page_size: 5 }, byTitle.reverse()))).toEqual(["a", "b", "c"]);
    });

    test("names the arguments of the next page", async () => {
      await books("a", "b", "c");
      const page = await new Cursors().paginateQueryset(library.Book.objects, {});
      expect(page.nextArguments).toEqual({ cursor: (await read()).next, page_size: 2 });
      const last = await new Cursors().paginateQueryset(library.Book.objects, page.nextArguments ?? {});
      expect(last.nextArguments).toBeNull();
    });
  });

  describe("a cursor", () => {
    test("5.8 of another ordering, filter, search or model is refused", async () => {
      await books("a", "b", "c");
      const filters = { title__icontains: "", pages: 1 };
      const { next: cursor } = await read({ filters, search: "x" });
      const refused = { status: 404, errors: ["Invalid cursor"] };
      await expect(read({ cursor })).rejects.toMatchObject(refused);
      await expect(read({ cursor, search: "x", filters: { pages: 1 } })).rejects.toMatchObject(refused);
      await expect(read({ cursor, search: "y", filters })).rejects.toMatchObject(refused);
      await expect(read({ cursor, search: "x", filters }, library.Book.objects.orderBy("-title"))).rejects.toMatchObject(refused);
      await expect(read({ cursor, search: "x", filters }, library.Author.objects.orderBy("id"))).rejects.toMatchObject(refused);
      const reordered = { pages: 1, title__icontains: "" };
      expect(await titles(await read({ cursor, search: "x", filters: reordered }))).toEqual(["c"]);
    });

    test("5.8 that was changed or made up is refused", async () => {
      await books("a", "b", "c");
      const { next } = await read();
      const forged = [
        `${next}A`,
        `A${next}`,
        next?.slice(1),
        "",
        "abc",
        Buffer.from('[0,0,"a",1]').toString("base64url"),
        "'; DROP TABLE book; --",
      ];
      for (const cursor of forged)
        await expect(read({ cursor })).rejects.toMatchObject({ status: 404, errors: ["Invalid cursor"] });
    });

    test.each([5, true, [], {}, { $ne: null }])("that is %o is a 400", async (cursor) => {
      await expect(read({ cursor })).rejects.toMatchObject({ status: 400, errors: [{ cursor: ["Not a valid string."] }] });
    });

    test("is taken by every process that has the secret, and by no other", async () => {
      await books("a", "b", "c");
      class Shared extends Cursors {
        override readonly secret = "0123456789abcdef0123456789abcdef";
      }
      class Elsewhere extends Shared {}
      const { next } = await read({}, library.Book.objects, new Shared());
      expect((await read({ cursor: next }, library.Book.objects, new Elsewhere())).results).toHaveLength(1);
      await expect(read({ cursor: next })).rejects.toMatchObject({ status: 404 });
    });

    test("shows no value of its row", async () => {
      await books("confidential", "confidential too", "z");
      const { next } = await read();
      expect(next).not.toBeNull();
      expect(Buffer.from(next ?? "", "base64url").toString("latin1")).not.toContain("confidential");
      expect(next).not.toContain(Buffer.from("confidential").toString("base64url").slice(2, 10));
    });
  });

  describe("an ordering", () => {
    const ordered = (ordering: readonly string[]) =>
      new (class extends CursorPagination {
        override readonly ordering = ordering;
      })();

    test("is needed", async () => {
      await expect(new CursorPagination().paginateQueryset(library.Book.objects, {})).rejects.toMatchObject({
        code: "improperly_configured",
      });
    });

    test.each([["nothing"], ["author__name"], ["title; DROP TABLE book"]])(
      "by %j is a mistake of the application",
      async (key) => {
        await expect(ordered([key]).paginateQueryset(library.Book.objects, {})).rejects.toMatchObject({
          code: "improperly_configured",
        });
      },
    );

    test("by a write-only field is a mistake of the application", async () => {
      const consumer = { getSerializerClass: () => ({ writeOnlyFieldNames: ["secret"] }) };
      await expect(ordered(["secret"]).paginateQueryset(library.Book.objects, {}, consumer)).rejects.toMatchObject({
        code: "improperly_configured",
      });
      await expect(ordered(["title"]).paginateQueryset(library.Book.objects, {}, consumer)).resolves.toBeDefined();
    });
  });

  const rows = fc.record({
    title: fc.constantFrom("a", "A", "ä", "b", "", "z", "😀"),
    pages: fc.option(fc.integer({ min: 0, max: 2 })),
    price: fc.option(fc.constantFrom(0, -1.5, 2.25, 1e300)),
    inPrint: fc.boolean(),
    published: fc.option(fc.constantFrom(new Date(0), new Date(1_700_000_000_000), new Date(1_700_000_000_001))),
  });

  const KEYS = ["title", "pages", "price", "inPrint", "published", "id"] as const;
  const orderings = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...KEYS), fc.boolean()).map(([name, descending]) => (descending ? (`-${name}` as const) : name)),
    { minLength: 1, maxLength: 3, selector: (key) => key.replace("-", "") },
  );

  describe("pages by cursor", () => {
    test("hold every row once, in the order of the list, forwards and backwards, whatever the ordering and the values", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(rows, { maxLength: 12 }),
          orderings,
          fc.integer({ min: 1, max: 5 }),
          async (given, keys, size) => {
            await library.Book.objects.delete();
            await library.Book.objects.bulkCreate(given);
            const queryset = library.Book.objects.orderBy(...keys);
            const expected = (await library.Book.objects.orderBy(...keys, "id").toArray()).map((row) => row.id);
            expect(await walk(queryset, "next", null, size)).toEqual(expected);
            const last = await lastCursor(queryset, size);
            const tail = expected.slice(0, expected.length - last.rows);
            if (last.previous !== null) expect(await walk(queryset, "previous", last.previous, size)).toEqual(tail.toReversed());
          },
        ),
        { numRuns: 150 },
      );
    });

    test("neither repeat nor skip a row that was there all the time, whatever is added and removed between them", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(rows, { minLength: 1, maxLength: 10 }),
          fc.array(fc.record({ add: fc.array(rows, { maxLength: 2 }), remove: fc.option(fc.nat()) }), { maxLength: 8 }),
          orderings,
          async (given, changes, keys) => {
            await library.Book.objects.delete();
            const kept = new Set((await library.Book.objects.bulkCreate(given)).map((row) => row.id));
            const queryset = library.Book.objects.orderBy(...keys);
            const seen: number[] = [];
            let page = await read({}, queryset);
            seen.push(...page.results);
            for (let turn = 0; page.next !== null; turn += 1) {
              const change = changes[turn] ?? { add: [], remove: null };
              await library.Book.objects.bulkCreate(change.add);
              if (change.remove !== null) kept.delete(await removeOne(change.remove));
              page = await read({ cursor: page.next }, queryset);
              seen.push(...page.results);
            }
            expect(new Set(seen).size).toBe(seen.length);
            for (const id of kept) expect(seen).toContain(id);
          },
        ),
        { numRuns: 100 },
      );
    });
  });

  async function lastCursor(queryset: AnyQuerySet, size: number): Promise<{ rows: number; previous: string | null }> {
    let page = await read({ page_size: size }, queryset);
    while (page.next !== null) page = await read({ cursor: page.next, page_size: size }, queryset);
    return { rows: page.results.length, previous: page.previous };
  }

  async function removeOne(index: number): Promise<number> {
    const all = await library.Book.objects.orderBy("id").toArray();
    const id = all[index % Math.max(1, all.length)]?.id ?? 0;
    await library.Book.objects.filter({ id }).delete();
    return id;
  }
});
