import type { RowOf } from "../../src/models/queryset.ts";
import type { PostgresDatabase } from "../../src/postgres.ts";
import type { declareModels } from "./postgres-tables.ts";
import { things } from "./postgres-things.ts";

/** Promises to the compiler; nothing of this file runs. */
declare const database: PostgresDatabase;
declare const Post: ReturnType<typeof declareModels>["Post"];

const Thing = database.model(things);

Thing.objects.filter({ whole__gt: 1, huge__in: [1n], price__range: ["1", "2"], state: "open", flag: true, pk: 1 });
Thing.objects.filter({
  moment__gte: "2024-05-06T00:00:00Z",
  at__lt: new Date(),
  day: "2024-05-06",
  clock__lte: "05:00",
  bytes: Buffer.from("x"),
});
Thing.objects.filter({
  label__icontains: "x",
  short__startswith: "x",
  padded__iexact: "x",
  key__startswith: "6ba7",
  address: "10.0.0.1",
});
Thing.objects.filter({ payload__isnull: true, list__isnull: false });
Post.objects.filter({ author__team__name__icontains: "y" }).orderBy("-author__username");
Post.objects.filter({ author: 1, author__team__in: [1], author__team__isnull: true }).orderBy("-author", "author__team");
// @ts-expect-error a text is no key of a number
Post.objects.filter({ author: "1" });
// @ts-expect-error a number is no bigint
Thing.objects.filter({ huge: 1 });
// @ts-expect-error a moment is no text to search
Thing.objects.filter({ moment__icontains: "2024" });
// @ts-expect-error a day is no text to search
Thing.objects.filter({ day__startswith: "2024" });
// @ts-expect-error a decimal is no text to search
Thing.objects.filter({ price__contains: "1" });
// @ts-expect-error JSON has no order
Thing.objects.filter({ payload__gt: {} });
// @ts-expect-error arrays have no order
Thing.objects.filter({ list__gt: [1] });
// @ts-expect-error not one of the states
Thing.objects.filter({ state: "nope" });
// @ts-expect-error no such column over there
Post.objects.filter({ author__title: "x" });
// @ts-expect-error an identity that is always generated is not given
void Thing.objects.create({ id: 1 });

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proven = <T extends true>(): T | undefined => undefined;

const some = Thing.objects.values("id", "huge", "price", "at", "state", "bytes");
proven<
  Equal<
    RowOf<typeof some>,
    {
      id: number;
      huge: bigint | null;
      price: string | null;
      at: Date | null;
      state: "open" | "closed" | "Archived" | null;
      bytes: Uint8Array | null;
    }
  >
>();
