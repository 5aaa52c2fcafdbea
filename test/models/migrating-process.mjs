// A second process that opens and migrates a SQLite file at the same time as others.
import { once } from "node:events";
import { openSqlite } from "../../src/sqlite.ts";

const [, , filename, migrationsFolder] = process.argv;
process.send("ready");
await once(process, "message");
const database = await openSqlite(filename, { migrationsFolder });
await database.close();
process.send("done");
process.disconnect();
