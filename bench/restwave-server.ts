import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  CreateModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ModelSerializer,
  PatchModelMixin,
  path,
  RetrieveModelMixin,
  serve,
} from "../src/index.ts";
import { openSqlite } from "../src/sqlite.ts";
import { tables } from "./seed.ts";
import { reportToParent } from "./server-reports.ts";

/* The reference example's resource without a password, for each of the benchmark's tables; all settings are the defaults. */

const [filename = ""] = process.argv.slice(2);
const db = await openSqlite(filename);

function resource(tableName: string) {
  const table = sqliteTable(tableName, {
    id: integer().primaryKey({ autoIncrement: true }),
    username: text({ length: 150 }).notNull().unique(),
    email: text({ length: 254 }).notNull().default(""),
  });
  const User = db.model(table);
  class UserSerializer extends ModelSerializer(User, { fields: ["id", "username", "email"] }) {}
  return class UserConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
    ListModelMixin,
    RetrieveModelMixin,
    PatchModelMixin,
    CreateModelMixin,
  ) {};
}

const routes = Object.keys(tables).map((table) => path(`ws/${table}/`, resource(table)));
const server = await serve({ routes, port: 0, host: "127.0.0.1" });
reportToParent(server.port);
