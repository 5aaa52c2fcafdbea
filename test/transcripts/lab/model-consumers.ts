import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  mixins,
  ObserverModelInstanceMixin,
  PaginatedModelListMixin,
  PatchModelMixin,
  RetrieveModelMixin,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
} from "../../../src/index.ts";
import { Article, Item, Pair, SlugThing, User, UuidThing } from "./database.ts";
import { ItemPermissions } from "./model-permissions.ts";
import {
  ArticleSerializer,
  ItemSerializer,
  ItemSmallSerializer,
  OrderSerializer,
  PairSerializer,
  SlugSerializer,
  UserSerializer,
  UuidSerializer,
} from "./serializers.ts";

export class UserConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class ItemConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.all(), serializerClass: ItemSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class ItemSmallConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.orderBy("id"), serializerClass: ItemSmallSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class UuidConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: UuidThing.objects.all(), serializerClass: UuidSerializer }),
  ObserverModelInstanceMixin,
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class SlugConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: SlugThing.objects.all(), serializerClass: SlugSerializer, lookupField: "slug" }),
  ObserverModelInstanceMixin,
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class LookupUrlKwargConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Item.objects.all(),
    serializerClass: ItemSmallSerializer,
    lookupField: "name",
    lookupUrlKwarg: "item_name",
  }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class PairConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Pair.objects.all(), serializerClass: PairSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class OrderConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Pair.objects.none(), serializerClass: OrderSerializer }),
  CreateModelMixin,
) {}

export class ArticleConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Article.objects.all(), serializerClass: ArticleSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class NoSerializerConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.all() }),
  ListModelMixin,
  RetrieveModelMixin,
) {}

export class ItemPermissionsConsumer extends ItemSmallConsumer {
  override permissionClasses = [ItemPermissions];
}

class TwoToFour extends LimitOffsetPagination {
  override readonly defaultLimit = 2;
  override readonly maxLimit = 4;
}

const orderedItems = { queryset: Item.objects.orderBy("id"), serializerClass: ItemSmallSerializer };

export class PaginatedConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...orderedItems, paginationClass: TwoToFour }),
  PaginatedModelListMixin,
) {}

export class PaginatedDefaultConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...orderedItems, paginationClass: LimitOffsetPagination }),
  PaginatedModelListMixin,
) {}

export class PaginatedNoneConsumer extends mixins(GenericAsyncAPIConsumer(orderedItems), PaginatedModelListMixin) {}

export class StreamedConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...orderedItems, paginationClass: TwoToFour }),
  StreamedPaginatedListMixin,
  RetrieveModelMixin,
) {}

export class StreamedSlowConsumer extends StreamedConsumer {
  override async betweenPages(): Promise<void> {
    await sleep(300);
  }
}

export class StreamedNoneConsumer extends mixins(GenericAsyncAPIConsumer(orderedItems), StreamedPaginatedListMixin) {}
