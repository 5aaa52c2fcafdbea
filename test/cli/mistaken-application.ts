import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { GenericAsyncAPIConsumer, ListModelMixin, mixins, ModelSerializer, path } from "../../src/index.ts";
import { openSqlite } from "../../src/sqlite.ts";

const tasks = sqliteTable("task", { id: integer().primaryKey(), title: text().notNull() });

const database = await openSqlite(process.env.DATABASE_URL ?? "");
if (process.env.WITH_TABLE === "1") await database.execute(sql`CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT NOT NULL)`);
const Task = database.model(tasks);

class TaskSerializer extends ModelSerializer(Task, { fields: ["id", "title"] }) {}

class TaskConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Task.objects.all(), serializerClass: TaskSerializer, lookupField: "title" }),
  ListModelMixin,
) {}

export const routes = [path("tasks/", TaskConsumer)];
