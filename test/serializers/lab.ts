import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { integer, primaryKey, real, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { belongsTo, date, dateTime, decimal, manyToMany, openSqlite, time, uuid } from "../../src/sqlite.ts";

const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
});
const items = sqliteTable("item", {
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
const moments = sqliteTable("moment", {
  id: integer().primaryKey(),
  at: integer({ mode: "timestamp_ms" }),
  clock: time(),
});
const uuidThings = sqliteTable("uuid_thing", {
  id: uuid().primaryKey().$defaultFn(randomUUID),
  name: text({ length: 50 }).notNull(),
});
const tags = sqliteTable("tag", { id: integer().primaryKey({ autoIncrement: true }), name: text().notNull().unique() });
const articles = sqliteTable("article", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text({ length: 50 }).notNull(),
  authorId: integer().references(() => users.id),
});
const articleTags = sqliteTable(
  "article_tags",
  {
    articleId: integer()
      .notNull()
      .references(() => articles.id),
    tagId: integer()
      .notNull()
      .references(() => tags.id),
  },
  (table) => [primaryKey({ columns: [table.articleId, table.tagId] })],
);
const pairs = sqliteTable(
  "pair",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    left: integer().notNull(),
    right: integer().notNull(),
    label: text({ length: 10 }).notNull().default(""),
  },
  (table) => [unique().on(table.left, table.right)],
);

const STATEMENTS = [
  "CREATE TABLE auth_user (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL DEFAULT '')",
  `CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, quantity INTEGER NOT NULL DEFAULT 0, price NUMERIC,
    ratio REAL, active INTEGER NOT NULL DEFAULT 1, due TEXT, day TEXT, kind TEXT NOT NULL DEFAULT 'a', note TEXT NOT NULL DEFAULT '',
    meta TEXT NOT NULL DEFAULT '{}')`,
  "CREATE TABLE moment (id INTEGER PRIMARY KEY, at INTEGER, clock TEXT)",
  "CREATE TABLE uuid_thing (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL)",
  "CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
  "CREATE TABLE article (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, authorId INTEGER REFERENCES auth_user (id))",
  `CREATE TABLE article_tags (articleId INTEGER NOT NULL REFERENCES article (id), tagId INTEGER NOT NULL REFERENCES tag (id),
    PRIMARY KEY (articleId, tagId))`,
  `CREATE TABLE pair (id INTEGER PRIMARY KEY AUTOINCREMENT, "left" INTEGER NOT NULL, "right" INTEGER NOT NULL, label TEXT NOT NULL DEFAULT '',
    UNIQUE ("left", "right"))`,
];

/** A fresh SQLite file with the models that the tests of this folder use. Close it at the end. */
export async function openLab() {
  const folder = mkdtempSync(join(tmpdir(), "restwave-serializers-"));
  const db = await openSqlite(join(folder, "lab.db"));
  for (const statement of STATEMENTS) await db.execute(sql.raw(statement));
  const User = db.model(users, { name: "User" });
  const Tag = db.model(tags);
  const Article = db.model(articles, {
    relations: { author: belongsTo(() => User, "authorId"), tags: manyToMany(() => Tag, articleTags, "articleId", "tagId") },
  });
  return {
    db,
    User,
    Tag,
    Article,
    Item: db.model(items),
    /** The same rows without a declared relation. */
    BareArticle: db.model(articles, { name: "BareArticle" }),
    Moment: db.model(moments),
    UuidThing: db.model(uuidThings, { name: "UuidThing" }),
    Pair: db.model(pairs),
    close: async () => {
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
