import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { belongsTo, openSqlite } from "../../src/sqlite.ts";

export const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  password: text({ length: 128 }).notNull(),
  secret: text({ length: 60 }).notNull().unique(),
});

export const posts = sqliteTable(
  "blog_post",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    title: text({ length: 50 }).notNull(),
    body: text().notNull().default(""),
    rating: integer().notNull().default(0),
    moderation: text({ length: 60 }).notNull().default("none"),
    ownerId: integer()
      .notNull()
      .references(() => users.id),
  },
  (table) => [
    unique("blog_post_owner_title_key").on(table.ownerId, table.title),
    check("blog_post_rating_check", sql`${table.rating} >= 0`),
  ],
);

const DDL = [
  sql`CREATE TABLE auth_user (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL DEFAULT '', password TEXT NOT NULL, secret TEXT NOT NULL UNIQUE)`,
  sql`CREATE TABLE blog_post (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL DEFAULT '', rating INTEGER NOT NULL DEFAULT 0, moderation TEXT NOT NULL DEFAULT 'none', ownerId INTEGER NOT NULL REFERENCES auth_user (id), CONSTRAINT blog_post_owner_title_key UNIQUE (ownerId, title), CONSTRAINT blog_post_rating_check CHECK (rating >= 0))`,
];

/** Stands in every value that no client and no log may see, so that one search finds them all. */
export const SENTINEL = "s3ntinel";
export const NAMES = ["ann", "bob", "cem"] as const;

export const passwordOf = (name: string): string => `${SENTINEL}-password-of-${name}`;
export const secretOf = (name: string): string => `${SENTINEL}-secret-of-${name}`;
export const moderationOf = (title: string): string => `${SENTINEL}-moderation-of-${title}`;

export function hashPassword(password: string): string {
  return `${SENTINEL}-hash-${createHash("sha256").update(password).digest("hex")}`;
}

/** A SQLite file with three users and four posts of each. */
export async function openBlogDatabase() {
  const folder = mkdtempSync(join(tmpdir(), "restwave-security-"));
  const db = await openSqlite(join(folder, "blog.db"));
  for (const statement of DDL) await db.execute(statement);
  const User = db.model(users, { name: "User" });
  const Post = db.model(posts, { name: "Post", relations: { owner: belongsTo(() => User, "ownerId") } });
  await User.objects.bulkCreate(
    NAMES.map((username) => ({
      username,
      email: `${username}@example.com`,
      password: hashPassword(passwordOf(username)),
      secret: secretOf(username),
    })),
  );
  await Post.objects.bulkCreate(
    NAMES.flatMap((name, index) =>
      [1, 2, 3, 4].map((n) => ({ title: `${name} ${n}`, moderation: moderationOf(`${name} ${n}`), ownerId: index + 1 })),
    ),
  );

  /** Every row of every table, and the tables themselves, to compare. */
  const dump = async (): Promise<string> => {
    const schema = await db.execute(sql`SELECT name, sql FROM sqlite_master ORDER BY name`);
    const rows = [await User.objects.orderBy("id").toArray(), await Post.objects.orderBy("id").toArray()];
    return JSON.stringify([schema, rows]);
  };
  const close = async (): Promise<void> => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, User, Post, folder, dump, close };
}

export type BlogDatabase = Awaited<ReturnType<typeof openBlogDatabase>>;
