import type { Catalog, IndexUse, QueryPlan, StoredColumn, StoredTable, SuggestedIndex } from "../../catalog.ts";
import { compileRows } from "../../compile-select.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { AnyModel } from "../../model.ts";
import type { AnyQuerySet } from "../../queryset.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { SqliteTransactions } from "./sqlite-transactions.ts";

/** What a SQLite file says of its own tables. */
export class SqliteCatalog implements Catalog {
  readonly #transactions: SqliteTransactions;

  constructor(transactions: SqliteTransactions) {
    this.#transactions = transactions;
  }

  async table(model: AnyModel, rowLimit: number): Promise<StoredTable | null> {
    return this.#transactions.read((connection) => readTable(connection, model, rowLimit));
  }

  async plan(queryset: AnyQuerySet): Promise<QueryPlan> {
    const { sql, params } = compileRows(queryset.model, queryset.query);
    const rows = await this.#transactions.read((connection) => connection.all(`EXPLAIN QUERY PLAN ${sql}`, params));
    const steps = rows.map((row) => String(row[3]));
    const table: string = queryset.model.tableName;
    return {
      findsByIndex: !steps.some((step) => step === `SCAN ${table}` || step.startsWith(`SCAN ${table} `)),
      sortsByIndex: !steps.some((step) => step === "USE TEMP B-TREE FOR ORDER BY"),
    };
  }

  suggestIndex(model: AnyModel, column: ModelColumn, use: IndexUse): SuggestedIndex | null {
    // Lists of bytes are compared by their hexadecimal digits.
    if (use === "membership" && (column.kind === "binary" || column.traits.unordered === true)) return null;
    const table: string = model.tableName;
    const name = `${table}_${column.columnName}_idx`;
    const quote = (text: string): string => sqliteDialect.quote(text);
    return {
      sql: `CREATE INDEX ${quote(name)} ON ${quote(table)} (${quote(column.columnName)})`,
      drizzle: `index("${name}").on(table.${column.name})`,
    };
  }
}

function readTable(connection: SqliteConnection, model: AnyModel, rowLimit: number): StoredTable | null {
  const table: string = model.tableName;
  const found = connection.first(
    "SELECT type FROM sqlite_schema WHERE lower(name) = lower(?) AND type IN ('table', 'view') UNION ALL SELECT type FROM sqlite_temp_schema WHERE lower(name) = lower(?) AND type IN ('table', 'view')",
    [table, table],
  );
  if (found === undefined) return null;
  const columns = connection.all('SELECT name, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1', [
    table,
  ]);
  const counted = connection.first(`SELECT count(*) FROM (SELECT 1 FROM ${model.tableSql} LIMIT ${Math.trunc(rowLimit)})`, []);
  return {
    kind: found[0] === "view" ? "view" : "table",
    columns: columns.map(toColumn),
    rows: Number(counted?.[0] ?? 0),
  };
}

/** The key of a table may be its rowid, which SQLite makes. */
function toColumn([name, notNull, defaultValue, pk, hidden]: readonly unknown[]): StoredColumn {
  return {
    name: String(name),
    required: Number(notNull) === 1 && defaultValue === null && Number(pk) === 0 && Number(hidden) === 0,
  };
}
