// Compiled by the type check, never run: each line is a promise to a caller.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  action,
  type ActionsOf,
  AsyncAPIConsumer,
  CharField,
  DeleteModelMixin,
  FilterSet,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  type Model,
  ModelSerializer,
  Multiplexer,
  ObserverModelInstanceMixin,
  PatchModelMixin,
  type ResourceTypesOf,
  RetrieveModelMixin,
} from "../../src/index.ts";
import { uuid } from "../../src/sqlite.ts";
import type { declareModels } from "../models/sqlite-tables.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

declare const Member: ReturnType<typeof declareModels>["Member"];

class MemberSerializer extends ModelSerializer(Member, {
  fields: ["id", "username", "email"],
  extraKwargs: { email: { writeOnly: true } },
}) {}

class MemberConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Member.objects.all(),
    serializerClass: MemberSerializer,
    filterSetClass: FilterSet(Member, { fields: { username: ["exact"] } }),
    orderingFields: ["username"],
  }),
  RetrieveModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelInstanceMixin,
) {}

// A resource's types, for a client that keeps its rows.
type Types = ResourceTypesOf<typeof MemberConsumer>;
same<Types["out"], { id: number; username: string }>(true);
same<Types["in"], { username: string; email?: string }>(true);
same<Types["patch"], { username?: string; email?: string }>(true);
same<Types["filters"], { username?: string; username__exact?: string }>(true);
same<Types["ordering"], "username">(true);
same<Types["lookup"], number>(true);

// What is not given: any filter, and the order of what answers hold.
class PlainConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Member.objects.all(), serializerClass: MemberSerializer }),
  ListModelMixin,
) {}
same<ResourceTypesOf<typeof PlainConsumer>["filters"], Readonly<Record<string, unknown>>>(true);
same<ResourceTypesOf<typeof PlainConsumer>["ordering"], "id" | "username">(true);

// Other consumers are no resources.
class EchoConsumer extends AsyncAPIConsumer {
  echo = action(async (input) => input);
}
const Several = Multiplexer({ echo: EchoConsumer });
same<ResourceTypesOf<typeof EchoConsumer>, never>(true);
same<ResourceTypesOf<typeof Several>, never>(true);

// The key is what answers show: the column as JSON holds it, whether it is shown or not, or the serializer's own field.
const keyed = sqliteTable("keyed", { key: uuid().primaryKey(), name: text().notNull() });
const paired = sqliteTable("paired", { a: integer().notNull(), b: integer().notNull() }, ({ a, b }) => [
  primaryKey({ columns: [a, b] }),
]);
declare const Keyed: Model<typeof keyed>;
declare const Paired: Model<typeof paired>;
class KeyedSerializer extends ModelSerializer(Keyed, { fields: ["name"] }) {}
class TextIdSerializer extends ModelSerializer(Member, {
  fields: ["id", "username"],
  declaredFields: { id: new CharField({ readOnly: true }) },
}) {}
class PairedSerializer extends ModelSerializer(Paired, { fields: ["a", "b"] }) {}
class KeyedConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Keyed.objects.all(), serializerClass: KeyedSerializer }),
  RetrieveModelMixin,
) {}
const textual = GenericAsyncAPIConsumer({ queryset: Member.objects.all(), serializerClass: TextIdSerializer });
const pairs = GenericAsyncAPIConsumer({ queryset: Paired.objects.all(), serializerClass: PairedSerializer });
same<ResourceTypesOf<typeof KeyedConsumer>["lookup"], string>(true);
same<ResourceTypesOf<typeof textual>["lookup"], string>(true);
same<ResourceTypesOf<typeof pairs>["lookup"], number | string>(true);

declare const members: ActionsOf<typeof MemberConsumer>;
declare const keys: ActionsOf<typeof KeyedConsumer>;

/** A row is named by its key: a number by its digits too, a text by a text only. */
export async function aClientNamesARow(): Promise<void> {
  await members.retrieve({ pk: 1 });
  await members.retrieve({ pk: "1" });
  await members.delete({ pk: 2n ** 60n });
  await members.patch({ pk: "1", data: { username: "x" } });
  await members.subscribeInstance({ pk: 1, snapshot: true });
  await keys.retrieve({ pk: "6ba7b810-9dad-11d1-80b4-00c04fd430c8" });
  // @ts-expect-error a number is no key of these rows
  await keys.retrieve({ pk: 1 });
  // @ts-expect-error a boolean is no key
  await members.unsubscribeInstance({ pk: true });
  // A consumer with another lookup field takes that one.
  await members.retrieve({ slug: "x" });
}
