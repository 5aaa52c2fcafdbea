import {
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ObserverModelListMixin,
  OrderingFilter,
  PatchModelMixin,
  RetrieveModelMixin,
} from "restwave";
import { Task } from "./models.ts";
import { TaskSerializer } from "./serializers.ts";

class TaskFilter extends FilterSet(Task, { fields: { done: ["exact"] } }) {}

// Whoever connects may do everything: add permissionClasses before others can reach your server.
export class TaskConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Task.objects.all(),
    serializerClass: TaskSerializer,
    filterBackends: [FilterSetBackend, OrderingFilter],
    filterSetClass: TaskFilter,
    orderingFields: ["id", "createdAt"],
  }),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
) {}
