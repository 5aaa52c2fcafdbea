import { randomUUID } from "node:crypto";
import { chosenDatabase } from "../../databases/chosen-database.ts";

const { table, id, primaryKey, unique, ...columns } = chosenDatabase().builder;
const { text, integer, decimal, real, boolean, dateTime, date, json, uuid } = columns;

export const users = table("auth_user", {
  id: id(),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  password: text({ length: 128 }).notNull(),
});

export const items = table("lab_item", {
  id: id(),
  name: text({ length: 20 }).notNull().unique(),
  quantity: integer().notNull().default(0),
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

export const uuidThings = table("lab_uuidthing", {
  id: uuid().primaryKey().$defaultFn(randomUUID),
  name: text({ length: 50 }).notNull(),
});

export const slugThings = table("lab_slugthing", {
  id: id(),
  slug: text({ length: 50 }).notNull().unique(),
  title: text({ length: 50 }).notNull(),
});

export const tags = table("lab_tag", { id: id(), name: text({ length: 30 }).notNull() });

export const articles = table("lab_article", { id: id(), title: text({ length: 50 }).notNull() });

export const articleTags = table(
  "lab_article_tags",
  {
    articleId: integer()
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    tagId: integer()
      .notNull()
      .references(() => tags.id, { onDelete: "cascade" }),
  },
  (columns) => [primaryKey({ columns: [columns.articleId, columns.tagId] })],
);

export const comments = table("lab_comment", {
  id: id(),
  text: text({ length: 200 }).notNull(),
  userId: integer()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
});

export const pairs = table(
  "lab_pair",
  {
    id: id(),
    left: integer().notNull(),
    right: integer().notNull(),
    label: text({ length: 10 }).notNull().default(""),
  },
  (columns) => [unique().on(columns.left, columns.right)],
);
