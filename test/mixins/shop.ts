import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { belongsTo } from "../../src/index.ts";
import { openSqlite } from "../../src/sqlite.ts";

const owners = sqliteTable("owner", {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text({ length: 30 }).notNull().unique(),
});

const notes = sqliteTable("note", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text({ length: 20 }).notNull(),
  slug: text({ length: 20 }).notNull().unique(),
  secret: text({ length: 20 }).notNull().default("hidden"),
  done: integer({ mode: "boolean" }).notNull().default(false),
  ownerId: integer()
    .notNull()
    .references(() => owners.id),
});

/** A database of owners and notes: two owners, six notes, alternating. */
export async function openShop() {
  const db = await openSqlite(":memory:");
  await db.execute(sql`create table owner (id integer primary key autoincrement, name text not null unique)`);
  await db.execute(
    sql`create table note (id integer primary key autoincrement, title text not null, slug text not null unique, secret text not null default 'hidden', done integer not null default 0, ownerId integer not null references owner (id))`,
  );
  const Owner = db.model(owners, { name: "Owner" });
  const Note = db.model(notes, { name: "Note", relations: { owner: belongsTo(() => Owner, "ownerId") } });
  await Owner.objects.bulkCreate([{ name: "ann" }, { name: "bob" }]);
  const rows = [1, 2, 3, 4, 5, 6].map((n) => ({ title: `note ${n}`, slug: `note-${n}`, ownerId: (n % 2) + 1 }));
  await Note.objects.bulkCreate(rows);
  return { db, Owner, Note };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
