// Compiled by the type check, never run: each line is a promise to a caller.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import {
  action,
  type ActionsOf,
  AsyncAPIConsumer,
  type ClientOf,
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  LimitOffsetPagination,
  ListModelMixin,
  mixins,
  ModelSerializer,
  Multiplexer,
  PaginatedModelListMixin,
  PatchModelMixin,
  path,
  rePath,
  reply,
  RetrieveModelMixin,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
} from "../../src/index.ts";
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

class UserConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  PatchModelMixin,
  UpdateModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {
  sendEmail = action({ input: z.object({ pk: z.number(), to: z.email() }) }, async ({ pk, to }) => {
    const user = await this.getObject({ pk });
    const hash: string = user.password;
    const { data } = await this.retrieve({ pk });
    const name: string = data.username;
    // @ts-expect-error the password is write-only: no answer has it
    data.password;
    return reply({ sent: true, to, name, hash });
  });
  count = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
    for (let n = 1; n <= to; n += 1) yield n;
    return "done";
  });
  nothing = action(async () => {});

  override async performCreate(serializer: InstanceType<typeof UserSerializer>): Promise<void> {
    const name: string = serializer.validatedData.username;
    await serializer.save();
    void name;
  }
  override async list(args = {}) {
    const answer = await super.list(args);
    const first: string | undefined = answer.data[0]?.username;
    void first;
    return answer;
  }
  helper(): number {
    return 1;
  }
}

type UserOut = { id: number; username: string; email: string };

const routes = [rePath(/^ws\/$/, UserConsumer)];
declare const api: ClientOf<typeof routes>;

export async function aClientKnowsEveryAction(): Promise<void> {
  const rows = await api.list();
  same<(typeof rows)[number], UserOut>(true);
  // @ts-expect-error the password is write-only
  rows[0]!.password;
  const row = await api.retrieve({ pk: 1 });
  same<typeof row, UserOut>(true);
  await api.create({ data: { username: "x", password: "y" } });
  // @ts-expect-error password is required
  await api.create({ data: { username: "x" } });
  // @ts-expect-error a user name is text
  await api.create({ data: { username: 1, password: "y" } });
  await api.patch({ pk: 1, data: { email: "x@example.com" } });
  // @ts-expect-error no such field
  await api.patch({ pk: 1, data: { emial: "x@example.com" } });
  // @ts-expect-error data is required
  await api.update({ pk: 1 });
  const gone = await api.delete({ pk: 1 });
  same<typeof gone, null>(true);
  const sent = await api.sendEmail({ pk: 1, to: "x@example.com" });
  same<(typeof sent)["sent"], boolean>(true);
  // @ts-expect-error `to` is missing
  await api.sendEmail({ pk: 1 });
  const nothing = await api.nothing({});
  same<typeof nothing, null>(true);
  for await (const n of api.count({ to: 3 })) same<typeof n, number>(true);
  // @ts-expect-error helper is no action
  api.helper;
  // @ts-expect-error hooks are no actions
  api.getObject;
  // @ts-expect-error hooks are no actions
  api.performCreate;
}

class PagedConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: User.objects.all(),
    serializerClass: UserSerializer,
    paginationClass: LimitOffsetPagination,
  }),
  PaginatedModelListMixin,
) {}
class StreamedConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: User.objects.all(),
    serializerClass: UserSerializer,
    paginationClass: LimitOffsetPagination,
  }),
  StreamedPaginatedListMixin,
) {}
class EchoConsumer extends AsyncAPIConsumer {
  echo = action(async (input) => reply(input));
}

const multiplexed = [
  path("api/", [path("ws/", Multiplexer({ users: UserConsumer, paged: PagedConsumer, streamed: StreamedConsumer }))]),
];
declare const streams: ClientOf<typeof multiplexed>;

export async function aClientKnowsEveryStream(): Promise<void> {
  const page = await streams.paged.list({ limit: 2 });
  same<typeof page, { readonly count: number; readonly results: UserOut[]; readonly limit: number; readonly offset: number }>(
    true,
  );
  for await (const part of streams.streamed.list()) same<(typeof part)["results"], UserOut[]>(true);
  await streams.users.retrieve({ pk: 1 });
  // @ts-expect-error no such stream
  streams.posts;
  // @ts-expect-error the paged consumer has no retrieve
  streams.paged.retrieve;
}

declare const echo: ActionsOf<typeof EchoConsumer>;
export const echoes: Promise<Readonly<Record<string, unknown>>> = echo.echo({ a: 1 });
