import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import { FilterSet } from "../../src/filters/filter-set.ts";
import { methodFilter } from "../../src/filters/method-filter.ts";
import type { Model } from "../../src/models/model.ts";
import type { BelongsTo } from "../../src/models/relations.ts";

const users = sqliteTable("user", {
  id: integer().primaryKey(),
  username: text().notNull(),
  active: integer({ mode: "boolean" }).notNull(),
});
const posts = sqliteTable("post", { id: integer().primaryKey(), title: text().notNull(), authorId: integer() });

declare const User: Model<typeof users>;
declare const Post: Model<typeof posts, { author: BelongsTo<Model<typeof users>> }>;

/** Compiles only when both types are the same. */
function same<A, B>(_equal: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

class PostFilter extends FilterSet(Post, {
  fields: { title: ["exact", "icontains"], id: ["in", "gt"], author__username: ["istartswith"], authorId: ["isnull"] },
  filters: { recent: methodFilter(z.boolean(), (queryset, recent) => (recent ? queryset.filter({ id__gt: 100 }) : queryset)) },
}) {}

// What a client may send under `filters` follows from the whitelist; a name without a lookup means `exact`.
type Sent = PostFilter["types"]["filters"];
same<
  keyof Sent,
  | "title"
  | "title__exact"
  | "title__icontains"
  | "id__in"
  | "id__gt"
  | "author__username__istartswith"
  | "authorId__isnull"
  | "recent"
>(true);
same<Sent["title"], string | undefined>(true);
same<Sent["id__in"], readonly number[] | undefined>(true);
same<Sent["id__gt"], number | undefined>(true);
same<Sent["authorId__isnull"], boolean | undefined>(true);
same<Sent["recent"], boolean | undefined>(true);

// A foreign key has the name of its relation too, whether the type of the relation says which column it is or not.
class KeyFilter extends FilterSet(Post, { fields: { author: ["exact", "in", "isnull", "gt"] } }) {}
same<keyof KeyFilter["types"]["filters"], "author" | "author__exact" | "author__in" | "author__isnull" | "author__gt">(true);
same<KeyFilter["types"]["filters"]["author"], number | null | undefined>(true);
same<KeyFilter["types"]["filters"]["author__in"], readonly number[] | undefined>(true);
same<KeyFilter["types"]["filters"]["author__isnull"], boolean | undefined>(true);
// @ts-expect-error a key is not searched
FilterSet(Post, { fields: { author: ["icontains"] } });
// @ts-expect-error no such key
FilterSet(Post, { fields: { writer: ["exact"] } });

// The primary key can be named `pk`.
FilterSet(User, { fields: { pk: ["exact", "in"] } });

// @ts-expect-error a column that the model does not have
FilterSet(User, { fields: { email: ["exact"] } });
// @ts-expect-error a column that the model does not have, beside one that it has
FilterSet(User, { fields: { username: ["exact"], email: ["exact"] } });
// @ts-expect-error a lookup that no column has
FilterSet(User, { fields: { username: ["regex"] } });
// @ts-expect-error a text lookup on a number
FilterSet(User, { fields: { id: ["icontains"] } });
// @ts-expect-error an order lookup on a boolean
FilterSet(User, { fields: { active: ["gt"] } });
// @ts-expect-error a relation that the model does not have
FilterSet(User, { fields: { author__username: ["exact"] } });
// @ts-expect-error a column that the related model does not have
FilterSet(Post, { fields: { author__email: ["exact"] } });
// @ts-expect-error a descending order is no column
FilterSet(User, { fields: { "-id": ["exact"] } });
// @ts-expect-error a method filter is made by methodFilter
FilterSet(User, { filters: { mine: (queryset: unknown) => queryset } });
