import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  action,
  CreateModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ModelSerializer,
  ObserverModelListMixin,
  PatchModelMixin,
  path,
  serve,
} from "../../src/index.ts";
import { openSqlite } from "../../src/sqlite.ts";
import { tables } from "../seed.ts";
import { reportToParent } from "../server-reports.ts";
import { BURST, change } from "./writings.ts";

/* The resource of `restwave-server.ts` with live lists, filtered by name. With `plain` nobody can subscribe and nothing is logged. */

const [filename = "", mode] = process.argv.slice(2);
const db = await openSqlite(filename);

function resource(tableName: string) {
  const table = sqliteTable(tableName, {
    id: integer().primaryKey({ autoIncrement: true }),
    username: text({ length: 150 }).notNull().unique(),
    email: text({ length: 254 }).notNull().default(""),
  });
  const User = db.model(table);
  class UserSerializer extends ModelSerializer(User, { fields: ["id", "username", "email"] }) {}
  class UserFilters extends FilterSet(User, { fields: { username: ["exact"] } }) {}
  class UserConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: User.objects.all(),
      serializerClass: UserSerializer,
      filterBackends: [FilterSetBackend],
      filterSetClass: UserFilters,
    }),
    ListModelMixin,
    PatchModelMixin,
    CreateModelMixin,
  ) {
    /** Many changes in one transaction. */
    burst = action(async ({ first }) => {
      await db.atomic(async () => {
        for (let n = Number(first); n < Number(first) + BURST; n += 1) {
          const { pk, email } = change(n);
          await User.objects.filter({ id: pk }).update({ email });
        }
      });
    });
  }
  if (mode === "plain") return UserConsumer;
  db.changes.observe(User);
  return class LiveUserConsumer extends ObserverModelListMixin(UserConsumer) {};
}

const routes = Object.keys(tables).map((table) => path(`ws/${table}/`, resource(table)));
if (mode !== "plain") await db.changes.ready();
// The listening sockets answer no pings.
const server = await serve({ routes, port: 0, host: "127.0.0.1", heartbeatInterval: 0 });
reportToParent(server.port);
