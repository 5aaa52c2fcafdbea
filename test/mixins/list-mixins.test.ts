import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ConsumerClass,
  CursorPagination,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  mixins,
  ModelSerializer,
  OrderingFilter,
  PageNumberPagination,
  PaginatedModelListMixin,
  RetrieveModelMixin,
  SearchFilter,
  StreamedPaginatedListMixin,
} from "../../src/index.ts";
import { type CommunicatorOptions, WebsocketCommunicator } from "../../src/testing.ts";
import { openShop, type Shop } from "./shop.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("list mixins", async (on) => {
  class Twos extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
    override readonly maxLimit = 4;
  }

  let shop: Shop;
  const open: WebsocketCommunicator[] = [];

  beforeEach(async () => {
    shop = await openShop(on);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((communicator) => communicator.disconnect()));
    await shop.close();
  });

  async function connect(consumer: ConsumerClass, options: CommunicatorOptions = {}): Promise<WebsocketCommunicator> {
    const communicator = new WebsocketCommunicator(consumer, options);
    expect(await communicator.connect()).toMatchObject({ connected: true });
    open.push(communicator);
    return communicator;
  }

  async function ask(communicator: WebsocketCommunicator, frame: object): Promise<unknown> {
    communicator.sendJson({ request_id: 1, ...frame });
    return communicator.receiveJson();
  }

  function noteSerializer() {
    return class NoteSerializer extends ModelSerializer(shop.Note, { fields: ["id", "title", "ownerId"] }) {};
  }

  function titled(...numbers: number[]): object[] {
    return numbers.map((n) => ({ id: n, title: `note ${n}`, ownerId: (n % 2) + 1 }));
  }

  describe("list", () => {
    test("an empty list is an empty array", async () => {
      await shop.Note.objects.delete();
      class Consumer extends mixins(
        GenericAsyncAPIConsumer({ queryset: shop.Note.objects.all(), serializerClass: noteSerializer() }),
        ListModelMixin,
      ) {}
      expect(await ask(await connect(Consumer), { action: "list" })).toMatchObject({ data: [], response_status: 200 });
    });

    test("a serializer that projects columns and the same one with a hook answer the same bytes", async () => {
      await shop.Note.objects.filter({ pk: 1 }).update({ title: 'ü"\\\u0007/😀\u2028' });
      class Plain extends mixins(
        GenericAsyncAPIConsumer({ queryset: shop.Note.objects.orderBy("-id"), serializerClass: noteSerializer() }),
        ListModelMixin,
      ) {}
      const Hooked = class extends noteSerializer() {
        override toRepresentation(row: Parameters<InstanceType<ReturnType<typeof noteSerializer>>["toRepresentation"]>[0]) {
          return super.toRepresentation(row);
        }
      };
      class Objects extends mixins(
        GenericAsyncAPIConsumer({ queryset: shop.Note.objects.orderBy("-id"), serializerClass: Hooked }),
        ListModelMixin,
      ) {}
      expect(noteSerializer().compiledProjection()).not.toBeNull();
      expect(Hooked.compiledProjection()).toBeNull();
      const texts: string[] = [];
      for (const consumer of [Plain, Objects]) {
        const communicator = await connect(consumer);
        communicator.sendJson({ action: "list", request_id: 1 });
        texts.push(await communicator.receiveText());
      }
      expect(texts[0]).toBe(texts[1]);
    });

    test("filters, search and ordering narrow and sort by what is allowed; anything else is 400", async () => {
      class Consumer extends mixins(
        GenericAsyncAPIConsumer({
          queryset: shop.Note.objects.all(),
          serializerClass: noteSerializer(),
          filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
          filterSetClass: FilterSet(shop.Note, { fields: { ownerId: ["exact"], title: ["icontains"], owner__name: ["exact"] } }),
          searchFields: ["title"],
          orderingFields: ["id", "title"],
        }),
        ListModelMixin,
        RetrieveModelMixin,
      ) {
        override readonly guessableFields = ["owner__name"];
      }
      const communicator = await connect(Consumer);
      const data = async (frame: object) => ((await ask(communicator, { action: "list", ...frame })) as { data: unknown }).data;
      expect(await data({ filters: { ownerId: 1 }, ordering: "-id" })).toEqual(titled(6, 4, 2));
      expect(await data({ filters: { owner__name: "ann" }, ordering: ["id"] })).toEqual(titled(2, 4, 6));
      expect(await data({ filters: { title__icontains: "NOTE 3" } })).toEqual(titled(3));
      expect(await data({ search: "note 5" })).toEqual(titled(5));
      for (const frame of [
        { filters: { secret: "hidden" } },
        { filters: { ownerId__gt: 1 } },
        { filters: { ownerId: { $ne: null } } },
        { filters: "x" },
        { ordering: "secret" },
        { ordering: 'id"; DROP TABLE note;--' },
        { search: { $regex: "x" } },
      ]) {
        expect(await ask(communicator, { action: "list", ...frame })).toMatchObject({ data: null, response_status: 400 });
      }
      expect(await shop.Note.objects.count()).toBe(6);
    });
  });

  describe("paginated list", () => {
    function paged<P extends typeof Twos | typeof PageNumberPagination | typeof CursorPagination>(
      paginationClass: P,
    ): ConsumerClass {
      return class extends mixins(
        GenericAsyncAPIConsumer({
          queryset: shop.Note.objects.orderBy("id"),
          serializerClass: noteSerializer(),
          paginationClass,
        }),
        PaginatedModelListMixin,
      ) {};
    }

    test("5.4 a limit-offset page is count, results, limit and offset", async () => {
      const communicator = await connect(paged(Twos));
      expect(await ask(communicator, { action: "list" })).toMatchObject({
        data: { count: 6, results: titled(1, 2), limit: 2, offset: 0 },
      });
      expect(await ask(communicator, { action: "list", limit: 100, offset: 3 })).toMatchObject({
        data: { count: 6, results: titled(4, 5, 6), limit: 4, offset: 3 },
      });
      expect(await ask(communicator, { action: "list", limit: null })).toMatchObject({
        errors: [{ limit: ["A valid integer is required."] }],
        response_status: 400,
      });
    });

    test("a page by number and a page by cursor hold each row once", async () => {
      class ByNumber extends PageNumberPagination {
        override readonly pageSize = 4;
      }
      expect(await ask(await connect(paged(ByNumber)), { action: "list", page: 2 })).toMatchObject({
        data: { results: titled(5, 6) },
      });

      class ByCursor extends CursorPagination {
        override readonly pageSize = 4;
      }
      const communicator = await connect(paged(ByCursor));
      const first = (await ask(communicator, { action: "list" })) as { data: { results: object[]; next: string } };
      expect(first.data.results).toEqual(titled(1, 2, 3, 4));
      expect(await ask(communicator, { action: "list", cursor: first.data.next })).toMatchObject({
        data: { results: titled(5, 6), next: null },
      });
    });
  });

  describe("streamed list", () => {
    function streamed(between: () => Promise<void> = async () => undefined) {
      return class extends mixins(
        GenericAsyncAPIConsumer({
          queryset: shop.Note.objects.orderBy("id"),
          serializerClass: noteSerializer(),
          paginationClass: Twos,
        }),
        StreamedPaginatedListMixin,
        RetrieveModelMixin,
      ) {
        override betweenPages(): Promise<void> {
          return between();
        }
      };
    }

    test("6.2 answers each page with 200 and has no end frame", async () => {
      const communicator = await connect(streamed());
      communicator.sendJson({ action: "list", request_id: 1 });
      for (const [offset, numbers] of [
        [0, [1, 2]],
        [2, [3, 4]],
        [4, [5, 6]],
      ] as const) {
        expect(await communicator.receiveJson()).toMatchObject({
          data: { count: 6, results: titled(...numbers), limit: 2, offset },
          response_status: 200,
          request_id: 1,
        });
      }
      expect(await ask(communicator, { action: "retrieve", pk: 1, request_id: 2 })).toMatchObject({ request_id: 2 });
    });

    test("6.2 under restwave.v1 answers 206 for each page, then 200 with null", async () => {
      const communicator = await connect(streamed(), { subprotocols: ["restwave.v1"] });
      communicator.sendJson({ action: "list", request_id: 1 });
      const answers = [];
      for (let n = 0; n < 4; n += 1) answers.push(await communicator.receiveJson());
      expect(answers.map((answer) => Reflect.get(Object(answer), "response_status"))).toEqual([206, 206, 206, 200]);
      expect(answers.at(-1)).toMatchObject({ data: null, request_id: 1 });
    });

    test("6.3 list_cancel ends all running list streams without a further frame for them", async () => {
      const gate = gated();
      const communicator = await connect(streamed(() => gate.promise));
      for (const request_id of [1, 2]) {
        communicator.sendJson({ action: "list", request_id });
        expect(await communicator.receiveJson()).toMatchObject({ request_id, data: { offset: 0 } });
      }
      expect(await ask(communicator, { action: "retrieve", pk: 1, request_id: 3 })).toMatchObject({
        request_id: 3,
        response_status: 200,
      });
      expect(await ask(communicator, { action: "list_cancel", request_id: 4 })).toEqual({
        errors: [],
        data: null,
        action: "list_cancel",
        response_status: 200,
        request_id: 4,
      });
      gate.resolve();
      expect(await ask(communicator, { action: "retrieve", pk: 2, request_id: 5 })).toMatchObject({ request_id: 5 });
      expect(await ask(communicator, { action: "list_cancel", request_id: 6 })).toMatchObject({
        request_id: 6,
        response_status: 200,
      });
    });

    test("6.2 rows that go between two pages by number end the stream instead of failing it", async () => {
      class Pairs extends PageNumberPagination {
        override readonly pageSize = 2;
      }
      const serializerClass = noteSerializer();
      class Consumer extends mixins(
        GenericAsyncAPIConsumer({ queryset: shop.Note.objects.orderBy("id"), serializerClass, paginationClass: Pairs }),
        StreamedPaginatedListMixin,
        RetrieveModelMixin,
      ) {
        override async betweenPages(): Promise<void> {
          await shop.Note.objects.filter({ id__gt: 1 }).delete();
        }
      }
      const communicator = await connect(Consumer);
      communicator.sendJson({ action: "list", request_id: 1 });
      expect(await communicator.receiveJson()).toMatchObject({ data: { results: titled(1, 2) } });
      expect(await ask(communicator, { action: "retrieve", pk: 1, request_id: 2 })).toMatchObject({ request_id: 2 });
    });

    test("a stream whose client leaves reads no further page", async () => {
      let pages = 0;
      const gate = gated();
      const communicator = await connect(
        streamed(async () => {
          pages += 1;
          await gate.promise;
        }),
      );
      communicator.sendJson({ action: "list", request_id: 1 });
      await communicator.receiveJson();
      const left = communicator.disconnect();
      gate.resolve();
      await left;
      expect(pages).toBe(1);
    });
  });

  function gated(): { promise: Promise<void>; resolve: () => void } {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => (resolve = settle));
    return { promise, resolve };
  }
});
