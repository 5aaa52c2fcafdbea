import { expect, test } from "vitest";
import { checkTypes } from "../docs/check-types.ts";

const RESOURCE = `
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { type ActionsOf, FilterSet, GenericAsyncAPIConsumer, ListModelMixin, mixins, ModelSerializer } from "restwave";
import { openSqlite } from "restwave/sqlite";

const db = await openSqlite(":memory:");
const User = db.model(sqliteTable("user", { id: integer().primaryKey(), name: text().notNull() }));
class UserSerializer extends ModelSerializer(User, { fields: ["id", "name"] }) {}
const options = { queryset: User.objects.all(), serializerClass: UserSerializer, orderingFields: ["id"] as const };
class UserFilter extends FilterSet(User, { fields: { name: ["exact"] } }) {}
class Users extends mixins(GenericAsyncAPIConsumer({ ...options, filterSetClass: UserFilter }), ListModelMixin) {}
class Bare extends mixins(GenericAsyncAPIConsumer({ ...options, filterSetClass: FilterSet(User, {}) }), ListModelMixin) {}
export declare const users: ActionsOf<typeof Users>;
export declare const bare: ActionsOf<typeof Bare>;
`;
const CALLS = `
import { bare, users } from "./resource.ts";
void users.list({ filters: { nmae: "x" } });
void users.list({ filters: { name__icontains: "x" } });
void users.list({ ordering: "-name" });
void bare.list({ filters: { name: "x" } });
`;

test("what the compiler says of a wrong filter or ordering names it", { timeout: 120_000 }, async () => {
  const modules = new Map([
    ["resource.ts", RESOURCE],
    ["calls.ts", CALLS],
  ]);
  expect((await checkTypes(modules)).filter((line) => line.includes("error TS"))).toEqual([
    expect.stringMatching(/^calls\.ts\(3,.*'nmae' does not exist in type '\{.*name\?: string/),
    expect.stringMatching(/^calls\.ts\(4,.*'name__icontains' does not exist in type '\{.*name\?: string/),
    expect.stringMatching(/^calls\.ts\(5,.*"-name".*OrderingKey<"id">/),
    expect.stringMatching(/^calls\.ts\(6,.*'name' does not exist in type 'NoFilters'/),
  ]);
});
