import { belongsTo } from "../../src/models/relations.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import type { TestDatabase } from "../databases/test-database.ts";

function libraryTables({ table, id, text, integer, real, boolean, timestamp }: TableBuilder) {
  const authors = table("author", { id: id(), name: text().notNull(), password: text().notNull() });
  const books = table("book", {
    id: id(),
    title: text().notNull(),
    pages: integer(),
    price: real(),
    inPrint: boolean().notNull().default(true),
    published: timestamp(),
    secret: text().notNull().default("s"),
    authorId: integer().references(() => authors.id),
  });
  return { authors, books };
}

/** A new database with two tables: books, which may have an author. */
export async function openLibrary(on: TestDatabase) {
  const { authors, books } = libraryTables(on.builder);
  const { db, create, close } = await on.open();
  await create([authors, books]);
  const Author = db.model(authors);
  const Book = db.model(books, { relations: { author: belongsTo(() => Author, "authorId") } });
  return { db, Author, Book, close };
}

export type Library = Awaited<ReturnType<typeof openLibrary>>;
