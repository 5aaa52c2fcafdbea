import { belongsTo } from "../../src/index.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import type { TestDatabase } from "../databases/test-database.ts";

function shopTables({ table, id, text, integer, boolean }: TableBuilder) {
  const owners = table("owner", { id: id(), name: text({ length: 30 }).notNull().unique() });
  const notes = table("note", {
    id: id(),
    title: text({ length: 20 }).notNull(),
    slug: text({ length: 20 }).notNull().unique(),
    secret: text({ length: 20 }).notNull().default("hidden"),
    done: boolean().notNull().default(false),
    ownerId: integer()
      .notNull()
      .references(() => owners.id),
  });
  return { owners, notes };
}

/** A database of owners and notes: two owners, six notes, alternating. */
export async function openShop(on: TestDatabase) {
  const { owners, notes } = shopTables(on.builder);
  const { db, create, close } = await on.open();
  await create([owners, notes]);
  const Owner = db.model(owners, { name: "Owner" });
  const Note = db.model(notes, { name: "Note", relations: { owner: belongsTo(() => Owner, "ownerId") } });
  await Owner.objects.bulkCreate([{ name: "ann" }, { name: "bob" }]);
  const rows = [1, 2, 3, 4, 5, 6].map((n) => ({ title: `note ${n}`, slug: `note-${n}`, ownerId: (n % 2) + 1 }));
  await Note.objects.bulkCreate(rows);
  return { db, Owner, Note, close };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
