import type { Dialect } from "../dialect.ts";

export const IDEMPOTENCY_TABLE = "restwave_idempotency";

/**
 * The statements that make the table of stored answers. Each does nothing where it was done before; for teams that apply them through migrations
 * of their own.
 */
export function idempotencySchema(dialect: Dialect): readonly string[] {
  const moment = dialect.name === "sqlite" ? "INTEGER" : "BIGINT";
  return [
    `CREATE TABLE IF NOT EXISTS ${IDEMPOTENCY_TABLE} (id TEXT PRIMARY KEY, content TEXT NOT NULL, stored_at ${moment} NOT NULL, status INTEGER, data TEXT, row_keys TEXT)`,
    `CREATE INDEX IF NOT EXISTS ${IDEMPOTENCY_TABLE}_stored_at ON ${IDEMPOTENCY_TABLE} (stored_at)`,
  ];
}
