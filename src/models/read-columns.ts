import { getTableColumns, is, SQL, type Column, type Table } from "drizzle-orm";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Dialect, TableConfig } from "./dialect.ts";
import type { ColumnReference, ModelColumn } from "./model-column.ts";

/**
 * Reads the columns of a drizzle table.
 *
 * @throws ImproperlyConfigured when a property key is `pk` or contains `__`: lookups could not name it.
 */
export function readColumns(table: Table, config: TableConfig, dialect: Dialect): ReadonlyMap<string, ModelColumn> {
  const columns = new Map<string, ModelColumn>();
  for (const [name, column] of Object.entries<Column>(getTableColumns(table))) {
    assertName(name, config.name);
    columns.set(name, readColumn(name, column, config, dialect));
  }
  return columns;
}

function assertName(name: string, table: string): void {
  if (name !== "pk" && !name.includes("__")) return;
  throw new ImproperlyConfigured(
    `Expected column keys of table "${table}" to be other than "pk" and without "__", got "${name}". Rename the property; the SQL name may stay.`,
  );
}

function readColumn(name: string, column: Column, config: TableConfig, dialect: Dialect): ModelColumn {
  const traits = dialect.traits(column);
  const generated = dialect.isGenerated(column) || column.generated !== undefined || column.generatedIdentity !== undefined;
  const references = findReference(column, config);
  const maxLength = traits.maxLength;
  return {
    name,
    columnName: column.name,
    kind: traits.kind,
    nullable: !column.notNull && !column.primary,
    hasDefault: generated || column.hasDefault || column.defaultFn !== undefined || column.onUpdateFn !== undefined,
    defaultValue: is(column.default, SQL) ? undefined : column.default,
    unique: isUnique(column, config),
    primaryKey: isPrimaryKey(column, config),
    generated,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(column.enumValues === undefined || column.enumValues.length === 0 ? {} : { choices: column.enumValues }),
    ...(traits.maxDigits === undefined ? {} : { maxDigits: traits.maxDigits }),
    ...(traits.decimalPlaces === undefined ? {} : { decimalPlaces: traits.decimalPlaces }),
    ...(references === undefined ? {} : { references }),
    traits,
    source: column,
  };
}

function isPrimaryKey(column: Column, config: TableConfig): boolean {
  return column.primary || config.primaryKeys.some((key) => key.columns.includes(column));
}

function isUnique(column: Column, config: TableConfig): boolean {
  if (column.isUnique || column.primary) return true;
  const single = [...config.uniqueConstraints, ...config.uniqueIndexes, ...config.primaryKeys].filter(
    (key) => key.columns.length === 1,
  );
  return single.some((key) => key.columns[0] === column);
}

function findReference(column: Column, config: TableConfig): ColumnReference | undefined {
  for (const key of config.foreignKeys) {
    const { columns, foreignColumns, foreignTable } = key.reference();
    const target = foreignColumns[0];
    if (columns.length !== 1 || columns[0] !== column || target === undefined) continue;
    const property = propertyOf(foreignTable, target);
    if (property !== undefined) return { table: foreignTable, column: property };
  }
  return undefined;
}

/** The property key under which a table has this column. */
export function propertyOf(table: Table, column: Column): string | undefined {
  return Object.entries<Column>(getTableColumns(table)).find(
    ([, candidate]) => candidate === column || candidate.name === column.name,
  )?.[0];
}

/** Sets of several columns that are unique together: from `unique()`, `uniqueIndex()` and composite primary keys. */
export function readUniqueTogether(table: Table, config: TableConfig): readonly (readonly string[])[] {
  return [...config.primaryKeys, ...config.uniqueConstraints, ...config.uniqueIndexes]
    .filter((key) => key.columns.length > 1)
    .map((key) => key.columns.map((column) => propertyOf(table, column)).filter((name) => name !== undefined));
}
