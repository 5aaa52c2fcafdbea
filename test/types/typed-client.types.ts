// Compiled by the type check, never run: each line is a promise to a caller of the client.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import {
  action,
  AsyncAPIConsumer,
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  mixins,
  ModelSerializer,
  Multiplexer,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  PaginatedModelListMixin,
  PatchModelMixin,
  path,
  rePath,
  reply,
  RetrieveModelMixin,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
} from "../../src/index.ts";
import { createClient, isAPIError, type LiveCount, type LiveInstance, type LiveList } from "../../src/client.ts";
import { openSqlite } from "../../src/sqlite.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text({ length: 254 }).notNull().default(""),
  password: text({ length: 128 }).notNull(),
});
const db = await openSqlite(":memory:");
const User = db.model(users);
class UserSerializer extends ModelSerializer(User, {
  fields: ["id", "username", "email", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {}
class UserFilters extends FilterSet(User, { fields: { username: ["exact", "icontains"], id: ["in"] } }) {}
const resource = {
  queryset: User.objects.all(),
  serializerClass: UserSerializer,
  filterSetClass: UserFilters,
  orderingFields: ["id", "username"],
} as const;

class UserConsumer extends mixins(
  GenericAsyncAPIConsumer(resource),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  UpdateModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
  ObserverModelInstanceMixin,
) {
  sendEmail = action({ input: z.object({ pk: z.number(), to: z.email() }) }, async ({ to }) => reply({ sent: true, to }));
  count = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
    for (let n = 1; n <= to; n += 1) yield n;
    return "done";
  });
  helper(): number {
    return 1;
  }
}
class PageConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...resource, paginationClass: LimitOffsetPagination }),
  PaginatedModelListMixin,
  ObserverModelListMixin,
) {}
class StreamConsumer extends mixins(
  GenericAsyncAPIConsumer({ ...resource, paginationClass: LimitOffsetPagination }),
  StreamedPaginatedListMixin,
) {}
class EchoConsumer extends AsyncAPIConsumer {
  echo = action(async (input) => reply(input));
}

type UserOut = { id: number; username: string; email: string };
const routes = [
  rePath(/^ws\/$/, Multiplexer({ users: UserConsumer, pages: PageConsumer, streamed: StreamConsumer, echo: EchoConsumer })),
];
const client = createClient<typeof routes>("ws://localhost:8000/ws/");

export async function rowsAreThoseOfTheSerializer(): Promise<void> {
  const list = await client.users.list({ filters: { username__icontains: "a", id__in: [1, 2] }, ordering: ["-id", "username"] });
  same<(typeof list)[number], UserOut>(true);
  // @ts-expect-error the password is write-only
  list[0]?.password;
  same<Awaited<ReturnType<typeof client.users.retrieve>>, UserOut>(true);
  await client.users.retrieve(1);
  await client.users.retrieve({ slug: "x" });
  // @ts-expect-error which row?
  await client.users.retrieve();
  // @ts-expect-error `usernme` is no filter
  await client.users.list({ filters: { usernme: "a" } });
  // @ts-expect-error the list cannot be ordered by email
  await client.users.list({ ordering: "email" });
  // @ts-expect-error no such argument
  await client.users.list({ filter: { username: "a" } });
}

export async function writesTakeWhatTheSerializerTakes(): Promise<void> {
  const made = await client.users.create({ username: "x", password: "y" });
  same<typeof made, UserOut>(true);
  // @ts-expect-error the password is required
  await client.users.create({ username: "x" });
  // @ts-expect-error a user name is text
  await client.users.create({ username: 1, password: "y" });
  await client.users.patch(1, { email: "x@example.com" }, { optimistic: true, timeout: 1000 });
  // @ts-expect-error no such field
  await client.users.patch(1, { emial: "x@example.com" });
  // @ts-expect-error no such option
  await client.users.patch(1, { email: "x" }, { optimistc: true });
  await client.users.patch(1, { email: "x" }, { optimistic: (rows) => rows.filter(({ username }) => username !== "") });
  same<Awaited<ReturnType<typeof client.users.delete>>, null>(true);
}

export async function customActionsAreTheirSchemas(): Promise<void> {
  const sent = await client.users.sendEmail({ pk: 1, to: "x@example.com" });
  same<typeof sent, { sent: boolean; to: string }>(true);
  // @ts-expect-error `to` is missing
  await client.users.sendEmail({ pk: 1 });
  for await (const n of client.users.count({ to: 3 })) same<typeof n, number>(true);
  for await (const page of client.streamed.list({ limit: 2 })) same<(typeof page)["results"], UserOut[]>(true);
  const page = await client.pages.list({ limit: 2 });
  same<(typeof page)["count"], number>(true);
  // @ts-expect-error helper is no action
  client.users.helper;
  // @ts-expect-error hooks are no actions
  client.users.getQueryset;
  // @ts-expect-error there is no such stream
  client.posts;
  // @ts-expect-error the echo consumer has no list
  client.echo.list;
}

export function liveDataHasTheTypesOfLists(): void {
  const list = client.users.live({ filters: { username: "a" }, ordering: "-id" });
  same<typeof list, LiveList<UserOut>>(true);
  const page = client.pages.live({ limit: 5 });
  same<typeof page, LiveList<UserOut>>(true);
  const row = client.users.liveInstance(1);
  same<typeof row, LiveInstance<UserOut>>(true);
  const count = client.users.liveCount({ filters: { username: "a" } });
  same<typeof count, LiveCount>(true);
  // @ts-expect-error where a subscription goes on is the client's business
  client.users.live({ since: "x" });
  // @ts-expect-error the streamed resource has no live lists
  client.streamed.live;
  // @ts-expect-error a count has no order
  client.users.liveCount({ ordering: "id" });
  // @ts-expect-error the actions behind it are the client's business
  client.users.subscribeList;
}

export function errorsKnowTheFieldsOfTheCall(error: unknown): void {
  if (isAPIError(error, client.users.create)) {
    error.fieldErrors.username;
    error.fieldErrors.non_field_errors;
    // @ts-expect-error create takes no such field
    error.fieldErrors.usernme;
  }
  if (isAPIError(error, client.users.sendEmail)) {
    error.fieldErrors.to;
    // @ts-expect-error the action takes no such field
    error.fieldErrors.username;
  }
  if (isAPIError(error)) error.fieldErrors["anything"];
}

const alone = [path("ws/", UserConsumer)];

export async function oneConsumerIsTheClientItself(): Promise<void> {
  const direct = createClient<typeof alone>("ws://localhost:8000/ws/");
  const rows = await direct.list();
  same<(typeof rows)[number], UserOut>(true);
  direct.live({ ordering: "id" }).data?.[0]?.username;
  direct.connection.state.status;
  // @ts-expect-error there are no streams
  direct.users;
}

export async function withoutATableEveryNameIsAllowed(): Promise<void> {
  const any = createClient("ws://localhost:8000/ws/");
  await any["users"]?.["list"]?.();
  any["users"]?.live({ filters: { anything: 1 } }).data?.[0]?.["name"];
  await any["sendEmail"]?.["call"]?.("x");
}
