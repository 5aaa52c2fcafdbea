import { z } from "zod";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  Conflict,
  CreateModelMixin,
  CursorPagination,
  type Database,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  IsAuthenticated,
  LimitOffsetPagination,
  ListModelMixin,
  methodFilter,
  mixins,
  ModelSerializer,
  Multiplexer,
  noReply,
  NotAuthenticated,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PageNumberPagination,
  PaginatedModelListMixin,
  PatchModelMixin,
  path,
  reply,
  RetrieveModelMixin,
  type Scope,
  SearchFilter,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
  UserRateThrottle,
} from "../../../src/index.ts";
import type { TableBuilder } from "../../databases/table-builder.ts";

export function articleTables({
  table,
  id,
  text,
  integer,
  real,
  boolean,
  wideInteger,
  dateTime,
  date,
  decimal,
  uuid,
}: TableBuilder) {
  const articles = table("article", {
    id: id(),
    title: text({ length: 30 }).notNull().unique(),
    slug: text({ length: 30 }).notNull().unique(),
    views: integer().notNull().default(0),
    big: wideInteger(),
    score: real(),
    price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
    isPublished: boolean().notNull().default(false),
    createdAt: dateTime(),
    day: date(),
    token: uuid(),
    room: integer().notNull().default(1),
    secret: text({ length: 20 }).notNull().default("hidden"),
  });
  return { articles };
}

export type ArticleTables = ReturnType<typeof articleTables>;

