import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import {
  action,
  type AnyQuerySet,
  AsyncAPIConsumer,
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  IsAuthenticated,
  LimitOffsetPagination,
  ListModelMixin,
  mixins,
  modelObserver,
  ModelSerializer,
  Multiplexer,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PaginatedModelListMixin,
  PatchModelMixin,
  path,
  reply,
  RetrieveModelMixin,
  type RestwaveServer,
  SearchFilter,
  serve,
  UpdateModelMixin,
  ValidationError,
} from "../../../src/index.ts";
import { sqliteFile } from "../../databases/sqlite-file.ts";
import { lastingPort } from "../../lasting-port.ts";

const STATUSES = ["todo", "doing", "done"] as const;
const PEOPLE = [
  { id: 1, username: "ada" },
  { id: 2, username: "grace" },
  { id: 3, username: "alan" },
] as const;

const TITLES = [
  ["Sketch the new navigation", "doing", 2],
  ["Collect quotes from three customers", "todo", 3],
  ["Choose a typeface", "todo", 1],
  ["Redirects for the old addresses", "todo", 2],
  ["Measure how fast the old pages are", "done", 1],
  ["Agree on the goals", "done", 3],
  ["Write the story on the start page", "doing", 3],
] as const;

const tasks = sqliteTable("task", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text({ length: 60 }).notNull(),
  status: text({ enum: STATUSES }).notNull().default("todo"),
  priority: integer().notNull().default(1),
  urgent: integer({ mode: "boolean" }).notNull().default(false),
  notes: text(),
});
const notes = sqliteTable("note", {
  id: integer().primaryKey({ autoIncrement: true }),
  room: integer().notNull(),
  body: text({ length: 200 }).notNull(),
});
const books = sqliteTable("book", { id: integer().primaryKey({ autoIncrement: true }), title: text({ length: 80 }).notNull() });

/** A server with the explorer, with resources of each kind that its page shows. */
export async function startPageServer() {
  const { db, create, close } = await sqliteFile.open();
  await create([tasks, notes, books]);
  const Task = db.model(tasks, { name: "Task" });
  const Note = db.model(notes, { name: "Note" });
  const Book = db.model(books, { name: "Book" });
  await Task.objects.bulkCreate(TITLES.map(([title, status, priority]) => ({ title, status, priority, urgent: priority === 3 })));
  await Note.objects.bulkCreate([
    { room: 1, body: "In the first room" },
    { room: 2, body: "In the second room" },
  ]);
  await Book.objects.bulkCreate(Array.from({ length: 23 }, (_, index) => ({ title: `Book ${index + 1}` })));

  class TaskSerializer extends ModelSerializer(Task, { fields: ["id", "title", "status", "priority", "urgent", "notes"] }) {
    override async validate(attributes: TaskSerializer["types"]["validated"]) {
      if (attributes.title?.toLowerCase().includes("forbidden"))
        throw new ValidationError({ title: ["This word is not allowed."] });
      return attributes;
    }
  }
  class TaskFilter extends FilterSet(Task, {
    fields: { status: ["exact", "in"], priority: ["exact", "gte"], urgent: ["exact"] },
  }) {}

  class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Task.objects.all(),
      serializerClass: TaskSerializer,
      filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
      filterSetClass: TaskFilter,
      searchFields: ["title", "notes"],
      orderingFields: ["id", "title", "priority"],
      ordering: ["id"],
    }),
    ListModelMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelListMixin,
    ObserverModelInstanceMixin,
  ) {
    activity = modelObserver(Task, { serializerClass: TaskSerializer });

    follow = action({ input: z.object({}) }, async (_input, { requestId }) => {
      await this.activity.subscribe({ requestId });
      return reply(null, 201);
    });
    unfollow = action({ input: z.object({}) }, async (_input, { requestId }) => {
      await this.activity.unsubscribe({ requestId });
    });
    raisePriority = action(
      { input: z.object({ pk: z.number().int(), by: z.number().int().min(1).default(1) }) },
      async ({ pk, by }) => {
        const task = await Task.objects.get({ pk });
        await Task.objects.filter({ id: pk }).update({ priority: task.priority + by });
        return reply({ priority: task.priority + by });
      },
    );
    countTo = action({ input: z.object({ to: z.number().int().min(1) }) }, async function* ({ to }) {
      for (let n = 1; n <= to; n += 1) {
        yield { n };
        if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  }

  class SecretConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Task.objects.all(),
      serializerClass: TaskSerializer,
      permissionClasses: [IsAuthenticated],
    }),
    ListModelMixin,
    ObserverModelListMixin,
  ) {
    static readonly resourceName = "secrets";

    whoami = action({}, async () => reply({ username: String(Reflect.get(Object(this.scope.user), "username")) }));
  }

  class BookSerializer extends ModelSerializer(Book, { fields: ["id", "title"] }) {}
  class BookConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Book.objects.orderBy("id"),
      serializerClass: BookSerializer,
      paginationClass: class extends LimitOffsetPagination {
        override readonly defaultLimit = 10;
      },
    }),
    PaginatedModelListMixin,
    RetrieveModelMixin,
  ) {}

  class NoteSerializer extends ModelSerializer(Note, { fields: ["id", "room", "body"] }) {}
  class NoteConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Note.objects.all(), serializerClass: NoteSerializer }),
    ListModelMixin,
    ObserverModelListMixin,
  ) {
    override async getQueryset(): Promise<AnyQuerySet> {
      return Note.objects.filter({ room: Number(this.scope.pathParams["room"]) });
    }
  }

  class ToolsConsumer extends AsyncAPIConsumer {
    static readonly resourceName = "tools";

    echo = action({ input: z.object({ text: z.string() }) }, async ({ text }) => reply({ text }));
  }

  const named = (name: string | null) => {
    const user = PEOPLE.find(({ username }) => username === name);
    return user === undefined ? null : { user };
  };
  const options = {
    host: "127.0.0.1",
    signals: false,
    drainTimeout: 100,
    routes: [
      path("ws/", Multiplexer({ tasks: TaskConsumer, secrets: SecretConsumer, books: BookConsumer })),
      path("rooms/<int:room>/", NoteConsumer),
      path("tools/", ToolsConsumer),
    ],
    authenticateToken: (token: string) => named(token.replace(/^token-/, "")),
    explorer: {
      title: "Studio",
      users: (search: string) =>
        PEOPLE.filter(({ username }) => username.includes(search)).map((user) => ({
          id: String(user.id),
          name: user.username,
          identity: { user },
        })),
    },
  } as const;
  let server: RestwaveServer = await serve({ ...options, port: await lastingPort() });
  return {
    Task,
    Note,
    get url(): string {
      return server.url.replace("ws:", "http:");
    },
    /** Ends the server and starts it again at the same port, `while` it is away. */
    async restart(whileAway: () => Promise<void>): Promise<void> {
      const { port: same } = server;
      await server.close();
      await whileAway();
      server = await serve({ ...options, port: same });
    },
    async close(): Promise<void> {
      await server.close();
      await close();
    },
  };
}

export type PageServer = Awaited<ReturnType<typeof startPageServer>>;

const root = join(import.meta.dirname, "../../..");

/** Builds the page as `npm start` does, unless it is newer than all that it is made of. */
export function buildExplorer(): void {
  const script = join(root, "scripts/build-explorer-if-needed.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new TypeError(stderr);
}
