import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { belongsTo, manyToMany, type SqliteDatabase } from "../../src/sqlite.ts";

export const teams = sqliteTable("team", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text({ length: 50 }).notNull().unique(),
});

export const members = sqliteTable("member", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  age: integer(),
  isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
  teamId: integer("team_id").references(() => teams.id),
});

export const posts = sqliteTable("post", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  authorId: integer("author_id")
    .notNull()
    .references(() => members.id, { onDelete: "cascade" }),
});

export const tags = sqliteTable("tag", {
  id: integer().primaryKey({ autoIncrement: true }),
  label: text().notNull().unique(),
});

export const postTags = sqliteTable(
  "post_tag",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    postId: integer("post_id")
      .notNull()
      .references(() => posts.id),
    tagId: integer("tag_id")
      .notNull()
      .references(() => tags.id),
  },
  (table) => [unique().on(table.postId, table.tagId)],
);

export const pairs = sqliteTable(
  "pair",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    left: integer("left_number").notNull(),
    right: integer("right_number").notNull(),
  },
  (table) => [unique().on(table.left, table.right)],
);

const CREATE = [
  sql`CREATE TABLE team (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)`,
  sql`CREATE TABLE member (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL DEFAULT '',
    age INTEGER CHECK (age >= 0), is_active INTEGER NOT NULL DEFAULT 1, team_id INTEGER REFERENCES team(id))`,
  sql`CREATE TABLE post (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES member(id) ON DELETE CASCADE)`,
  sql`CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL UNIQUE)`,
  sql`CREATE TABLE post_tag (id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER NOT NULL REFERENCES post(id),
    tag_id INTEGER NOT NULL REFERENCES tag(id), UNIQUE (post_id, tag_id))`,
  sql`CREATE TABLE pair (id INTEGER PRIMARY KEY AUTOINCREMENT, left_number INTEGER NOT NULL, right_number INTEGER NOT NULL, UNIQUE (left_number, right_number))`,
];

export async function createTables(database: SqliteDatabase): Promise<void> {
  for (const statement of CREATE) await database.execute(statement);
}

export function declareModels(database: SqliteDatabase) {
  const Team = database.model(teams);
  const Member = database.model(members, { relations: { team: belongsTo(() => Team, "teamId") } });
  const Tag = database.model(tags);
  const Post = database.model(posts, {
    relations: { author: belongsTo(() => Member, "authorId"), tags: manyToMany(() => Tag, postTags, "postId", "tagId") },
  });
  const Pair = database.model(pairs);
  return { Team, Member, Tag, Post, Pair };
}
