import type { Catalog, IndexUse, QueryPlan, StoredTable, SuggestedIndex } from "../../catalog.ts";
import { compileRows } from "../../compile-select.ts";
import type { Dialect } from "../../dialect.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { AnyModel } from "../../model.ts";
import type { AnyQuerySet } from "../../queryset.ts";
import { postgresTraits } from "./postgres-traits.ts";
import type { PostgresTransactions } from "./postgres-transactions.ts";

const COLUMNS = `SELECT a.attname, a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '', c.relkind
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped`;

/** On a small table the planner reads all of it whatever there is; so it must tell what it would do if that were dear. */
const AS_IF_LARGE = ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_sort = off"];

/** What a PostgreSQL server says of its own tables. */
export class PostgresCatalog implements Catalog {
  readonly #transactions: PostgresTransactions;
  readonly #dialect: Dialect;

  constructor(transactions: PostgresTransactions, dialect: Dialect) {
    this.#transactions = transactions;
    this.#dialect = dialect;
  }

  async table(model: AnyModel, rowLimit: number): Promise<StoredTable | null> {
    const columns = await this.#transactions.read((connection) => connection.all(COLUMNS, [model.tableSql]));
    const kind = columns[0]?.[2];
    if (kind === undefined) return null;
    const count = `SELECT count(*) FROM (SELECT 1 FROM ${model.tableSql} LIMIT ${Math.trunc(rowLimit)}) AS counted`;
    const counted = await this.#transactions.read((connection) => connection.all(count, []));
    return {
      kind: kind === "r" || kind === "p" ? "table" : "view",
      columns: columns.map(([name, required]) => ({ name: String(name), required: required === "t" || required === true })),
      rows: Number(counted[0]?.[0] ?? 0),
    };
  }

  async plan(queryset: AnyQuerySet): Promise<QueryPlan> {
    const { sql, params } = compileRows(queryset.model, queryset.query);
    const { rows } = await this.#transactions.outside(() =>
      this.#transactions.snapshot(() =>
        this.#transactions.read(async (connection) => {
          for (const setting of AS_IF_LARGE) await connection.query(setting);
          return connection.query(`EXPLAIN ${sql}`, params);
        }),
      ),
    );
    const plan = rows.map((row) => String(row[0])).join("\n");
    return {
      findsByIndex: /(?:Index|Recheck) Cond:/.test(plan),
      sortsByIndex: !/(?<!Incremental )Sort {2}\(/.test(plan),
    };
  }

  suggestIndex(model: AnyModel, column: ModelColumn, use: IndexUse): SuggestedIndex | null {
    const traits = postgresTraits(column.source);
    // It would be an index over an expression that depends on the session's time zone.
    if ((use === "ordering" || use === "membership") && traits.cutToMillis === true) return null;
    const byCodePoint = (use === "comparison" || use === "ordering") && traits.collated === true;
    const nullsFirst = use === "ordering" && column.nullable;
    const table: string = model.tableName;
    const name = `${table}_${column.columnName}${byCodePoint ? "_c" : ""}_idx`;
    const quote = (text: string): string => this.#dialect.quote(text);
    const key = byCodePoint ? this.#dialect.sortKey(column, quote(column.columnName)) : quote(column.columnName);
    return {
      sql: `CREATE INDEX ${quote(name)} ON ${model.tableSql} (${asKey(key)}${nullsFirst ? " NULLS FIRST" : ""})`,
      drizzle: `index("${name}").on(${drizzleKey(column, byCodePoint, nullsFirst)})`,
    };
  }
}

/** What is more than a column, maybe with its collation, stands in parentheses. */
function asKey(key: string): string {
  return /^"(?:[^"]|"")+"(?: COLLATE "C")?$/.test(key) ? key : `(${key})`;
}

function drizzleKey(column: ModelColumn, byCodePoint: boolean, nullsFirst: boolean): string {
  const name = `table.${column.name}`;
  if (byCodePoint) return `sql\`\${${name}} COLLATE "C"${nullsFirst ? " NULLS FIRST" : ""}\``;
  return nullsFirst ? `${name}.nullsFirst()` : name;
}
