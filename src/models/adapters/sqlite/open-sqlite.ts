import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { ChangeLogOptions } from "../../change-log/change-log.ts";
import { migrateSqlite } from "./migrate-sqlite.ts";
import { retryBusy } from "./retry-busy.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { resultCode, SqliteBusy } from "./sqlite-errors.ts";
import { MEMORY, sqliteFilename } from "./sqlite-filename.ts";

export interface OpenSqliteOptions {
  /** A folder made by `drizzle-kit generate`; what the database has not seen of it is applied. Default: no migrations. */
  readonly migrationsFolder?: string;
  /** Milliseconds to wait for a lock that another process holds, before a write fails with 503. Default 5000. */
  readonly busyTimeout?: number;
  /** Milliseconds that a write waits for its turn while an atomic block of this process holds the lock, before it fails with 503. Default 30000. */
  readonly lockTimeout?: number;
  /** How long changes are kept for those who come back, and how often the file is looked at for changes of other processes. */
  readonly changeLog?: ChangeLogOptions;
}

/**
 * Opens a SQLite database: write-ahead log, foreign keys on, `synchronous = NORMAL`.
 *
 * @param filename a path, a `file:` URL, or `:memory:`; a missing file is made.
 * @throws ImproperlyConfigured when the file or the migrations folder cannot be used, ServiceUnavailable when it stays locked.
 */
export async function openSqlite(filename: string, options: OpenSqliteOptions = {}): Promise<SqliteDatabase> {
  const { migrationsFolder, busyTimeout = 5000, lockTimeout = 30_000 } = options;
  if (!(lockTimeout > 0))
    throw new ImproperlyConfigured(`Expected lockTimeout to be milliseconds above 0, or Infinity, got ${lockTimeout}.`);
  const path = sqliteFilename(filename);
  const opened: SqliteConnection[] = [];
  try {
    const writer = await open(path, busyTimeout, opened);
    if (migrationsFolder !== undefined) await migrateSqlite(writer, migrationsFolder, busyTimeout);
    const openReader = path === MEMORY ? null : () => reading(path, opened);
    return new SqliteDatabase(writer, openReader, { busyTimeout, lockTimeout, changeLog: options.changeLog ?? {} });
  } catch (error) {
    for (const connection of opened) connection.close();
    throw explain(error, filename);
  }
}

async function open(path: string, busyTimeout: number, opened: SqliteConnection[]): Promise<SqliteConnection> {
  const connection = new SqliteConnection(path);
  opened.push(connection);
  await retryBusy(
    () => connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"),
    busyTimeout,
  );
  return connection;
}

/** The file is in write-ahead mode already: nothing here can meet a lock. */
function reading(path: string, opened: SqliteConnection[]): SqliteConnection {
  const connection = new SqliteConnection(path);
  opened.push(connection);
  connection.exec("PRAGMA query_only = ON");
  return connection;
}

const CANT_OPEN = 14;
const NOT_A_DATABASE = 26;

function explain(error: unknown, filename: string): unknown {
  if (!(error instanceof Error) || error instanceof SqliteBusy) return error;
  const code = resultCode(error.cause);
  if (code === undefined) return error;
  if ((code & 0xff) === NOT_A_DATABASE)
    return new ImproperlyConfigured(`"${filename}" is not a SQLite database.`, { cause: error.cause });
  if ((code & 0xff) === CANT_OPEN) {
    return new ImproperlyConfigured(
      `Cannot open the SQLite file "${filename}": expected a file that this process may read and write.`,
      { cause: error.cause },
    );
  }
  return error;
}
