import {
  action,
  AsyncAPIConsumer,
  belongsTo,
  CreateModelMixin,
  CursorPagination,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  manyToMany,
  mixins,
  ModelSerializer,
  modelObserver,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PageNumberPagination,
  PaginatedModelListMixin,
  type PaginationClass,
  PatchModelMixin,
  reply,
  RetrieveModelMixin,
  SearchFilter,
} from "../../src/index.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import type { OpenOptions, TestDatabase } from "../databases/test-database.ts";

function labTables({ table, id, text, integer, boolean, primaryKey }: TableBuilder) {
  const teams = table("team", { id: id(), name: text({ length: 30 }).notNull() });
  const labels = table("label", { id: id(), name: text({ length: 30 }).notNull() });
  const tasks = table("task", {
    id: id(),
    title: text({ length: 200 }).notNull(),
    priority: integer(),
    done: boolean().notNull().default(false),
    ownerId: integer(),
    teamId: integer().references(() => teams.id),
    secret: text({ length: 20 }).notNull().default("hidden"),
  });
  const taskLabels = table(
    "task_label",
    {
      taskId: integer()
        .notNull()
        .references(() => tasks.id, { onDelete: "cascade" }),
      labelId: integer()
        .notNull()
        .references(() => labels.id),
    },
    (columns) => [primaryKey({ columns: [columns.taskId, columns.labelId] })],
  );
  const fences = table("fence", { id: id(), n: integer().notNull() });
  return { teams, labels, tasks, taskLabels, fences };
}

/** What a test may choose about the resource of tasks. */
export interface ResourceOptions {
  /** By default lists are answered whole. */
  readonly paginationClass?: PaginationClass;
}

/** Tasks of teams, with labels; and fences, by which a client knows that everything before has come. */
export async function openLab(on: TestDatabase, options: OpenOptions = {}) {
  const { teams, labels, tasks, taskLabels, fences } = labTables(on.builder);
  const { db, create, close } = await on.open(options);
  await create([teams, labels, tasks, taskLabels, fences]);
  const Team = db.model(teams, { name: "Team" });
  const Label = db.model(labels, { name: "Label" });
  const Task = db.model(tasks, {
    name: "Task",
    relations: { team: belongsTo(() => Team, "teamId"), labels: manyToMany(() => Label, taskLabels, "taskId", "labelId") },
  });
  const TaskLabel = db.model(taskLabels, { name: "TaskLabel" });
  const Fence = db.model(fences, { name: "Fence" });

  class TaskSerializer extends ModelSerializer(Task, {
    fields: ["id", "title", "priority", "done", "ownerId", "teamId", "secret"],
    extraKwargs: { secret: { writeOnly: true } },
  }) {}

  class TaskFilters extends FilterSet(Task, {
    fields: {
      id: ["exact", "in"],
      title: ["exact", "icontains", "contains", "startswith"],
      priority: ["exact", "gt", "gte", "lt", "isnull", "in"],
      done: ["exact"],
      ownerId: ["exact", "in", "isnull"],
      team: ["exact", "in", "isnull"],
      team__name: ["exact"],
    },
  }) {}

  class FenceConsumer extends AsyncAPIConsumer {
    fence = modelObserver(Fence);
    subscribe = action(async (_args: object, { requestId }) => {
      await this.fence.subscribe({ requestId });
      return reply(null, 201);
    });
  }

  const generic = {
    queryset: Task.objects.all(),
    serializerClass: TaskSerializer,
    filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
    filterSetClass: TaskFilters,
    searchFields: ["title"],
    orderingFields: ["id", "title", "priority", "done", "ownerId", "team", "team__name"],
    guessableFields: ["team__name"],
  };

  class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer(generic),
    ListModelMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelListMixin,
    ObserverModelInstanceMixin,
  ) {}

  function paged(paginationClass: PaginationClass) {
    return class PagedTaskConsumer extends mixins(
      GenericAsyncAPIConsumer({ ...generic, paginationClass }),
      PaginatedModelListMixin,
      ObserverModelListMixin,
      ObserverModelInstanceMixin,
    ) {};
  }

  class Windows extends LimitOffsetPagination {
    override readonly defaultLimit = 3;
  }
  class Numbered extends PageNumberPagination {
    override readonly pageSize = 3;
  }
  class Cursors extends CursorPagination {
    override readonly pageSize = 3;
    override readonly ordering = "id";
  }

  const consumers = { Windowed: paged(Windows), Numbered: paged(Numbered), Cursored: paged(Cursors) };
  return {
    db,
    close,
    Team,
    Label,
    Task,
    TaskLabel,
    Fence,
    TaskSerializer,
    TaskConsumer,
    FenceConsumer,
    generic,
    paged,
    ...consumers,
  };
}

export type Lab = Awaited<ReturnType<typeof openLab>>;
