// Compiled by the type check, never run: each line is a promise to a caller.
import { z } from "zod";
import {
  type ActionsOf,
  BaseFilterBackend,
  type AnyQuerySet,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  LimitOffsetPagination,
  methodFilter,
  mixins,
  ModelSerializer,
  type MessageArguments,
  ObserverModelListMixin,
  OrderingFilter,
  PaginatedModelListMixin,
  StreamedPaginatedListMixin,
} from "../../src/index.ts";
import type { declareModels } from "../models/sqlite-tables.ts";
import type { openThings } from "../models/sqlite-things.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

declare const Thing: Awaited<ReturnType<typeof openThings>>["Thing"];
declare const Member: ReturnType<typeof declareModels>["Member"];
declare const Post: ReturnType<typeof declareModels>["Post"];

class MemberSerializer extends ModelSerializer(Member, {
  fields: ["id", "username", "email", "age", "teamId"],
  extraKwargs: { email: { writeOnly: true } },
}) {}

class MemberFilter extends FilterSet(Member, {
  fields: { username: ["exact", "icontains"], age: ["exact", "gte", "range"], pk: ["in"], team__name: ["exact"] },
  filters: { adult: methodFilter(z.boolean(), (queryset, adult) => (adult ? queryset.filter({ age__gte: 18 }) : queryset)) },
}) {}

const options = {
  queryset: Member.objects.all(),
  serializerClass: MemberSerializer,
  filterBackends: [FilterSetBackend, OrderingFilter],
};

class MemberConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...options, filterSetClass: MemberFilter, orderingFields: ["id", "team__name"] }),
  ListModelMixin,
  ObserverModelListMixin,
) {}

declare const members: ActionsOf<typeof MemberConsumer>;
type Arguments<Call extends (...args: never[]) => unknown> = NonNullable<Parameters<Call>[0]>;
type FiltersIn<Call extends (...args: never[]) => unknown> =
  Arguments<Call> extends { readonly filters?: infer Filters } ? Filters : never;

// A list takes the filters of the resource's filter set, and nothing else; so do subscriptions.
interface MemberFilters {
  username?: string;
  username__exact?: string;
  username__icontains?: string;
  age?: number | null;
  age__exact?: number | null;
  age__gte?: number;
  age__range?: readonly [number, number];
  pk__in?: readonly number[];
  team__name?: string | null;
  team__name__exact?: string | null;
  adult?: boolean;
}
type Plain<T> = { [K in keyof T]: T[K] };
same<Plain<FiltersIn<(typeof members)["list"]>>, Plain<MemberFilters>>(true);
same<FiltersIn<(typeof members)["subscribeList"]>, FiltersIn<(typeof members)["list"]>>(true);
same<FiltersIn<(typeof members)["subscribeCount"]>, FiltersIn<(typeof members)["list"]>>(true);

export async function aClientFilters(): Promise<void> {
  await members.list();
  await members.list({});
  await members.list({ filters: {}, search: "x" });
  await members.list({ filters: { username__icontains: "x", age__range: [1, 9], pk__in: [1, 2], adult: true } });
  await members.subscribeList({ filters: { age: null, team__name: null }, since: null });
  await members.subscribeCount({ filters: { age__gte: 18 } });
  // @ts-expect-error no filter has this name
  await members.list({ filters: { usrename: "x" } });
  // @ts-expect-error the column may be filtered, by other lookups
  await members.list({ filters: { username__startswith: "x" } });
  // @ts-expect-error a wrong name in a subscription
  await members.subscribeList({ filters: { usrename: "x" } });
  // @ts-expect-error a wrong name in a count
  await members.subscribeCount({ filters: { usrename: "x" } });
  // @ts-expect-error a text for a number
  await members.list({ filters: { age__gte: "18" } });
  // @ts-expect-error a user name is never NULL
  await members.list({ filters: { username: null } });
  // @ts-expect-error only equality takes null
  await members.list({ filters: { age__gte: null } });
  // @ts-expect-error a method filter's schema says what it takes
  await members.list({ filters: { adult: "yes" } });
}

