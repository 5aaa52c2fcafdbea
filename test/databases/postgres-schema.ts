import { randomBytes } from "node:crypto";
import { type Column, getTableColumns, getTableName, sql, type SQL, type Table } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import pg from "pg";
import { openPostgres } from "../../src/postgres.ts";
import type { SqliteDatabase } from "../../src/sqlite.ts";
import { services } from "../services.ts";
import { createTable } from "./create-table.ts";
import { tableBuilders } from "./table-builder.ts";
import type { OpenDatabase, OpenOptions, TestDatabase } from "./test-database.ts";

/** PostgreSQL, each database a schema of its own in the test database. */
export const postgresSchema: TestDatabase = { name: "PostgreSQL", builder: tableBuilders.postgres, open };

/** Drops what killed runs have left behind: schemas made more than an hour ago. */
const SWEEP = `DO $$
  DECLARE stale text;
  BEGIN
    IF pg_try_advisory_xact_lock(72653) THEN
      FOR stale IN
        SELECT nspname FROM pg_namespace
        WHERE nspname ~ '^test_[0-9]+_' AND split_part(nspname, '_', 2)::bigint < extract(epoch FROM now()) - 3600
      LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', stale);
      END LOOP;
    END IF;
  END $$`;

let swept = false;

async function open({ changeLog = {} }: OpenOptions = {}): Promise<OpenDatabase> {
  const schema = `test_${Math.floor(Date.now() / 1000)}_${randomBytes(6).toString("hex")}`;
  await onServer(swept ? `CREATE SCHEMA ${schema}` : `${SWEEP}; CREATE SCHEMA ${schema}`);
  swept = true;
  const db = await openPostgres(addressOf(schema), { max: 5, changeLog: { ...changeLog, schema } });
  return {
    // See `OpenDatabase.db`.
    db: db as unknown as SqliteDatabase,
    create: (tables, options) =>
      db.atomic(async () => {
        for (const table of tables) await db.execute(createTable(getTableConfig(table as PgTable), getTableName, options));
      }),
    empty: async (tables) => {
      for (const table of tables) {
        await db.execute(sql`DELETE FROM ${sql.identifier(getTableName(table))}`);
        for (const column of generatedColumns(table)) await db.execute(startAgain(table, column));
      }
    },
    definitions: () => db.execute(definitions()),
    close: async () => {
      await db.close();
      await onServer(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}

/** Runs SQL on a connection of its own. */
async function onServer(text: string): Promise<void> {
  const client = new pg.Client(services.postgres.address);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** A connection string whose sessions see one schema only, are in a time zone that is not the server's, and do not wait for the disk. */
function addressOf(schema: string): string {
  const url = new URL(services.postgres.address);
  url.searchParams.set("options", `-c search_path=${schema} -c timezone=Asia/Kolkata -c synchronous_commit=off`);
  return url.href;
}

function generatedColumns(table: Table): Column[] {
  return Object.values(getTableColumns(table)).filter((column) => column.generatedIdentity !== undefined);
}

function startAgain(table: Table, column: Column): SQL {
  return sql`SELECT setval(pg_get_serial_sequence(${`"${getTableName(table)}"`}, ${column.name}), 1, false)`;
}

function definitions(): SQL {
  return sql`
    SELECT attrelid::regclass::text AS "table", attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = current_schema()::regnamespace AND attnum > 0
    UNION ALL
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    ORDER BY 1, 2, 3`;
}
