// A second process that opens and migrates a SQLite file at the same time as others.
import { openSqlite } from "../../src/sqlite.ts";

const [, , filename, migrationsFolder] = process.argv;
process.once("message", async () => {
  const database = await openSqlite(filename, { migrationsFolder });
  await database.close();
  process.send("done");
  process.disconnect();
});
process.send("ready");
