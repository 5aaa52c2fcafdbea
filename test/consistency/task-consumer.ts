import {
  action,
  type AnyQuerySet,
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  type MessageArguments,
  mixins,
  ModelSerializer,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PaginatedModelListMixin,
  PatchModelMixin,
  Q,
  RetrieveModelMixin,
  SearchFilter,
} from "../../src/index.ts";
import type { Domain } from "./domain.ts";
import { SlowReads } from "./slow-reads.ts";

/** Connected consumers, so that a change of somebody's rights finds that person's connections. */
export type Connected = Set<{ readonly scope: { readonly user: { readonly id: unknown } | null }; refresh(): Promise<void> }>;

/** Tasks: staff sees all; others what is theirs, or is in a project that was granted to them. */
export function taskConsumer({ engine, Task, Grant, transaction }: Domain, connected: Connected) {
  class TaskSerializer extends ModelSerializer(Task, {
    fields: ["id", "title", "project", "assignee", "priority", "status", "due", "estimate", "archived", "version"],
    extraKwargs: { version: { readOnly: true } },
  }) {}

  return class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Task.objects.orderBy("id"),
      serializerClass: TaskSerializer,
      paginationClass: LimitOffsetPagination,
      filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
      filterSetClass: FilterSet(Task, {
        fields: {
          project: ["exact", "in"],
          assignee: ["exact", "isnull"],
          priority: ["exact", "gte", "lt", "in"],
          status: ["exact", "in"],
          archived: ["exact"],
          title: ["icontains", "startswith"],
        },
      }),
      searchFields: ["title"],
    }),
    PaginatedModelListMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelInstanceMixin,
    ObserverModelListMixin,
  ) {
    echo = action(() => null);

    override async connect(): Promise<void> {
      connected.add(this);
    }

    override async disconnect(): Promise<void> {
      connected.delete(this);
    }

    override async getQueryset(args: MessageArguments) {
      const { user } = this.scope;
      await SlowReads.pause(args);
      const all = await super.getQueryset(args);
      if (user === null) return all.none();
      if (user.isStaff === true) return all;
      const grants = await Grant.objects.filter({ person: Number(user.id) }).toArray();
      return all.filter(Q({ assignee: Number(user.id) }).or({ project__in: grants.map(({ project }) => project) }));
    }

    override async serializeMany(queryset: AnyQuerySet, name: string, args: MessageArguments) {
      const rows = await super.serializeMany(queryset, name, args);
      await SlowReads.pause(args);
      return rows;
    }

    override async performPatch(serializer: InstanceType<typeof TaskSerializer>, args: MessageArguments): Promise<void> {
      if (engine === "postgres") return void (await serializer.save());
      await transaction(async () => {
        const { version } = await Task.objects.get({ pk: Number(args["pk"]) });
        await serializer.save({ version: version + 1 });
      });
    }
  };
}
