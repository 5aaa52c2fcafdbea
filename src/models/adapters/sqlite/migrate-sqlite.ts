import type { MigrationMeta } from "drizzle-orm/migrator";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import { readMigrationsFolder } from "../../read-migrations-folder.ts";
import { dropLogTriggers } from "./install-log.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** drizzle-kit's own table, in drizzle-kit's own form: its commands and Restwave can take turns on one file. */
const JOURNAL = "__drizzle_migrations";

/**
 * Applies the migrations of a drizzle-kit folder that the database has not seen, all or none. Processes that start at the same time wait
 * for each other.
 *
 * @throws ImproperlyConfigured when the folder or one of its files cannot be read, or a migration fails.
 */
export async function migrateSqlite(connection: SqliteConnection, folder: string, busyTimeout: number): Promise<void> {
  const migrations = readMigrationsFolder(folder);
  const rebuildsTables = migrations.some((migration) =>
    migration.sql.some((text) => /PRAGMA\s+foreign_keys\s*=\s*OFF/i.test(text)),
  );
  // Inside a transaction SQLite ignores this pragma, which drizzle-kit writes into migrations that rebuild a table.
  if (rebuildsTables) connection.exec("PRAGMA foreign_keys = OFF");
  try {
    await retryBusy(() => connection.exec("BEGIN IMMEDIATE"), busyTimeout);
    applyMissing(connection, migrations);
  } finally {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    if (rebuildsTables) connection.exec("PRAGMA foreign_keys = ON");
  }
}

function applyMissing(connection: SqliteConnection, migrations: readonly MigrationMeta[]): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS "${JOURNAL}" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`);
  const last = connection.first(`SELECT created_at FROM "${JOURNAL}" ORDER BY created_at DESC LIMIT 1`, []);
  const missing = migrations.filter((migration) => last === undefined || Number(last[0]) < migration.folderMillis);
  const dangling = countDangling(connection);
  if (missing.length > 0) dropLogTriggers(connection);
  for (const migration of missing) apply(connection, migration);
  if (missing.length > 0 && countDangling(connection) > dangling) {
    throw new ImproperlyConfigured("The migrations leave rows whose foreign keys point to nothing. Nothing was changed.");
  }
  connection.exec("COMMIT");
}

function countDangling(connection: SqliteConnection): number {
  return Number(connection.first("SELECT count(*) FROM pragma_foreign_key_check", [])?.[0] ?? 0);
}

function apply(connection: SqliteConnection, migration: MigrationMeta): void {
  try {
    for (const statement of migration.sql) connection.exec(statement);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImproperlyConfigured(`A migration could not be applied, nothing was changed: ${reason}.`, { cause });
  }
  connection.run(`INSERT INTO "${JOURNAL}" ("hash", "created_at") VALUES (?, ?)`, [migration.hash, migration.folderMillis]);
}
