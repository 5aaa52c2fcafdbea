import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { openSqlite } from "restwave/sqlite";

export const accounts = sqliteTable("account", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  password: text({ length: 128 }).notNull(),
});

export const notes = sqliteTable("note", {
  id: integer().primaryKey({ autoIncrement: true }),
  ownerId: integer()
    .notNull()
    .references(() => accounts.id),
  text: text({ length: 500 }).notNull(),
});

/** In memory, so that every start begins with nothing. */
export const db = await openSqlite(":memory:");
await db.execute(
  sql`CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, password TEXT NOT NULL)`,
);
await db.execute(
  sql`CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, ownerId INTEGER NOT NULL REFERENCES account(id), text TEXT NOT NULL)`,
);

export const Account = db.model(accounts);
export const Note = db.model(notes);
