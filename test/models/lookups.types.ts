import { not, Q } from "../../src/models/q.ts";
import type { RowOf } from "../../src/models/queryset.ts";
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
