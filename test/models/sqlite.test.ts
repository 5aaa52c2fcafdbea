import { describeModelsContract } from "./contract.ts";
import { createTables, declareModels } from "./sqlite-tables.ts";
import { openSqlite } from "../../src/sqlite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describeModelsContract({
  name: "SQLite in a file",
  async openDatabase() {
    const folder = temporaryFolder();
    const database = await openSqlite(folder.path("models.db"));
    await createTables(database);
    const dispose = async () => {
      await database.close();
      folder.remove();
    };
    return { database, ...declareModels(database), dispose };
  },
});

describeModelsContract({
  name: "SQLite in memory",
  async openDatabase() {
    const database = await openSqlite(":memory:");
    await createTables(database);
    return { database, ...declareModels(database), oneConnection: true, dispose: () => database.close() };
  },
});
