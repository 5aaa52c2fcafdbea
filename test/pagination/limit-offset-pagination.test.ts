import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "../../src/pagination/base-pagination.ts";
import { LimitOffsetPagination } from "../../src/pagination/limit-offset-pagination.ts";
import { PageNumberPagination } from "../../src/pagination/page-number-pagination.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { encodeJson, JsonText } from "../../src/protocol/json.ts";
import { type Library, openLibrary } from "./library.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("pagination by numbers", async (on) => {
  class TwoToFour extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
    override readonly maxLimit = 4;
  }

  class ThreePerPage extends PageNumberPagination {
    override readonly pageSize = 3;
    override readonly maxPageSize = 5;
  }

  let library: Library;

  beforeAll(async () => {
    library = await openLibrary(on);
    await library.Book.objects.bulkCreate(["a", "b", "c", "d", "e", "f"].map((title) => ({ title })));
  });

  afterAll(() => library.close());

  async function envelopeOf(page: Page | null): Promise<unknown> {
    if (page === null) return null;
    const rows: readonly object[] = await page.queryset.toArray();
    return page.envelope(rows.map((row): unknown => Reflect.get(row, "id")));
  }

  const byOffset = async (args: MessageArguments, pagination: LimitOffsetPagination = new TwoToFour()) =>
    envelopeOf(await pagination.paginateQueryset(library.Book.objects.orderBy("id"), args));

  const byNumber = async (args: MessageArguments) =>
    envelopeOf(await new ThreePerPage().paginateQueryset(library.Book.objects.orderBy("id"), args));

  describe("LimitOffsetPagination", () => {
    test.each([
      [{}, { count: 6, results: [1, 2], limit: 2, offset: 0 }],
      [
        { limit: 3, offset: 3 },
        { count: 6, results: [4, 5, 6], limit: 3, offset: 3 },
      ],
      [
        { limit: 100, offset: 5 },
        { count: 6, results: [6], limit: 4, offset: 5 },
      ],
      [{ offset: 6 }, { count: 6, results: [], limit: 2, offset: 6 }],
      [{ offset: 1e308 }, { count: 6, results: [], limit: 2, offset: Number.MAX_SAFE_INTEGER }],
      [
        { limit: true, offset: "2" },
        { count: 6, results: [3], limit: 1, offset: 2 },
      ],
    ])("5.4 %o gives %o", async (args, envelope) => {
      expect(await byOffset(args)).toEqual(envelope);
    });

    test("without a default and a limit the list is not paged", async () => {
      expect(await byOffset({}, new LimitOffsetPagination())).toBeNull();
      expect(await byOffset({ limit: 1e308, offset: 1 }, new LimitOffsetPagination())).toEqual({
        count: 6,
        results: [2, 3, 4, 5, 6],
        limit: Number.MAX_SAFE_INTEGER,
        offset: 1,
      });
    });

    test("an empty list is one page without rows and without a next one", async () => {
      const page = await new TwoToFour().paginateQueryset(library.Book.objects.none(), {});
      expect(page?.nextArguments).toBeNull();
      expect(await envelopeOf(page)).toEqual({ count: 0, results: [], limit: 2, offset: 0 });
    });

    test("the next arguments lead through all pages and end at the last", async () => {
      const seen: unknown[] = [];
      for (let args: MessageArguments | null = { limit: 4 }; args !== null;) {
        const page: Page | null = await new TwoToFour().paginateQueryset(library.Book.objects.orderBy("id"), args);
        seen.push(await envelopeOf(page));
        args = page?.nextArguments ?? null;
      }
      expect(seen).toEqual([
        { count: 6, results: [1, 2, 3, 4], limit: 4, offset: 0 },
        { count: 6, results: [5, 6], limit: 4, offset: 4 },
      ]);
    });

    test("finished JSON can stand in for the rows", async () => {
      const page = await new TwoToFour().paginateQueryset(library.Book.objects.none(), {});
      expect(encodeJson(page?.envelope(new JsonText("[{}]")))).toBe('{"count":0,"results":[{}],"limit":2,"offset":0}');
    });
  });

  describe("PageNumberPagination", () => {
    test.each([
      [{}, { count: 6, results: [1, 2, 3], page: 1, page_size: 3, num_pages: 2 }],
      [{ page: 2 }, { count: 6, results: [4, 5, 6], page: 2, page_size: 3, num_pages: 2 }],
      [{ page: "last" }, { count: 6, results: [4, 5, 6], page: 2, page_size: 3, num_pages: 2 }],
      [
        { page: "2", page_size: 4 },
        { count: 6, results: [5, 6], page: 2, page_size: 4, num_pages: 2 },
      ],
      [
        { page: 2, page_size: 100 },
        { count: 6, results: [6], page: 2, page_size: 5, num_pages: 2 },
      ],
      [{ page_size: 0 }, { count: 6, results: [1, 2, 3], page: 1, page_size: 3, num_pages: 2 }],
    ])("5.7 %o gives %o", async (args, envelope) => {
      expect(await byNumber(args)).toEqual(envelope);
    });

    test.each([0, -1, 3, 1e308, 10n ** 30n, 1.5, "abc", "", "1.0"])("5.7 page %o does not exist: 404", async (page) => {
      await expect(byNumber({ page })).rejects.toMatchObject({ status: 404, errors: ["Invalid page."] });
    });

    test.each([[null], [true], [[1]], [{}]])("page %o is no number: 400", async (page) => {
      await expect(byNumber({ page })).rejects.toMatchObject({
        status: 400,
        errors: [{ page: ["A valid integer is required."] }],
      });
    });

    test("the first page of an empty list exists", async () => {
      const page = await new ThreePerPage().paginateQueryset(library.Book.objects.none(), {});
      expect(await envelopeOf(page)).toEqual({ count: 0, results: [], page: 1, page_size: 3, num_pages: 1 });
      expect(page.nextArguments).toBeNull();
    });
  });
});
