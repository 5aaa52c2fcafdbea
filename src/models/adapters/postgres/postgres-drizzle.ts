import { drizzle, type PgRemoteDatabase } from "drizzle-orm/pg-proxy";
import type { PostgresConnection, PostgresResult } from "./postgres-connection.ts";
import { assertNoTransactionControl, isReadingSql } from "./postgres-sql.ts";
import type { PostgresTransactions } from "./postgres-transactions.ts";
import { decodeByOid } from "./postgres-types.ts";

/** Runs a statement that is not a queryset's, in the transaction if there is one. */
export function runRaw(transactions: PostgresTransactions, sql: string, params: readonly unknown[]): Promise<PostgresResult> {
  assertNoTransactionControl(sql);
  const run = (connection: PostgresConnection): Promise<PostgresResult> => connection.query(sql, params);
  // Whether a text writes is a guess, and in a snapshot PostgreSQL itself refuses what does.
  return transactions.inSnapshot || isReadingSql(sql) ? transactions.read(run) : transactions.write(run);
}

/** Rows by column name. */
export function namedRows<Row extends object>({ rows, fields }: PostgresResult): Row[] {
  return rows.map(
    (row) =>
      Object.fromEntries(fields.map((field, index) => [field.name, decodeByOid(field.dataTypeID, row[index] ?? null)])) as Row,
  );
}

/** drizzle's query builder over our connections: what it runs joins the present transaction. */
export function bindDrizzle(transactions: PostgresTransactions): PgRemoteDatabase {
  return drizzle(async (sql, params: unknown[], method) => {
    const result = await runRaw(transactions, sql, params);
    if (method === "execute") return { rows: namedRows(result) };
    return {
      rows: result.rows.map((row) => row.map((value, index) => decodeByOid(result.fields[index]?.dataTypeID ?? 0, value))),
    };
  });
}
