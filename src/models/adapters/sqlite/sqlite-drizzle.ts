import { drizzle, type SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";
import type { DriverRow, StatementRunner } from "../../database.ts";
import { assertNoTransactionControl, isReadingSql } from "./sqlite-sql.ts";

/** drizzle's query builder over our statements: what it runs joins the present transaction. */
export function bindDrizzle(statements: StatementRunner): SqliteRemoteDatabase {
  return drizzle(async (sql, params, method) => {
    assertNoTransactionControl(sql);
    if (method === "run") {
      await statements.run(sql, params);
      return { rows: [] };
    }
    const rows = isReadingSql(sql) ? await statements.all(sql, params) : await statements.returning(sql, params);
    const numbers = rows.map(safeIntegers);
    // drizzle takes one row here, and undefined for none, though its type says otherwise.
    return { rows: method === "get" ? (numbers[0] as unknown[]) : numbers };
  });
}

/** drizzle's columns expect numbers where a number holds the value. */
export function safeIntegers(row: DriverRow): unknown[] {
  return row.map((value) => {
    if (typeof value !== "bigint") return value;
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  });
}
