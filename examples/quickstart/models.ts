import { join } from "node:path";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { openSqlite } from "restwave/sqlite";

export const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  password: text({ length: 128 }).notNull(),
});

/** The file is looked for where the server is started; the migrations lie beside this module, wherever that is. */
export const db = await openSqlite(process.env.DATABASE_URL ?? "quickstart.db", {
  migrationsFolder: join(import.meta.dirname, "migrations"),
});

export const User = db.model(users);
