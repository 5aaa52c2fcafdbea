import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { openSqlite } from "../../src/sqlite.ts";
import { describeChangeLogContract } from "./change-log/contract.ts";
import { createTables, declareModels } from "./sqlite-tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const run = promisify(execFile);

/** Takes the file and SQL; like the `sqlite3` command, but there wherever the tests are. */
const SQL_PROCESS = new URL("sql-process.mjs", import.meta.url).pathname;

describeChangeLogContract({
  name: "SQLite in a file",
  async openDatabase() {
    const folder = temporaryFolder();
    const file = folder.path("log.db");
    const opened = [await openSqlite(file)];
    const [database] = opened;
    if (database === undefined) throw new TypeError("Expected a database.");
    await createTables(database);
    const dispose = async () => {
      for (const one of opened) await one.close();
      folder.remove();
    };
    return {
      database,
      ...declareModels(database),
      dispose,
      ahead: (position) => position.replace(/\d+$/, (offset) => String(Number(offset) + 1000)),
      runElsewhere: async (sql) => {
        await run(process.execPath, [SQL_PROCESS, file, sql]);
      },
      openAgain: async () => {
        const again = await openSqlite(file);
        opened.push(again);
        return { database: again, ...declareModels(again), dispose };
      },
    };
  },
});
