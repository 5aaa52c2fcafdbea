import { APIException, ImproperlyConfigured, ServiceUnavailable } from "../../../protocol/exceptions.ts";
import { DatabaseError } from "../../errors.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import type { PostgresLogOptions } from "./postgres-change-log-store.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { findFacts } from "./postgres-facts.ts";
import { PostgresPool } from "./postgres-pool.ts";
import type { PostgresTarget } from "./postgres-settings.ts";
import type { IsolationLevel } from "./postgres-transactions.ts";

export interface OpenPostgresOptions {
  /** A folder made by `drizzle-kit generate`; what the database has not seen of it is applied. Default: no migrations. */
  readonly migrationsFolder?: string;
  /** Connections that are open at most. Default 10. */
  readonly max?: number;
  /** Milliseconds to wait for a free connection, or for the server to let one in, before 503. Default 10000. */
  readonly connectionTimeout?: number;
  /** Milliseconds that one statement may take before PostgreSQL stops it, which is a 503. Default 30000; Infinity: no limit. */
  readonly statementTimeout?: number;
  /** Milliseconds that a statement waits for a row or a table that another transaction holds, before 503. Default 10000; Infinity: no limit. */
  readonly lockTimeout?: number;
  /** What a transaction sees of others. Default `"read committed"`, as PostgreSQL's own. */
  readonly isolationLevel?: IsolationLevel;
  /** How often a transaction that PostgreSQL gave up (a deadlock, a serialization failure) is run again before 503. Default 3. */
  readonly serializationRetries?: number;
  /** How long changes are kept for those who come back, and where. */
  readonly changeLog?: PostgresLogOptions;
}

/**
 * Opens a PostgreSQL database, version 15 or later, encoding UTF-8.
 *
 * @param target `postgres://user:password@host:5432/name`, or the parts of it as an object.
 * @throws ImproperlyConfigured when the server refuses, or the migrations folder cannot be used; ServiceUnavailable when the server is not there.
 */
export async function openPostgres(
  target: string | PostgresTarget,
  options: OpenPostgresOptions = {},
): Promise<PostgresDatabase> {
  const { max = 10, connectionTimeout = 10_000, statementTimeout = 30_000, lockTimeout = 10_000 } = options;
  const { serializationRetries: retries = 3, isolationLevel = "read committed", migrationsFolder } = options;
  assertPositive({ max, connectionTimeout, statementTimeout, lockTimeout });
  const pool = new PostgresPool(target, { max, connectionTimeout, statementTimeout, lockTimeout });
  try {
    if (migrationsFolder !== undefined) await migratePostgres(pool, migrationsFolder);
    const facts = await pool.use(findFacts);
    return new PostgresDatabase(pool, facts, { isolationLevel, retries }, options.changeLog);
  } catch (error) {
    await pool.close(lockTimeout);
    throw explain(error);
  }
}

function assertPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [name, number] of Object.entries(numbers))
    if (!(number > 0)) throw new ImproperlyConfigured(`Expected ${name} to be a number above 0, got ${number}.`);
}

/** Invalid authorization, no such database, no such host, and the driver's own words for a login that lacks a part. */
const REFUSED = /^(?:28|3D|42501|ENOTFOUND)/;

function explain(error: unknown): unknown {
  const cause = error instanceof DatabaseError || error instanceof ServiceUnavailable ? error.cause : undefined;
  if (!(cause instanceof Error)) return error;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (error instanceof APIException && !REFUSED.test(code)) {
    error.message = `PostgreSQL cannot be reached: ${cause.message || code}.`;
    return error;
  }
  return new ImproperlyConfigured(`PostgreSQL refused to be opened: ${cause.message}. Correct the connection settings.`, {
    cause,
  });
}
