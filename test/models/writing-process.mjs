// A second process that writes to a SQLite file in a tight loop: node writing-process.mjs FILE ROUNDS
import { DatabaseSync } from "@photostructure/sqlite";

const [, , file, rounds] = process.argv;
const database = new DatabaseSync(file, { timeout: 10_000 });
const update = database.prepare("UPDATE member SET age = ? WHERE id = 1");
process.once("message", () => {
  for (let age = 0; age < Number(rounds); age += 1) update.run(age);
  database.close();
  process.disconnect();
});
process.send("ready");
