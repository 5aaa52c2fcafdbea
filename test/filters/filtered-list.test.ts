import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GenericAsyncAPIConsumer } from "../../src/consumers/generic-async-api-consumer.ts";
import { FilterSet } from "../../src/filters/filter-set.ts";
import { FilterSetBackend } from "../../src/filters/filter-set-backend.ts";
import { OrderingFilter } from "../../src/filters/ordering-filter.ts";
import { SearchFilter } from "../../src/filters/search-filter.ts";
import { mixins } from "../../src/mixins/mixins.ts";
import { PaginatedModelListMixin } from "../../src/mixins/paginated-model-list-mixin.ts";
import { RetrieveModelMixin } from "../../src/mixins/retrieve-model-mixin.ts";
import { StreamedPaginatedListMixin } from "../../src/mixins/streamed-paginated-list-mixin.ts";
import { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import { LimitOffsetPagination } from "../../src/pagination/limit-offset-pagination.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { UserRateThrottle } from "../../src/throttling/user-rate-throttle.ts";
import { connected, failure, success } from "../consumers/connected.ts";
import { type Library, openLibrary } from "../pagination/library.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("filtered lists", async (on) => {
  let library: Library;

  beforeAll(async () => {
    library = await openLibrary(on);
    await library.Book.objects.bulkCreate(
      ["b", "a", "c", "aa", "ab"].map((title, index) => ({ title, pages: index, secret: `secret ${title}` })),
    );
  });

  afterAll(() => library.close());

  class ByTwo extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
  }

  class CursorByTwo extends CursorPagination {
    override readonly pageSize = 2;
    override readonly ordering = "title";
  }

  /** A consumer of books with all filter backends. */
  function bookConsumer() {
    const { Book } = library;
    class BookSerializer extends ModelSerializer(Book, {
      fields: ["id", "title", "secret"],
      extraKwargs: { secret: { writeOnly: true } },
    }) {}
    return GenericAsyncAPIConsumer({
      queryset: Book.objects.orderBy("id"),
      serializerClass: BookSerializer,
      paginationClass: ByTwo,
      filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
      filterSetClass: FilterSet(Book, { fields: { title: ["exact", "startswith"], id: ["gt"] } }),
      searchFields: ["title"],
    });
  }

  const first = { id: 2, title: "a" };
  const second = { id: 4, title: "aa" };
  const third = { id: 5, title: "ab" };

  describe("a list over the wire", () => {
    test("5.6 is filtered, searched, ordered and paged together", async () => {
      const socket = await connected(class extends mixins(bookConsumer(), PaginatedModelListMixin) {});
      const frame = {
        action: "list",
        request_id: 1,
        search: "a",
        filters: { id__gt: 1 },
        ordering: "-title",
        limit: 2,
        offset: 1,
      };
      expect(await socket.ask(frame)).toEqual(success("list", 1, { count: 3, results: [second, first], limit: 2, offset: 1 }));
    });

    test.each([
      [{ filters: { secret: "secret a" } }, { filters: { secret: [expect.stringContaining("Unknown filter")] } }],
      [{ filters: { id__gt: { $ne: null } } }, { filters: { id__gt: ["Expected an integer."] } }],
      [{ ordering: "secret" }, { ordering: ['Cannot order by "secret". Choose from: id, title.'] }],
      [{ search: { $ne: null } }, { search: ["Not a valid string."] }],
      [{ limit: null }, { limit: ["A valid integer is required."] }],
    ])("5.6 is refused for %o, and the socket lives", async (args, error) => {
      const socket = await connected(class extends mixins(bookConsumer(), PaginatedModelListMixin) {});
      expect(await socket.ask({ action: "list", request_id: 1, ...args })).toEqual(failure("list", 1, 400, error));
      expect(await socket.ask({ action: "list", request_id: 2, limit: 1 })).toMatchObject({ response_status: 200 });
    });

    test("5.5 whose whitelist names a write-only field fails without a word about it", async () => {
      class Leaky extends mixins(bookConsumer(), PaginatedModelListMixin) {
        override filterSetClass = FilterSet(library.Book, { fields: { secret: ["startswith"] } });
      }
      const socket = await connected(Leaky);
      const answer = await socket.ask({ action: "list", request_id: 1, filters: { secret__startswith: "secret" } });
      expect(answer).toMatchObject({ response_status: 500, data: null });
      expect(JSON.stringify(answer)).not.toContain("secret");
      expect(socket.log).toHaveLength(1);
    });

    test("5.8 in pages by cursor leads from page to page", async () => {
      class Cursors extends mixins(bookConsumer(), PaginatedModelListMixin) {
        override paginationClass = CursorByTwo;
        override queryset = library.Book.objects.all();
      }
      const socket = await connected(Cursors);
      const page = await socket.ask({ action: "list", request_id: 1, filters: { title__startswith: "a" } });
      expect(page).toMatchObject({ data: { previous: null, results: [first, second] } });
      const cursor = nextOf(page);
      const next = { action: "list", request_id: 2, filters: { title__startswith: "a" }, cursor };
      expect(await socket.ask(next)).toMatchObject({ data: { next: null, results: [third] } });
      expect(await socket.ask({ action: "list", request_id: 3, cursor })).toEqual(failure("list", 3, 404, "Invalid cursor"));
    });

    test("as a stream of pages by cursor gives every page to the one request", async () => {
      class Streamed extends mixins(bookConsumer(), StreamedPaginatedListMixin) {
        override paginationClass = CursorByTwo;
        override queryset = library.Book.objects.all();
      }
      const socket = await connected(Streamed);
      expect(await socket.ask({ action: "list", request_id: 1, search: "a" })).toMatchObject({
        data: { results: [first, second] },
      });
      expect(await socket.receive()).toMatchObject({ request_id: 1, data: { next: null, results: [third] } });
    });

    test("and a single row is looked up among the filtered rows only", async () => {
      const socket = await connected(class extends mixins(bookConsumer(), RetrieveModelMixin) {});
      expect(await socket.ask({ action: "retrieve", request_id: 1, pk: 2 })).toEqual(success("retrieve", 1, first));
      expect(await socket.ask({ action: "retrieve", request_id: 2, pk: 2, filters: { id__gt: 2 } })).toEqual(
        failure("retrieve", 2, 404, "Not found"),
      );
    });

    test("is answered 429 with the seconds to wait when it is asked for too often", async () => {
      class Twice extends UserRateThrottle {
        override readonly rate = "2/day";
      }
      class Throttled extends mixins(bookConsumer(), PaginatedModelListMixin) {
        override throttleClasses = [Twice];
      }
      const socket = await connected(Throttled);
      for (const id of [1, 2])
        expect(await socket.ask({ action: "list", request_id: id })).toMatchObject({ response_status: 200 });
      // The day began with the first request, some moments ago.
      const refusal = expect.stringMatching(/^Request was throttled\. Expected available in 86[34]\d\d seconds\.$/);
      expect(await socket.ask({ action: "list", request_id: 3 })).toEqual(failure("list", 3, 429, refusal));
    });
  });

  function nextOf(answer: unknown): unknown {
    const data: unknown = Reflect.get(Object(answer), "data");
    return Reflect.get(Object(data), "next");
  }
});