export async function aClientOrders(): Promise<void> {
  await members.list({ ordering: "id" });
  await members.list({ ordering: "-team__name" });
  await members.subscribeList({ ordering: ["-team__name", "id"] });
  // @ts-expect-error not one of the ordering fields
  await members.list({ ordering: "username" });
  // @ts-expect-error one of the names is wrong
  await members.list({ ordering: ["id", "-usrename"] });
  // @ts-expect-error no type can check a list in one text: send an array
  await members.list({ ordering: "id,-team__name" });
}

// A foreign key that is shown under its relation's name is filtered and ordered by under that name.
class PostSerializer extends ModelSerializer(Post, { fields: ["id", "title", "author"] }) {}
class PostFilter extends FilterSet(Post, { fields: { author: ["exact", "in", "isnull"], author__team: ["exact", "in"] } }) {}
class PostConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Post.objects.all(),
    serializerClass: PostSerializer,
    filterBackends: [FilterSetBackend, OrderingFilter],
    filterSetClass: PostFilter,
    orderingFields: ["author", "title"],
  }),
  ListModelMixin,
  ObserverModelListMixin,
) {}
declare const posts: ActionsOf<typeof PostConsumer>;
interface PostFilters {
  author?: number;
  author__exact?: number;
  author__in?: readonly number[];
  author__isnull?: boolean;
  author__team?: number | null;
  author__team__exact?: number | null;
  author__team__in?: readonly number[];
}
same<Plain<FiltersIn<(typeof posts)["list"]>>, Plain<PostFilters>>(true);

export async function aClientFiltersByKeys(): Promise<void> {
  await posts.list({ filters: { author: 1 }, ordering: ["-author", "title"] });
  await posts.subscribeList({ filters: { author__in: [1, 2], author__team: null }, ordering: "author" });
  // @ts-expect-error a text for a key of a number
  await posts.list({ filters: { author: "1" } });
  // @ts-expect-error a row for its key
  await posts.list({ filters: { author: { id: 1 } } });
  // @ts-expect-error a post has an author
  await posts.list({ filters: { author: null } });
  // @ts-expect-error the other name of the key was not given to the filter set
  await posts.list({ filters: { authorId: 1 } });
  // @ts-expect-error the other name of the key is none of the ordering fields
  await posts.list({ ordering: "authorId" });
}

// Without ordering fields, those are the fields that answers hold.
class PlainConsumer extends mixins(GenericAsyncAPIConsumer(options), ListModelMixin, ObserverModelListMixin) {}
declare const plain: ActionsOf<typeof PlainConsumer>;
type PlainOrdering = "id" | "username" | "age" | "teamId";
same<
  Arguments<(typeof plain)["list"]>["ordering"],
  PlainOrdering | `-${PlainOrdering}` | readonly (PlainOrdering | `-${PlainOrdering}`)[] | undefined
>(true);
// Without a filter set nothing is known of the filters: a backend of the application may read them.
same<FiltersIn<(typeof plain)["list"]>, Readonly<Record<string, unknown>>>(true);
same<FiltersIn<(typeof plain)["subscribeCount"]>, Readonly<Record<string, unknown>>>(true);

// Names that are not known before the program runs are texts.
declare const names: readonly string[];
class Loose extends mixins(GenericAsyncAPIConsumer({ ...options, orderingFields: names }), ListModelMixin) {}
declare const loose: ActionsOf<typeof Loose>;
void loose.list({ ordering: "anything,-else" });

// A filter set without filters takes none.
class Unfiltered extends mixins(GenericAsyncAPIConsumer({ ...options, filterSetClass: FilterSet(Member, {}) }), ListModelMixin) {}
declare const unfiltered: ActionsOf<typeof Unfiltered>;
void unfiltered.list({ filters: {} });
// @ts-expect-error there are no filters
void unfiltered.list({ filters: { username: "x" } });

