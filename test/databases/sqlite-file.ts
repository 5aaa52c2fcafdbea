import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTableName, is, sql, type Table } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { openSqlite } from "../../src/sqlite.ts";
import { createTable, type TableParts } from "./create-table.ts";
import { tableBuilders } from "./table-builder.ts";
import type { OpenDatabase, OpenOptions, TestDatabase } from "./test-database.ts";

/** SQLite, each database a file in a temporary folder of its own. */
export const sqliteFile: TestDatabase = { name: "SQLite", builder: tableBuilders.sqlite, open };

async function open({ changeLog = {} }: OpenOptions = {}): Promise<OpenDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "restwave-test-"));
  const db = await openSqlite(join(folder, "test.db"), { changeLog });
  return {
    db,
    create: async (tables, options) => {
      for (const table of tables) await db.execute(createTable(partsOf(table), getTableName, options));
    },
    empty: async (tables) => {
      for (const table of tables) {
        const name = getTableName(table);
        await db.execute(sql`DELETE FROM ${sql.identifier(name)}`);
        await db.execute(sql`DELETE FROM sqlite_sequence WHERE name = ${name}`);
      }
    },
    definitions: () => db.execute(sql`SELECT name, sql FROM sqlite_master ORDER BY name`),
    close: async () => {
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function partsOf(table: Table): TableParts {
  if (is(table, SQLiteTable)) return getTableConfig(table);
  throw new TypeError("Expected a table of sqliteTable().");
}