/** One resource for each way in which a list can be cut, and for each thing that can refuse. Throttles begin anew with each call. */
export function declareArticles(db: Database, { articles }: ArticleTables) {
  const Article = db.model(articles);
  const shown = [
    "id",
    "title",
    "slug",
    "views",
    "big",
    "score",
    "price",
    "isPublished",
    "createdAt",
    "day",
    "token",
    "room",
  ] as const;

  class ArticleSerializer extends ModelSerializer(Article, {
    fields: [...shown, "secret"],
    extraKwargs: { secret: { writeOnly: true } },
  }) {}

  class ArticleFilter extends FilterSet(Article, {
    fields: {
      id: ["exact", "in", "gt"],
      title: ["exact", "icontains", "in"],
      views: ["exact", "gte", "range", "in"],
      big: ["exact", "isnull"],
      score: ["lt"],
      price: ["exact"],
      isPublished: ["exact"],
      createdAt: ["gte"],
      day: ["exact"],
      token: ["exact"],
    },
    filters: {
      popular: methodFilter(z.boolean(), (queryset, popular) =>
        popular ? queryset.filter({ views__gte: 20 }) : queryset.filter({ views__lt: 20 }),
      ),
      named: methodFilter(z.string(), (queryset, named) => queryset.filter({ title: named })),
      any: methodFilter(z.array(z.number()), (queryset, any) => queryset.filter({ views__in: any })),
    },
  }) {}

  const resource = {
    queryset: Article.objects.orderBy("id"),
    serializerClass: ArticleSerializer,
    filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
    filterSetClass: ArticleFilter,
    searchFields: ["title"],
    orderingFields: ["id", "views", "title"] as const,
  };

  class ArticleConsumer extends mixins(
    GenericAsyncAPIConsumer(resource),
    ListModelMixin,
    CreateModelMixin,
    RetrieveModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelListMixin,
    ObserverModelInstanceMixin,
  ) {
    publish = action({ input: z.object({ pk: z.number() }), idempotent: db }, async ({ pk }) => {
      const { id } = await this.getObject({ pk });
      await Article.objects.filter({ id }).update({ isPublished: true });
      return reply({ published: id });
    });
    addUp = action({ input: z.strictObject({ numbers: z.array(z.number()) }) }, ({ numbers }) =>
      reply({ sum: numbers.reduce((sum, n) => sum + n, 0) }, 202),
    );
    echo = action((input) => input);
    nothing = action(() => {});
    byItself = action(async (_input, { action: name, requestId }) => {
      await this.reply({ action: name, requestId, data: { by: "itself" }, status: 203 });
      return noReply;
    });
    silent = action(() => noReply);
    conflict = action(() => {
      throw new Conflict();
    });
    conflictOfFields = action(() => {
      throw new Conflict({ title: ["Taken."] });
    });
    crash = action(() => {
      throw new TypeError("SECRET of the server");
    });
    countTo = action({ input: z.object({ to: z.number(), failing: z.boolean().optional() }) }, async function* ({ to, failing }) {
      for (let n = 1; n <= to; n += 1) yield { n };
      if (failing === true) throw new Conflict("Lost count.");
      return { total: to };
    });
  }

  class LimitPages extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
    override readonly maxLimit = 3;
  }
  class NumberPages extends PageNumberPagination {
    override readonly pageSize = 2;
  }
  class CursorPages extends CursorPagination {
    override readonly ordering = "-views";
    override readonly pageSize = 2;
    override readonly secret = "a secret of thirty-two bytes or more";
  }
  class LimitedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: LimitPages }),
    PaginatedModelListMixin,
    ObserverModelListMixin,
  ) {}
  class NumberedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: NumberPages }),
    PaginatedModelListMixin,
  ) {}
  class CursorConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: CursorPages }),
    PaginatedModelListMixin,
  ) {}
  class StreamedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: LimitPages }),
    StreamedPaginatedListMixin,
  ) {}
  class SluggedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, lookupField: "slug" }),
    RetrieveModelMixin,
    CreateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
  ) {
    override getQueryset() {
      return Article.objects.filter({ room: 1 });
    }
  }

  class Owners extends BasePermission {
    override hasPermission(): boolean {
      return true;
    }
    override hasObjectPermission(_scope: Scope, _consumer: unknown, _action: string, row: unknown): boolean {
      return Reflect.get(Object(row), "id") !== 2;
    }
  }
  class GuardedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, permissionClasses: [IsAuthenticated, Owners] }),
    ListModelMixin,
    RetrieveModelMixin,
    DeleteModelMixin,
    ObserverModelListMixin,
  ) {}
  class LockedConsumer extends mixins(GenericAsyncAPIConsumer(resource), ListModelMixin) {
    override async connect(): Promise<void> {
      throw new NotAuthenticated();
    }
  }
  class Twice extends UserRateThrottle {
    override readonly rate = "2/min";
  }
  class ThrottledConsumer extends mixins(GenericAsyncAPIConsumer({ ...resource, throttleClasses: [Twice] }), ListModelMixin) {}
  class RoomConsumer extends mixins(GenericAsyncAPIConsumer(resource), ListModelMixin, RetrieveModelMixin) {
    override getQueryset() {
      return Article.objects.filter({ room: Number(this.scope.pathParams["room"]) });
    }
  }
  class WhoConsumer extends AsyncAPIConsumer {
    whoAmI = action(() => ({ user: this.scope.user?.id ?? null, type: this.scope.type, address: this.scope.client.address }));
  }

  const consumers = {
    articles: ArticleConsumer,
    limited: LimitedConsumer,
    numbered: NumberedConsumer,
    cursors: CursorConsumer,
    streamed: StreamedConsumer,
    slugged: SluggedConsumer,
    guarded: GuardedConsumer,
    locked: LockedConsumer,
    throttled: ThrottledConsumer,
    who: WhoConsumer,
  };
  class Sockets extends Multiplexer(consumers) {}
  class RoomSockets extends Multiplexer({ room_articles: RoomConsumer }) {}
  const routes = [path("ws/", Sockets), path("rooms/<int:room>/", RoomSockets)];
  return { Article, consumers, routes, RoomConsumer };
}

export type Articles = ReturnType<typeof declareArticles>;

/** Five rows with ids 1 to 5, the last in a room of its own. */
export async function fillArticles({ Article }: Articles): Promise<void> {
  const rows = [1, 2, 3, 4, 5].map((n) => ({
    title: `article ${n}`,
    slug: `article-${n}`,
    views: n * 10,
    big: n === 3 ? Number.MAX_SAFE_INTEGER : null,
    score: n / 4,
    price: `${n}.50`,
    isPublished: n % 2 === 0,
    createdAt: `2026-01-0${n}T00:00:00Z`,
    day: `2026-01-0${n}`,
    token: `00000000-0000-4000-8000-00000000000${n}`,
    room: n === 5 ? 2 : 1,
  }));
  await Article.objects.bulkCreate(rows);
}
