import { sqliteFile } from "./sqlite-file.ts";
import type { TestDatabase } from "./test-database.ts";

let chosen = sqliteFile;

/** Chooses the database of a suite whose models are made while its modules are loaded: call it before they are. */
export function chooseDatabase(database: TestDatabase): void {
  chosen = database;
}

/** Default: SQLite. */
export function chosenDatabase(): TestDatabase {
  return chosen;
}
