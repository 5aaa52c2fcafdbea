import { integer, pgTable, varchar } from "drizzle-orm/pg-core";
import {
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
import { openPostgres } from "../../src/postgres.ts";
import { tables } from "../seed.ts";
import { reportToParent } from "../server-reports.ts";

/* The resource of `live-server.ts` on PostgreSQL. */

const [url = "", mode] = process.argv.slice(2);
const db = await openPostgres(url);

function resource(tableName: string) {
  const table = pgTable(tableName, {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    username: varchar({ length: 150 }).notNull().unique(),
    email: varchar({ length: 254 }).notNull().default(""),
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
  ) {}
  if (mode === "plain") return UserConsumer;
  db.changes.observe(User);
  return class LiveUserConsumer extends ObserverModelListMixin(UserConsumer) {};
}

const routes = Object.keys(tables).map((table) => path(`ws/${table}/`, resource(table)));
if (mode !== "plain") await db.changes.ready();
// The listening sockets answer no pings.
const server = await serve({ routes, port: 0, host: "127.0.0.1", heartbeatInterval: 0 });
reportToParent(server.port);
