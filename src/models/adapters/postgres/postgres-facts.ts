import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { PostgresConnection } from "./postgres-connection.ts";
import { findFoldCase, type PostgresFoldCase } from "./postgres-fold-case.ts";

/** What has to be known of a database before SQL for it can be written. */
export interface PostgresFacts {
  readonly foldCase: PostgresFoldCase;
  /** `table.column` and `schema.table.column` of those that take different texts for equal: citext, nondeterministic collations. */
  readonly loosely: ReadonlySet<string>;
}

const OLDEST = 150_000;

/** @throws ImproperlyConfigured for a server that is too old or whose texts are not UTF-8. */
export async function findFacts(connection: PostgresConnection): Promise<PostgresFacts> {
  const { rows } = await connection.query(
    "SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('server_encoding')",
  );
  const [number, version, encoding] = rows[0] ?? [];
  if (Number(number) < OLDEST) throw new ImproperlyConfigured(`Expected PostgreSQL 15 or later, got ${version}.`);
  if (encoding !== "UTF8")
    throw new ImproperlyConfigured(
      `Expected a database with the encoding UTF8, got ${encoding}. Make it with: CREATE DATABASE ... ENCODING 'UTF8'.`,
    );
  return { foldCase: await findFoldCase(connection), loosely: await findLoosely(connection) };
}

async function findLoosely(connection: PostgresConnection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(`
    SELECT nspname, relname, attname, pg_table_is_visible(pg_class.oid)
    FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_type ON pg_type.oid = atttypid LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND (typname = 'citext' OR NOT coalesce(collisdeterministic, true))`);
  const names = rows.flatMap(([schema, table, column, visible]) => [
    `${schema}.${table}.${column}`,
    ...(visible === "t" ? [`${table}.${column}`] : []),
  ]);
  return new Set(names);
}
