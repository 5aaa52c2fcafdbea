import { randomUUID } from "node:crypto";
import { integer, primaryKey, real, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { date, dateTime, decimal, uuid } from "../../../src/sqlite.ts";

export const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  password: text({ length: 128 }).notNull(),
});

export const items = sqliteTable("lab_item", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text({ length: 20 }).notNull().unique(),
  quantity: integer().notNull().default(0),
  price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
  ratio: real(),
  active: integer({ mode: "boolean" }).notNull().default(true),
  due: dateTime(),
  day: date(),
  kind: text({ length: 1, enum: ["a", "b"] })
    .notNull()
    .default("a"),
  note: text().notNull().default(""),
  meta: text({ mode: "json" }).notNull().default({}),
});

export const uuidThings = sqliteTable("lab_uuidthing", {
  id: uuid().primaryKey().$defaultFn(randomUUID),
  name: text({ length: 50 }).notNull(),
});

export const slugThings = sqliteTable("lab_slugthing", {
  id: integer().primaryKey({ autoIncrement: true }),
  slug: text({ length: 50 }).notNull().unique(),
  title: text({ length: 50 }).notNull(),
});

export const tags = sqliteTable("lab_tag", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text({ length: 30 }).notNull(),
});

export const articles = sqliteTable("lab_article", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text({ length: 50 }).notNull(),
});

export const articleTags = sqliteTable(
  "lab_article_tags",
  {
    articleId: integer()
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    tagId: integer()
      .notNull()
      .references(() => tags.id, { onDelete: "cascade" }),
  },
  (table) => [primaryKey({ columns: [table.articleId, table.tagId] })],
);

export const comments = sqliteTable("lab_comment", {
  id: integer().primaryKey({ autoIncrement: true }),
  text: text({ length: 200 }).notNull(),
  userId: integer()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
});

export const pairs = sqliteTable(
  "lab_pair",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    left: integer().notNull(),
    right: integer().notNull(),
    label: text({ length: 10 }).notNull().default(""),
  },
  (table) => [unique().on(table.left, table.right)],
);

/** The tables above as SQL, one statement each. */
export const CREATE_TABLES: readonly string[] = [
  `CREATE TABLE auth_user (
    id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL DEFAULT '', password TEXT NOT NULL)`,
  `CREATE TABLE lab_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, quantity INTEGER NOT NULL DEFAULT 0, price DECIMAL(8, 2), ratio REAL,
    active INTEGER NOT NULL DEFAULT 1, due DATETIME, day DATE, kind TEXT NOT NULL DEFAULT 'a', note TEXT NOT NULL DEFAULT '',
    meta TEXT NOT NULL DEFAULT '{}')`,
  `CREATE TABLE lab_uuidthing (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL)`,
  `CREATE TABLE lab_slugthing (id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL)`,
  `CREATE TABLE lab_tag (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)`,
  `CREATE TABLE lab_article (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL)`,
  `CREATE TABLE lab_article_tags (
    articleId INTEGER NOT NULL REFERENCES lab_article (id) ON DELETE CASCADE,
    tagId INTEGER NOT NULL REFERENCES lab_tag (id) ON DELETE CASCADE, PRIMARY KEY (articleId, tagId))`,
  `CREATE TABLE lab_comment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, userId INTEGER NOT NULL REFERENCES auth_user (id) ON DELETE CASCADE)`,
  `CREATE TABLE lab_pair (
    id INTEGER PRIMARY KEY AUTOINCREMENT, "left" INTEGER NOT NULL, "right" INTEGER NOT NULL, label TEXT NOT NULL DEFAULT '',
    UNIQUE ("left", "right"))`,
];
