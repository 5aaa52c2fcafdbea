import type { AnyModel, AnyQuerySet } from "../../../src/index.ts";
import { Article, Comment, db, Item, SlugThing, User, UuidThing } from "./database.ts";

type Arguments = Readonly<Record<string, unknown>>;
export type Operation = (args: Arguments) => Promise<unknown>;

const firstItem = { id: 1 };

/** What server-side code does with rows, each save a write of the whole row whether something changed or not. */
export const rowOperations: Readonly<Record<string, Operation>> = {
  item_create: (args) => create(Item, args),
  item_save: ({ pk = 1, ...values }) => save(Item, { id: pk }, values),
  item_delete: ({ pk = 1 }) => rows(Item, { id: pk }).delete(),
  item_qs_update: ({ pk = 1, ...values }) => rows(Item, { id: pk }).update(values),
  item_qs_delete: ({ pks = [] }) => rows(Item, { id__in: pks }).delete(),
  item_bulk_update: ({ pk = 1, ...values }) => rows(Item, { id: pk }).update(values),
  txn_two_saves: () => itemQuantities([101, 102]),
  txn_two_instances: () => itemQuantities([201, 202]),
  txn_rollback: rollBack,

  comment_create: (args) => create(Comment, args),
  comment_save: ({ pk, ...values }) => save(Comment, { id: pk }, values),
  comment_delete: ({ pk }) => rows(Comment, { id: pk }).delete(),
  comment_qs_update: ({ pk, ...values }) => rows(Comment, { id: pk }).update(columns(values)),
  comment_bulk_create: () => Comment.objects.bulkCreate([{ text: "bulk", userId: 1 }]),
  comment_burst: ({ n = 150 }) => burst(Number(n)),
  comment_txn_create_update: () =>
    db.atomic(async () => {
      const { id } = await Comment.objects.create({ text: "a", userId: 1 });
      await save(Comment, { id }, { text: "b" });
    }),
  comment_txn_create_delete: () =>
    db.atomic(async () => {
      const { id } = await Comment.objects.create({ text: "a", userId: 1 });
      await Comment.objects.filter({ id }).delete();
    }),
  comment_txn_update_delete: ({ pk }) =>
    db.atomic(async () => {
      await save(Comment, { id: pk }, { text: "bye" });
      await rows(Comment, { id: pk }).delete();
    }),
  comment_txn_two_rows: () =>
    db.atomic(async () => {
      for (const text of ["r1", "r2"]) await Comment.objects.create({ text, userId: 1 });
    }),
  comment_txn_move_twice: ({ pk }) =>
    db.atomic(async () => {
      for (const userId of [2, 3]) await save(Comment, { id: pk }, { userId });
    }),

  user_save: ({ pk, ...values }) => save(User, { id: pk }, values),
  user_delete: ({ pk }) => rows(User, { id: pk }).delete(),
  article_save: ({ pk, ...values }) => save(Article, { id: pk }, values),
  uuid_save: ({ pk, ...values }) => save(UuidThing, { id: pk }, values),
  uuid_delete: ({ pk }) => rows(UuidThing, { id: pk }).delete(),
  slug_save: ({ slug, ...values }) => save(SlugThing, { slug }, values),
  slug_delete: ({ slug }) => rows(SlugThing, { slug }).delete(),
};

function rows(model: AnyModel, lookups: Arguments): AnyQuerySet {
  return model.objects.filterUntrusted(lookups);
}

function create(model: AnyModel, values: Arguments): Promise<unknown> {
  return model.objects.create(columns(values));
}

async function save(model: AnyModel, lookups: Arguments, values: Arguments): Promise<void> {
  const row: Arguments = await rows(model, lookups).get();
  const pk = { [model.pk.name]: row[model.pk.name] };
  await rows(model, pk).update({ ...row, ...columns(values), ...pk });
}

/** The recording names a foreign key by its column. */
function columns({ user_id: userId, ...values }: Arguments): Arguments {
  return userId === undefined ? values : { ...values, userId };
}

function itemQuantities(quantities: readonly number[]): Promise<void> {
  return db.atomic(async () => {
    for (const quantity of quantities) await save(Item, firstItem, { quantity });
  });
}

class RolledBack extends Error {}

async function rollBack(): Promise<void> {
  try {
    await db.atomic(async () => {
      await save(Item, firstItem, { quantity: 301 });
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
}

async function burst(n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) await Comment.objects.create({ text: `burst${i}`, userId: 1 });
}
