import { randomUUID } from "node:crypto";
import { belongsTo, manyToMany } from "../../src/models/relations.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import type { TestDatabase } from "../databases/test-database.ts";

function labTables({ table, id, primaryKey, unique, ...columns }: TableBuilder) {
  const { text, integer, wideInteger, decimal, real, boolean, dateTime, date, json, timestamp, time, uuid } = columns;
  const users = table("auth_user", {
    id: id(),
    username: text({ length: 150 }).notNull().unique(),
    email: text({ length: 254 }).notNull().default(""),
  });
  const items = table("item", {
    id: id(),
    name: text({ length: 20 }).notNull().unique(),
    quantity: wideInteger().notNull().default(0),
    price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
    ratio: real(),
    active: boolean().notNull().default(true),
    due: dateTime(),
    day: date(),
    kind: text({ length: 1, enum: ["a", "b"] })
      .notNull()
      .default("a"),
    note: text().notNull().default(""),
    meta: json().notNull().default({}),
  });
  const moments = table("moment", { id: id(), at: timestamp(), clock: time() });
  const uuidThings = table("uuid_thing", {
    id: uuid().primaryKey().$defaultFn(randomUUID),
    name: text({ length: 50 }).notNull(),
  });
  const tags = table("tag", { id: id(), name: text().notNull().unique() });
  const articles = table("article", {
    id: id(),
    title: text({ length: 50 }).notNull(),
    authorId: integer().references(() => users.id),
  });
  const articleTags = table(
    "article_tags",
    {
      articleId: integer()
        .notNull()
        .references(() => articles.id),
      tagId: integer()
        .notNull()
        .references(() => tags.id),
    },
    (columns) => [primaryKey({ columns: [columns.articleId, columns.tagId] })],
  );
  const pairs = table(
    "pair",
    {
      id: id(),
      left: integer().notNull(),
      right: integer().notNull(),
      label: text({ length: 10 }).notNull().default(""),
    },
    (columns) => [unique().on(columns.left, columns.right)],
  );
  return { users, items, moments, uuidThings, tags, articles, articleTags, pairs };
}

/** A new database with the models that the tests of this folder use. Close it at the end. */
export async function openLab(on: TestDatabase) {
  const tables = labTables(on.builder);
  const opened = await on.open();
  await opened.create(Object.values(tables));
  const { db } = opened;
  const User = db.model(tables.users, { name: "User" });
  const Tag = db.model(tables.tags);
  const Article = db.model(tables.articles, {
    relations: {
      author: belongsTo(() => User, "authorId"),
      tags: manyToMany(() => Tag, tables.articleTags, "articleId", "tagId"),
    },
  });
  return {
    ...opened,
    tables,
    User,
    Tag,
    Article,
    Item: db.model(tables.items),
    /** The same rows without a declared relation. */
    BareArticle: db.model(tables.articles, { name: "BareArticle" }),
    Moment: db.model(tables.moments),
    UuidThing: db.model(tables.uuidThings, { name: "UuidThing" }),
    Pair: db.model(tables.pairs),
  };
}
