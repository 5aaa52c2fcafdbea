import type { MigrationMeta } from "drizzle-orm/migrator";
import type { Client } from "pg";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import { readMigrationsFolder } from "../../read-migrations-folder.ts";
import type { PostgresPool } from "./postgres-pool.ts";

/** drizzle-kit's own table, in drizzle-kit's own form: its commands and Restwave can take turns on one database. */
const JOURNAL = "drizzle.__drizzle_migrations";

/** The advisory lock that starting processes wait for; any number will do that nobody else uses. */
const LOCK = "7263747776";

/**
 * Applies the migrations of a drizzle-kit folder that the database has not seen, all or none. Processes that start at the same time wait
 * for each other.
 *
 * @throws ImproperlyConfigured when the folder or one of its files cannot be read, or a migration fails.
 */
export async function migratePostgres(pool: PostgresPool, folder: string): Promise<void> {
  const migrations = readMigrationsFolder(folder);
  const client = await pool.connect();
  client.on("error", () => undefined);
  try {
    await client.query("BEGIN");
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await applyMissing(client, migrations);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

async function applyMissing(client: Client, migrations: readonly MigrationMeta[]): Promise<void> {
  const last = await lastApplied(client);
  for (const migration of migrations) if (last === null || last < migration.folderMillis) await apply(client, migration);
}

/** When the newest migration that was applied was made. Makes the journal if there is none: who only reads it may lack the right to. */
async function lastApplied(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ found: string | null }>(`SELECT to_regclass('${JOURNAL}') AS found`);
  if (rows[0]?.found === null) {
    await client.query("CREATE SCHEMA IF NOT EXISTS drizzle");
    await client.query(`CREATE TABLE ${JOURNAL} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`);
    return null;
  }
  const journal = await client.query<{ last: string | null }>(`SELECT max(created_at) AS last FROM ${JOURNAL}`);
  const newest = journal.rows[0]?.last ?? null;
  return newest === null ? null : Number(newest);
}

async function apply(client: Client, migration: MigrationMeta): Promise<void> {
  try {
    for (const statement of migration.sql) await client.query(statement);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImproperlyConfigured(`A migration could not be applied, nothing was changed: ${reason}.`, { cause: error });
  }
  await client.query(`INSERT INTO ${JOURNAL} (hash, created_at) VALUES ($1, $2)`, [migration.hash, migration.folderMillis]);
}
