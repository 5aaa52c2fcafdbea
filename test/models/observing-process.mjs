// A second process that puts the change log of a SQLite file in place at the same time as others, and sends the position that it then finds.
import { once } from "node:events";
import { openSqlite } from "../../src/sqlite.ts";
import { declareModels } from "./sqlite-tables.ts";

const [, , filename] = process.argv;
process.send("ready");
await once(process, "message");
const database = await openSqlite(filename);
const { Member, Team, Post } = declareModels(database);
for (const model of [Member, Team, Post]) database.changes.observe(model, { manyToMany: true });
const position = await database.changes.position();
await database.close();
process.send(String(position));
process.disconnect();
