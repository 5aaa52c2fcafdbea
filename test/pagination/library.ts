import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { belongsTo } from "../../src/models/relations.ts";
import { openSqlite } from "../../src/sqlite.ts";

const authors = sqliteTable("author", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  password: text().notNull(),
});

const books = sqliteTable("book", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  pages: integer(),
  price: real(),
  inPrint: integer({ mode: "boolean" }).notNull().default(true),
  published: integer({ mode: "timestamp_ms" }),
  secret: text().notNull().default("s"),
  authorId: integer().references(() => authors.id),
});

/** A new database file with two tables: books, which may have an author. */
export async function openLibrary() {
  const folder = await mkdtemp(join(tmpdir(), "restwave-"));
  const db = await openSqlite(join(folder, "library.db"));
  await db.execute(sql`CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, password TEXT NOT NULL)`);
  await db.execute(sql`CREATE TABLE book (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, pages INTEGER, price REAL, inPrint INTEGER NOT NULL DEFAULT 1,
    published INTEGER, secret TEXT NOT NULL DEFAULT 's', authorId INTEGER REFERENCES author (id)
  )`);
  const Author = db.model(authors);
  const Book = db.model(books, { relations: { author: belongsTo(() => Author, "authorId") } });
  const close = async () => {
    await db.close();
    await rm(folder, { recursive: true });
  };
  return { db, Author, Book, close };
}

export type Library = Awaited<ReturnType<typeof openLibrary>>;
