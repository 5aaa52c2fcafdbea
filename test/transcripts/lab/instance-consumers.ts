import {
  BasePermission,
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ObserverModelInstanceMixin,
  PatchModelMixin,
  type PermissionConsumer,
  RetrieveModelMixin,
  type Scope,
  UpdateModelMixin,
} from "../../../src/index.ts";
import { Article, Item } from "./database.ts";
import { ArticleSerializer, ItemSmallSerializer } from "./serializers.ts";

export class InstanceConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.all(), serializerClass: ItemSmallSerializer }),
  ObserverModelInstanceMixin,
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class ActiveOnlyInstanceConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.filter({ active: true }), serializerClass: ItemSmallSerializer }),
  ObserverModelInstanceMixin,
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

const EVENTS: ReadonlySet<string> = new Set(["create", "update", "delete"]);

/** One may subscribe, but is shown nothing. */
class DenyEvents extends BasePermission {
  override async hasPermission(_scope: Scope, _consumer: PermissionConsumer, action: string): Promise<boolean> {
    return !EVENTS.has(action);
  }
}

export class DeniedEventsConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Item.objects.all(), serializerClass: ItemSmallSerializer }),
  ObserverModelInstanceMixin,
) {
  override permissionClasses = [DenyEvents];
}

/** Changes of an article's tags are not changes of the article. */
export class ArticleInstanceNoM2MConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Article.objects.all(), serializerClass: ArticleSerializer }),
  ObserverModelInstanceMixin,
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {}

export class ArticleInstanceConsumer extends ArticleInstanceNoM2MConsumer {
  override observerManyToManyRelationships = true;
}
