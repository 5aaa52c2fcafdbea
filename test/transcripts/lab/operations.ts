import { sql } from "drizzle-orm";
import { Article, Comment, db, Item, Pair, SlugThing, Tag, User, UuidThing } from "./database.ts";
import { forgetGrants, grant } from "./model-permissions.ts";

const TABLES = [
  "lab_comment",
  "lab_article_tags",
  "lab_article",
  "lab_tag",
  "lab_item",
  "lab_uuidthing",
  "lab_slugthing",
  "lab_pair",
  "auth_user",
];

/** What each case starts from: no rows at all, or the ones that the recording names. */
export async function reset({ empty = false }: { readonly empty?: boolean } = {}): Promise<void> {
  forgetGrants();
  await db.atomic(async () => {
    for (const table of TABLES) await db.execute(sql.raw(`DELETE FROM ${table}`));
    await db.execute(sql.raw("DELETE FROM sqlite_sequence"));
    if (!empty) await fill();
  });
}

async function fill(): Promise<void> {
  await User.objects.bulkCreate([1, 2, 3].map((n) => ({ username: `user${n}`, email: `${n}@example.com`, password: "x" })));
  await Item.objects.bulkCreate([1, 2, 3, 4, 5].map((n) => ({ name: `item${n}`, quantity: n * 10 })));
  await UuidThing.objects.bulkCreate([1, 2].map((n) => ({ id: `00000000-0000-0000-0000-00000000000${n}`, name: `u${n}` })));
  await SlugThing.objects.bulkCreate([1, 2].map((n) => ({ slug: `slug-${n}`, title: `t${n}` })));
  await Tag.objects.bulkCreate([1, 2, 3].map((n) => ({ name: `tag${n}` })));
  await Article.objects.bulkCreate([1, 2].map((n) => ({ title: `article${n}` })));
  await Comment.objects.bulkCreate([
    { text: "first", userId: 1 },
    { text: "second", userId: 2 },
  ]);
  await Pair.objects.bulkCreate([{ left: 1, right: 2 }]);
}

/** Only items, `n` of them, whose quantity is their number. */
async function manyItems(n: number): Promise<void> {
  await db.atomic(async () => {
    await db.execute(sql.raw("DELETE FROM lab_item"));
    await db.execute(sql.raw("DELETE FROM sqlite_sequence WHERE name = 'lab_item'"));
    await Item.objects.bulkCreate(Array.from({ length: n }, (_, index) => ({ name: `item${index + 1}`, quantity: index + 1 })));
  });
}

/** The server-side operations of the cases, by their recorded names. */
export const operations: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => Promise<void>>> = {
  reset: (args) => reset({ empty: args["empty"] === true }),
  many_items: (args) => manyItems(Number(args["n"] ?? 6)),
  grant: async (args) => grant(String(args["user"]), String(args["perm"])),
};
