import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  action,
  type ActionContext,
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  type MessageArguments,
  mixins,
  modelObserver,
  ModelSerializer,
  Multiplexer,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PaginatedModelListMixin,
  PatchModelMixin,
  rePath,
  reply,
  RetrieveModelMixin,
  SearchFilter,
  serve,
  type ServeOptions,
  ServiceUnavailable,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
} from "../../src/index.ts";
import { type Client, type ClientOptions, createClient } from "../../src/client.ts";
import type { TestDatabase } from "../databases/test-database.ts";

/** Tasks on a board, the same in pages and in streamed pages, and actions of all kinds. */
export async function openBoard(on: TestDatabase) {
  const { table, id, text, integer, boolean } = on.builder;
  const tasks = table("task", {
    id: id(),
    title: text({ length: 200 }).notNull(),
    priority: integer().notNull().default(0),
    done: boolean().notNull().default(false),
  });
  const { db, create, close } = await on.open();
  onTestFinished(close);
  await create([tasks]);
  const Task = db.model(tasks, { name: "Task" });

  class TaskSerializer extends ModelSerializer(Task, { fields: ["id", "title", "priority", "done"] }) {}
  class TaskFilters extends FilterSet(Task, {
    fields: { title: ["exact", "icontains"], priority: ["exact", "gt"], done: ["exact"] },
  }) {}
  class Pages extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
  }
  const resource = {
    queryset: Task.objects.orderBy("id"),
    serializerClass: TaskSerializer,
    filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
    filterSetClass: TaskFilters,
    searchFields: ["title"],
    orderingFields: ["id", "title", "priority"],
  } as const;

  class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer(resource),
    ListModelMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelListMixin,
    ObserverModelInstanceMixin,
  ) {
    /** Actions of this name that were run, as they began. */
    static readonly began: string[] = [];
    static readonly cancelled: string[] = [];
    /** How many of the next requests the database cannot serve. */
    static unavailable = 0;

    /** What the next creations wait for before they are checked, in their order. */
    static readonly gates: Promise<void>[] = [];

    /** What the next `settle` wait for before they are answered, in their order. */
    static readonly settleGates: Promise<void>[] = [];

    protected override async settle(args: MessageArguments, context: ActionContext) {
      const gate = TaskConsumer.settleGates.shift();
      const settled = await super.settle(args, context);
      await gate;
      return settled;
    }

    protected override async checkPermissions(name: string, args: MessageArguments) {
      if (name === "create") await TaskConsumer.gates.shift();
      await super.checkPermissions(name, args);
    }

    override async getQueryset(args: MessageArguments) {
      TaskConsumer.unavailable -= 1;
      if (TaskConsumer.unavailable >= 0) throw new ServiceUnavailable();
      return super.getQueryset(args);
    }

    shout = action({ input: z.object({ text: z.string(), times: z.number().default(1) }) }, async ({ text: said, times }) =>
      reply({ shouted: said.toUpperCase().repeat(times) }),
    );
    countTo = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
      try {
        for (let n = 1; n <= to; n += 1) yield n;
        return "done";
      } finally {
        TaskConsumer.cancelled.push("countTo");
      }
    });
    activity = modelObserver(Task, { serializerClass: TaskSerializer });
    watch = action(async (_input, { requestId }) => {
      await this.activity.subscribe({ requestId });
    });
    unwatch = action(async (_input, { requestId }) => {
      await this.activity.unsubscribe({ requestId });
    });
    waitForEver = action(async (_input, context) => {
      TaskConsumer.began.push("waitForEver");
      await new Promise((_resolve, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason)));
    });
    clear = action({ input: z.object({ done: z.boolean() }), idempotent: db }, async ({ done }) => {
      TaskConsumer.began.push("clear");
      await Task.objects.filter({ done }).delete();
      return reply({ left: await Task.objects.count() });
    });
  }
  class PageConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: Pages }),
    PaginatedModelListMixin,
    ObserverModelListMixin,
  ) {}
  class StreamConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...resource, paginationClass: Pages }),
    StreamedPaginatedListMixin,
  ) {}

  const routes = [rePath(/^ws\/$/, Multiplexer({ tasks: TaskConsumer, pages: PageConsumer, streamed: StreamConsumer }))];
  const alone = [rePath(/^alone\/$/, TaskConsumer)];

  return {
    db,
    routes,
    Task,
    TaskConsumer,
    /** A server of these routes, closed after the test. */
    async serve(options: Partial<ServeOptions> = {}) {
      const server = await serve({
        routes: [...routes, ...alone],
        port: 0,
        host: "127.0.0.1",
        signals: false,
        drainTimeout: 200,
        ...options,
      });
      onTestFinished(() => server.close());
      return server;
    },
    /** A client of all streams, closed after the test. */
    client(url: string, options: ClientOptions = {}): Client<typeof routes> {
      const client = createClient<typeof routes>(`${url}/ws/`, { WebSocket, ...options });
      onTestFinished(() => client.close());
      return client;
    },
    clientOfOne(url: string, options: ClientOptions = {}): Client<typeof alone> {
      const client = createClient<typeof alone>(`${url}/alone/`, { WebSocket, ...options });
      onTestFinished(() => client.close());
      return client;
    },
  };
}

export type Board = Awaited<ReturnType<typeof openBoard>>;
