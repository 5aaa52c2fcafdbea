import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import {
  CreateModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  type Logger,
  mixins,
  ModelSerializer,
  ObserverModelListMixin,
  path,
  serve,
  type ServeOptions,
  StartChecksFailed,
} from "../../src/index.ts";
import { openSqlite } from "../../src/sqlite.ts";

const tasks = sqliteTable("task", { id: integer().primaryKey(), title: text().notNull() });

type Entry = { level: string; message: string } & Record<string, unknown>;

/** A logger that can be waited for. */
class Heard implements Logger {
  readonly entries: Entry[] = [];
  readonly #waiting: (() => void)[] = [];
  error = (details: object, message: string) => this.#add("error", details, message);
  warn = (details: object, message: string) => this.#add("warn", details, message);
  info = (details: object, message: string) => this.#add("info", details, message);

  #add(level: string, details: object, message: string): void {
    this.entries.push({ ...details, level, message });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async first(): Promise<Entry> {
    for (;;) {
      const [entry] = this.entries;
      if (entry !== undefined) return entry;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }
}

async function taskRoutes({ table }: { readonly table: boolean }) {
  const db = await openSqlite(":memory:");
  onTestFinished(() => db.close());
  if (table) await db.execute(sql`CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT NOT NULL)`);
  const Task = db.model(tasks);
  class TaskSerializer extends ModelSerializer(Task, { fields: "__all__" }) {}
  class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Task.objects.all(), serializerClass: TaskSerializer, lookupField: "title" }),
    ListModelMixin,
    CreateModelMixin,
    ObserverModelListMixin,
  ) {}
  return [path("tasks/", TaskConsumer)];
}

async function started(options: ServeOptions) {
  const server = await serve({ port: 0, host: "127.0.0.1", signals: false, ...options });
  onTestFinished(() => server.close());
  return server;
}

test("what is found is logged with code, place and fix, once, while the server serves already", async () => {
  const logger = new Heard();
  const routes = await taskRoutes({ table: false });
  await started({ routes, logger });
  expect(await logger.first()).toEqual({
    level: "error",
    code: "missing_table",
    model: "Task",
    message: 'The database has no table "task", which Task is made of: every request for its rows fails.',
    fix: expect.stringContaining("drizzle-kit generate"),
  });
  const [, second] = logger.entries;
  expect(second).toMatchObject({ level: "warn", code: "lookup_not_unique", route: "/tasks/", consumer: "TaskConsumer" });
  // That the change log could not be put in place says nothing new.
  expect(logger.entries).toHaveLength(2);
  const again = new Heard();
  const other = await started({ routes, logger: again });
  expect((await again.first()).message).toMatch(/could not prepare/);
  expect(again.entries).toHaveLength(1);
  await other.close();
});

test("what is silenced is not said, and nothing is looked for where it is off", async () => {
  const logger = new Heard();
  const routes = await taskRoutes({ table: true });
  await started({ routes, logger, startChecks: "off" });
  await started({ routes, logger, silencedChecks: ["lookup_not_unique"] });
  await started({ routes: await taskRoutes({ table: false }), logger, silencedChecks: ["lookup_not_unique"] });
  expect(await logger.first()).toMatchObject({ code: "missing_table" });
  expect(logger.entries).toHaveLength(1);
});

test("a server that was told so does not start with an error, and says all of them", async () => {
  const logger = new Heard();
  const start = serve({ routes: await taskRoutes({ table: false }), port: 0, signals: false, logger, startChecks: "error" });
  const refusal: unknown = await start.catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StartChecksFailed);
  expect(refusal).toMatchObject({
    code: "start_checks_failed",
    findings: [{ code: "missing_table" }],
    message: expect.stringMatching(/error missing_table\n {2}The database has no table "task".*\n {2}Fix: /),
  });
});

test("a warning does not keep it from starting", async () => {
  const logger = new Heard();
  await started({ routes: await taskRoutes({ table: true }), logger, startChecks: "error" });
  expect(logger.entries.map(({ code }) => code)).toEqual(["lookup_not_unique"]);
});
