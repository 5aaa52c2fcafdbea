// A second process that opens and migrates a PostgreSQL database at the same time as others.
import { once } from "node:events";
import { openPostgres } from "../../src/postgres.ts";

const [, , url, migrationsFolder] = process.argv;
process.send("ready");
await once(process, "message");
const database = await openPostgres(url, { migrationsFolder });
await database.close();
process.send("done");
process.disconnect();
