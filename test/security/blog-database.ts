import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { belongsTo } from "../../src/models/relations.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import type { TestDatabase } from "../databases/test-database.ts";

function blogTables({ table, id, text, integer, unique, check }: TableBuilder) {
  const users = table("auth_user", {
    id: id(),
    username: text({ length: 150 }).notNull().unique(),
    email: text({ length: 254 }).notNull().default(""),
    password: text({ length: 128 }).notNull(),
    secret: text({ length: 60 }).notNull().unique(),
  });
  const posts = table(
    "blog_post",
    {
      id: id(),
      title: text({ length: 50 }).notNull(),
      body: text().notNull().default(""),
      rating: integer().notNull().default(0),
      moderation: text({ length: 60 }).notNull().default("none"),
      ownerId: integer()
        .notNull()
        .references(() => users.id),
    },
    (columns) => [
      unique("blog_post_owner_title_key").on(columns.ownerId, columns.title),
      check("blog_post_rating_check", sql`${columns.rating} >= 0`),
    ],
  );
  return { users, posts };
}

/** Stands in every value that no client and no log may see, so that one search finds them all. */
export const SENTINEL = "s3ntinel";
export const NAMES = ["ann", "bob", "cem"] as const;

export const passwordOf = (name: string): string => `${SENTINEL}-password-of-${name}`;
export const secretOf = (name: string): string => `${SENTINEL}-secret-of-${name}`;
export const moderationOf = (title: string): string => `${SENTINEL}-moderation-of-${title}`;

export function hashPassword(password: string): string {
  return `${SENTINEL}-hash-${createHash("sha256").update(password).digest("hex")}`;
}

/** A new database with three users and four posts of each. */
export async function openBlogDatabase(on: TestDatabase) {
  const tables = blogTables(on.builder);
  const { db, create, definitions, close } = await on.open();
  await create([tables.users, tables.posts]);
  const User = db.model(tables.users, { name: "User" });
  const Post = db.model(tables.posts, { name: "Post", relations: { owner: belongsTo(() => User, "ownerId") } });
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
    const rows = [await User.objects.orderBy("id").toArray(), await Post.objects.orderBy("id").toArray()];
    return JSON.stringify([await definitions(), rows]);
  };
  return { db, User, Post, users: tables.users, dump, close };
}

export type BlogDatabase = Awaited<ReturnType<typeof openBlogDatabase>>;