// Lists in pages and in streams take the same.
const paged = { ...options, filterSetClass: MemberFilter, paginationClass: LimitOffsetPagination };
class Paged extends mixins(GenericAsyncAPIConsumer(paged), PaginatedModelListMixin) {}
class Streamed extends mixins(GenericAsyncAPIConsumer(paged), StreamedPaginatedListMixin) {}
declare const pages: ActionsOf<typeof Paged>;
declare const streams: ActionsOf<typeof Streamed>;
same<FiltersIn<(typeof pages)["list"]>, FiltersIn<(typeof members)["list"]>>(true);
same<FiltersIn<(typeof streams)["list"]>, FiltersIn<(typeof members)["list"]>>(true);
void pages.list({ limit: 2, ordering: "-username", filters: { adult: true } });
// @ts-expect-error a wrong name in a list of pages
void pages.list({ filters: { usrename: "x" } });

// Class fields override what the factory was given, whatever their types; what the client sees is what the factory was given.
class OtherFilter extends FilterSet(Member, { fields: { email: ["exact"] } }) {}
export class Overriding extends mixins(GenericAsyncAPIConsumer(paged), PaginatedModelListMixin) {
  override filterSetClass = OtherFilter;
  override orderingFields = ["email"];
  override async list(args = {}) {
    return super.list(args);
  }
}
declare const overriding: ActionsOf<typeof Overriding>;
void overriding.list();

// A backend of the application reads filters of its own.
class Mine extends BaseFilterBackend {
  override filterQueryset(queryset: AnyQuerySet, args: MessageArguments): AnyQuerySet {
    return args["filters"] === undefined ? queryset : queryset.none();
  }
}
class Custom extends mixins(GenericAsyncAPIConsumer({ ...options, filterBackends: [Mine] }), ListModelMixin) {}
declare const custom: ActionsOf<typeof Custom>;
void custom.list({ filters: { anything: ["goes"] } });

// What is sent is JSON: a moment is a text, a big integer a number with all its digits, and bytes cannot be sent.
class ThingFilter extends FilterSet(Thing, {
  fields: {
    millis: ["exact", "gt", "in", "range"],
    huge: ["exact", "in"],
    price: ["range"],
    moment: ["gt"],
    day: ["in"],
    bytes: ["exact", "isnull"],
    state: ["exact", "in"],
    payload: ["isnull"],
  },
}) {}
type Sent = ThingFilter["types"]["filters"];
same<Sent["millis"], string | null | undefined>(true);
same<Sent["millis__gt"], string | undefined>(true);
same<Sent["millis__in"], readonly string[] | undefined>(true);
same<Sent["millis__range"], readonly [string, string] | undefined>(true);
same<Sent["huge"], number | bigint | null | undefined>(true);
same<Sent["huge__in"], readonly (number | bigint)[] | undefined>(true);
same<Sent["price__range"], readonly [string, string] | undefined>(true);
same<Sent["moment__gt"], string | undefined>(true);
same<Sent["day__in"], readonly string[] | undefined>(true);
same<Sent["bytes"], null | undefined>(true);
same<Sent["bytes__isnull"], boolean | undefined>(true);
same<Sent["state"], "open" | "closed" | null | undefined>(true);
same<Sent["state__in"], readonly ("open" | "closed")[] | undefined>(true);

// Of fields that are not known before the program runs, nothing can be said.
declare const someFields: Readonly<Record<string, readonly "exact"[]>>;
class SomeFilter extends FilterSet(Thing, { fields: someFields }) {}
same<SomeFilter["types"]["filters"], Readonly<Record<string, unknown>>>(true);

// @ts-expect-error JSON is NULL or not, nobody compares it
FilterSet(Thing, { fields: { payload: ["exact"] } });
