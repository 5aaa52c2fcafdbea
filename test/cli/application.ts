import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { GenericAsyncAPIConsumer, ModelSerializer, rePath } from "../../src/index.ts";
import { openSqlite } from "../../src/sqlite.ts";

const users = sqliteTable("app_user", { id: integer().primaryKey(), name: text().notNull(), password: text().notNull() });
const teams = sqliteTable("team", { id: integer().primaryKey() });

const database = await openSqlite(process.env.DATABASE_URL ?? "");
await database.execute(
  sql`CREATE TABLE IF NOT EXISTS app_user (id INTEGER PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL)`,
);
await database.execute(sql`CREATE TABLE IF NOT EXISTS team (id INTEGER PRIMARY KEY)`);
const User = database.model(users);
database.model(teams);

class UserSerializer extends ModelSerializer(User, {
  fields: ["id", "name", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {}

class UserConsumer extends GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }) {}

export const routes = [rePath(/^ws\/$/, UserConsumer)];
