import { is, type Column, type SQL, type Table } from "drizzle-orm";
import { getTableConfig, IndexedColumn, PgTable, type PgColumn } from "drizzle-orm/pg-core";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { Dialect, TableConfig } from "../../dialect.ts";
import type { ModelColumn } from "../../model-column.ts";
import { TEXT_LOOKUPS } from "../../where.ts";
import type { PostgresFacts } from "./postgres-facts.ts";
import { postgresJsonMember, postgresJsonObject } from "./postgres-json.ts";
import { cutToMillis } from "./postgres-millis-operator.ts";
import { postgresOperator } from "./postgres-operators.ts";
import { postgresTraits, type PostgresTraits } from "./postgres-traits.ts";

const SERIALS: ReadonlySet<string> = new Set(["PgSerial", "PgSmallSerial", "PgBigSerial53", "PgBigSerial64"]);

/** The SQL of one PostgreSQL server. */
export function postgresDialect(facts: PostgresFacts): Dialect {
  const traitsOf = (column: Column): PostgresTraits => withFacts(postgresTraits(column), column, facts);
  return {
    name: "postgres",
    maxParameters: 65_535,
    noLimit: "",
    count: (placeholder) => placeholder,
    quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
    placeholder: (position) => `$${position}`,
    tableConfig,
    traits: traitsOf,
    isGenerated: (column) => SERIALS.has(column.columnType),
    operator: (column, lookup) => postgresOperator(column, lookup, traitsOf(column.source), facts.foldCase),
    isNull: (column, expression) => isNull(column, expression),
    isPredictable: (column, lookup) => {
      if (lookup === "isnull") return true;
      if (traitsOf(column.source).opaque === true) return false;
      return facts.foldCase.agrees || !lookup.startsWith("i") || !TEXT_LOOKUPS.has(lookup);
    },
    sortKey: (column, expression) => sortKey(traitsOf(column.source), expression),
    ordering,
    jsonMember: (column, expression) => postgresJsonMember(column, expression, traitsOf(column.source)),
    jsonObject: postgresJsonObject,
    jsonArray: (element) => `coalesce('[' || string_agg(${element}, ',') || ']', '[]')`,
  };
}

/** A column whose own collation or type takes different texts for equal is compared as a text by code points. */
function withFacts(traits: PostgresTraits, column: Column, facts: PostgresFacts): PostgresTraits {
  if (traits.collated !== true || facts.loosely.size === 0) return traits;
  const { name, schema } = getTableConfig(ownTable(column));
  if (!facts.loosely.has(`${schema === undefined ? "" : `${schema}.`}${name}.${column.name}`)) return traits;
  const exact = (expression: string): string => `${expression}::text COLLATE "C"`;
  return { ...traits, type: "text", subject: exact, asText: (expression) => `${expression}::text` };
}

function ownTable(column: Column): PgTable {
  if (is(column.table, PgTable)) return column.table;
  throw new ImproperlyConfigured("Expected a table made by pgTable() for a PostgreSQL database, got one of another kind.");
}

/** A JSON `null` shows no value either. */
function isNull({ source }: ModelColumn, expression: string): string {
  switch (source.columnType) {
    case "PgJsonb":
      return `coalesce(jsonb_typeof(${expression}), 'null') = 'null'`;
    case "PgJson":
      return `coalesce(json_typeof(${expression}), 'null') = 'null'`;
    default:
      return `${expression} IS NULL`;
  }
}

function sortKey(traits: PostgresTraits, expression: string): string {
  if (traits.cutToMillis === true) return cutToMillis(expression);
  if (traits.collated === true) return `${traits.asText?.(expression) ?? expression} COLLATE "C"`;
  return traits.subject?.(expression) ?? expression;
}

/** Left to itself PostgreSQL sorts NULL highest. Where there is none, an index in its usual order serves. */
function ordering(key: string, descending: boolean, nullable: boolean): string {
  if (descending) return nullable ? `${key} DESC NULLS LAST` : `${key} DESC`;
  return nullable ? `${key} NULLS FIRST` : key;
}

function tableConfig(table: Table): TableConfig {
  if (!is(table, PgTable))
    throw new ImproperlyConfigured("Expected a table made by pgTable() for a PostgreSQL database, got one of another kind.");
  const config = getTableConfig(table);
  return {
    name: config.name,
    schema: config.schema,
    primaryKeys: config.primaryKeys,
    uniqueConstraints: config.uniqueConstraints,
    uniqueIndexes: config.indexes.flatMap((index) =>
      index.config.unique && index.config.where === undefined ? plainColumns(index.config.columns, config.columns) : [],
    ),
    foreignKeys: config.foreignKeys,
  };
}

/** An index over expressions says nothing of the columns themselves. */
function plainColumns(indexed: readonly Partial<IndexedColumn | SQL>[], columns: readonly PgColumn[]): { columns: Column[] }[] {
  const plain = indexed.map((part) =>
    is(part, IndexedColumn) ? columns.find((column) => column.name === part.name) : undefined,
  );
  const found = plain.filter((column) => column !== undefined);
  return found.length === indexed.length ? [{ columns: found }] : [];
}
