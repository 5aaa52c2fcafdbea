// A second process that runs SQL on a SQLite file: node sql-process.mjs FILE SQL
import { DatabaseSync } from "@photostructure/sqlite";

const [, , file, sql] = process.argv;
const database = new DatabaseSync(file, { timeout: 5000 });
database.exec(sql);
database.close();
