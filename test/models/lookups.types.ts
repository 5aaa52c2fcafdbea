import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Model } from "../../src/models/model.ts";
import { not, Q } from "../../src/models/q.ts";
import type { RowOf } from "../../src/models/queryset.ts";
import type { BelongsTo } from "../../src/models/relations.ts";
import type { declareModels } from "./sqlite-tables.ts";

/** Promises to the compiler; nothing of this file runs. */
type Models = ReturnType<typeof declareModels>;
declare const Member: Models["Member"];
declare const Post: Models["Post"];

// Lookups are typed by their column.
Member.objects.filter({ email__icontains: "x", id__in: [1, 2], age__gte: 3, isActive: true, age: null, age__isnull: true });
Member.objects.filter({ pk: 1, pk__in: [1, 2], id__range: [1, 9] });
void Member.objects.exclude({ username__istartswith: "a" }).get({ id: 1 });
// @ts-expect-error no such column
Member.objects.filter({ emial: "x" });
// @ts-expect-error no such column, though the other lookup is good
Member.objects.filter({ email: "x", emial: "x" });
// @ts-expect-error no such lookup
Member.objects.filter({ email__regex: "x" });
// @ts-expect-error a text lookup on a number
Member.objects.filter({ age__icontains: "1" });
// @ts-expect-error a number for a text
Member.objects.filter({ email: 5 });
// @ts-expect-error a text in a list of numbers
Member.objects.filter({ id__in: ["1"] });
// @ts-expect-error booleans have no order
Member.objects.filter({ isActive__gt: true });
// @ts-expect-error isnull takes a boolean
Member.objects.filter({ age__isnull: 1 });
// @ts-expect-error a range has two ends
Member.objects.filter({ id__range: [1] });
// @ts-expect-error an operator-shaped value
Member.objects.filter({ id: { $ne: null } });
// @ts-expect-error a text as the primary key of an integer
Member.objects.filter({ pk: "1" });
// @ts-expect-error the SQL name is not the property
Member.objects.filter({ team_id: 1 });

// They reach across foreign keys.
Post.objects.filter({ author__username: "x", author__team__name__icontains: "y", author__pk: 1 });
// @ts-expect-error no such column over there
Post.objects.filter({ author__title: "x" });
// @ts-expect-error a wrong type over there
Post.objects.filter({ author__age: "x" });
// @ts-expect-error two steps away, no such column
Post.objects.filter({ author__team__nope: "x" });

// A foreign key has the name of its relation too, there and over there; it is compared as its column is, and not searched.
Member.objects.filter({ team: 1, team__exact: null, team__in: [1, 2], team__isnull: true, team__gte: 1, team__range: [1, 9] });
void Post.objects.exclude({ author__team: 1, author__team__in: [1, 2], author__team__isnull: false }).get({ author: 1 });
Member.objects.filter(not(Q({ team: 1 }).or({ team__isnull: true })));
Member.objects.orderBy("team", "-team");
Post.objects.orderBy("author", "-author__team");
// @ts-expect-error the key of another type
Member.objects.filter({ team: "1" });
// @ts-expect-error a key, no row
Member.objects.filter({ team: { id: 1, name: "red" } });
// @ts-expect-error a list of keys of another type
Member.objects.filter({ team__in: ["1"] });
// @ts-expect-error a key, no text to search
Member.objects.filter({ team__icontains: "1" });
// @ts-expect-error a key of another type over there
Post.objects.filter({ author__team: "1" });
// @ts-expect-error only a key of one
Post.objects.filter({ tags: 1 });
// @ts-expect-error a key of another type in a Q
Member.objects.filter(Q({ team: "1" }));
// @ts-expect-error rows are not ordered by many others
Post.objects.orderBy("tags");

// A text as a key is compared and not searched; two keys of one column, and keys that point to their own table, are keys all the same.
const folders = sqliteTable("folder", { path: text().primaryKey(), parentPath: text(), isOpen: integer({ mode: "boolean" }) });
declare const Folder: Model<
  typeof folders,
  { parent: BelongsTo<Model<typeof folders>, "parentPath">; above: BelongsTo<Model<typeof folders>, "parentPath"> }
>;
Folder.objects.filter({ parent: "/a", parent__in: ["/a"], above__gt: "/a", parentPath__startswith: "/a", parent__isOpen: true });
// @ts-expect-error a key is not searched, though its column is
Folder.objects.filter({ parent__startswith: "/a" });
// @ts-expect-error neither over there
Folder.objects.filter({ parent__parent__icontains: "a" });

// Where the type of a relation does not name its column, the key is of the type of what it points to.
declare const Unsaid: Model<typeof folders, { parent: BelongsTo<Model<typeof folders>>; team: BelongsTo<Models["Team"]> }>;
Unsaid.objects.filter({ parent: "/a", team__in: [1], team__isnull: true }).orderBy("-team");
// @ts-expect-error a text as the key of a team
Unsaid.objects.filter({ team: "1" });

// A column's name is a column's, whatever a relation of that name is.
declare const Clash: Model<typeof folders, { isOpen: BelongsTo<Models["Team"], "parentPath"> }>;
Clash.objects.filter({ isOpen: true });
// @ts-expect-error the column is a boolean
Clash.objects.filter({ isOpen: "/a" });

// Q is checked where it is used.
Member.objects.filter(Q({ id: 1 }).or({ email__icontains: "x" }), not(Q({ age: 1 })));
// @ts-expect-error no such column in a Q
Member.objects.filter(Q({ nope: 1 }));
// @ts-expect-error no such column in a part of a Q
Member.objects.filter(Q({ id: 1 }).or({ nope: 1 }));
// @ts-expect-error a wrong type in a Q
Member.objects.filter(not({ id: "1" }));

// So are orderings, values and writes.
Post.objects.orderBy("title", "-author__username", "-pk");
// @ts-expect-error no such column to sort by
Post.objects.orderBy("nope");
// @ts-expect-error no such column to read
Member.objects.values("nope");
void Member.objects.create({ username: "x" });
// @ts-expect-error a column without default is left out
void Member.objects.create({ email: "x" });
// @ts-expect-error a wrong type
void Member.objects.filter({ id: 1 }).update({ age: "1" });
// @ts-expect-error no such column to write
void Member.objects.filter({ id: 1 }).update({ nope: 1 });

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proven = <T extends true>(): T | undefined => undefined;

const names = Member.objects.values("id", "username");
proven<Equal<RowOf<typeof names>, { id: number; username: string }>>();
const one = Member.objects.first();
proven<Equal<Awaited<typeof one>, Models["Member"]["types"]["row"] | null>>();
