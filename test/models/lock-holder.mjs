// A second process that writes to a SQLite file: locks it, says so, and lets go when told.
import { DatabaseSync } from "@photostructure/sqlite";

const database = new DatabaseSync(process.argv[2]);
database.exec("BEGIN IMMEDIATE; UPDATE member SET age = 70 WHERE id = 1");
process.send("locked");
process.once("message", (command) => {
  database.exec(command);
  database.close();
  process.disconnect();
});
