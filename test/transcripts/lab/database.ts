import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { manyToMany } from "../../../src/index.ts";
import { openSqlite } from "../../../src/sqlite.ts";
import * as tables from "./tables.ts";

const folder = mkdtempSync(join(tmpdir(), "restwave-lab-"));

export const db = await openSqlite(join(folder, "lab.db"));
for (const statement of tables.CREATE_TABLES) await db.execute(sql.raw(statement));

export const User = db.model(tables.users, { name: "User" });
export const Item = db.model(tables.items, { name: "Item" });
export const UuidThing = db.model(tables.uuidThings, { name: "UuidThing" });
export const SlugThing = db.model(tables.slugThings, { name: "SlugThing" });
export const Tag = db.model(tables.tags, { name: "Tag" });
export const Article = db.model(tables.articles, {
  name: "Article",
  relations: { tags: manyToMany(() => Tag, tables.articleTags, "articleId", "tagId") },
});
export const Comment = db.model(tables.comments, { name: "Comment" });
export const Pair = db.model(tables.pairs, { name: "Pair" });

export async function closeDatabase(): Promise<void> {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
}
