import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { is, SQL, type Column, type Table } from "drizzle-orm";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { Dialect, TableConfig } from "../../dialect.ts";
import { sqliteJsonMember } from "./sqlite-json.ts";
import { sqliteOperator } from "./sqlite-operators.ts";
import { sqliteTraits } from "./sqlite-traits.ts";

/** SQLite's SQL. */
export const sqliteDialect: Dialect = {
  name: "sqlite",
  maxParameters: 32_766,
  noLimit: " LIMIT -1",
  // A bare parameter there makes SQLite compile the statement anew at each binding: it looks at the value to plan with it.
  count: (placeholder) => `CAST(${placeholder} AS INTEGER)`,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: () => "?",
  tableConfig,
  traits: sqliteTraits,
  isGenerated: (column) => Reflect.get(column, "autoIncrement") === true,
  operator: sqliteOperator,
  isNull: (_column, expression) => `${expression} IS NULL`,
  isPredictable: () => true,
  sortKey: (_column, expression) => expression,
  ordering: (key, descending) => (descending ? `${key} DESC` : key),
  jsonMember: sqliteJsonMember,
  jsonObject: (members) => `json_object(${members.map(([key, expression]) => `${literal(key)}, ${expression}`).join(", ")})`,
  jsonArray: (element) => `json_group_array(${element})`,
};

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function tableConfig(table: Table): TableConfig {
  if (!is(table, SQLiteTable))
    throw new ImproperlyConfigured("Expected a table made by sqliteTable() for a SQLite database, got one of another kind.");
  const config = getTableConfig(table);
  return {
    name: config.name,
    primaryKeys: config.primaryKeys,
    uniqueConstraints: config.uniqueConstraints,
    uniqueIndexes: config.indexes.flatMap((index) =>
      index.config.unique && index.config.where === undefined ? plainColumns(index.config.columns) : [],
    ),
    foreignKeys: config.foreignKeys,
  };
}

/** An index over expressions says nothing of the columns themselves. */
function plainColumns(columns: readonly (Column | SQL)[]): { columns: Column[] }[] {
  const plain = columns.filter((column): column is Column => !is(column, SQL));
  return plain.length === columns.length ? [{ columns: plain }] : [];
}
