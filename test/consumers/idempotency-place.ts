import type { SqliteDatabase } from "../../src/sqlite.ts";
import { openSqlite } from "../../src/sqlite.ts";
import { tableBuilders } from "../databases/table-builder.ts";
import { declareLab, noteTables } from "./idempotency-lab.ts";

/** Opens the laboratory's database, which exists already: a file, or a connection string of PostgreSQL. For processes of their own too. */
export async function openAt(address: string) {
  if (!address.startsWith("postgres")) return declareLab(await openSqlite(address), noteTables(tableBuilders.sqlite));
  const entry = "../../src/postgres.ts";
  const { openPostgres } = await import(entry);
  const db: SqliteDatabase = await openPostgres(address);
  return declareLab(db, noteTables(tableBuilders.postgres));
}
