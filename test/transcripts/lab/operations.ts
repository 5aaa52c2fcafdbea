import { Article, Comment, db, emptyDatabase, emptyItems, Item, Pair, SlugThing, Tag, User, UuidThing } from "./database.ts";
import { kept } from "./live-consumers.ts";
import { forgetGrants, grant } from "./model-permissions.ts";
import { type Operation, rowOperations } from "./row-operations.ts";
import { signalOperations } from "./signal-operations.ts";
import { tagOperations } from "./tag-operations.ts";

/** What each case starts from: no rows at all, or the ones that the recording names. */
export async function reset({ empty = false }: { readonly empty?: boolean } = {}): Promise<void> {
  forgetGrants();
  await db.atomic(async () => {
    await emptyDatabase();
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
    await emptyItems();
    await Item.objects.bulkCreate(Array.from({ length: n }, (_, index) => ({ name: `item${index + 1}`, quantity: index + 1 })));
  });
}

/** The server-side operations of the cases, by their recorded names. */
export const operations: Readonly<Record<string, Operation>> = {
  reset: (args) => reset({ empty: args["empty"] === true }),
  many_items: (args) => manyItems(Number(args["n"] ?? 6)),
  grant: async (args) => grant(String(args["user"]), String(args["perm"])),
  ...rowOperations,
  ...tagOperations,
  ...signalOperations,
  // Nothing of an earlier case is left that `flush` would have to remove.
  layer: async () => kept(),
};
