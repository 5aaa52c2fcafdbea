import { getTableColumns } from "drizzle-orm";
import type { DriverValues } from "./compile-write.ts";
import { IntegrityError } from "./errors.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";

/**
 * An IntegrityError whose `columns` are property keys of the model. SQLite does not say which foreign key failed: the written references
 * are looked up, which costs a statement each, but only after a failure. Other errors come back as they are.
 */
export async function explainIntegrityError(model: AnyModel, error: unknown, rows: readonly DriverValues[]): Promise<unknown> {
  if (!(error instanceof IntegrityError)) return error;
  // The constraint of a table that the write reached in other ways says nothing of the columns written.
  if (error.table !== undefined && (error.table !== model.tableName || rows.length === 0))
    return new IntegrityError(error.kind, [], { cause: error.cause, table: error.table });
  if (error.columns.length > 0)
    return new IntegrityError(
      error.kind,
      error.columns.flatMap((name) => propertyKey(model, name)),
      { cause: error.cause, table: error.table },
    );
  if (error.kind !== "foreign_key" || error.table !== undefined) return error;
  return new IntegrityError(error.kind, await danglingReferences(model, rows), { cause: error.cause });
}

/** None for what is no column: an expression of an index. */
function propertyKey(model: AnyModel, columnName: string): string[] {
  return [...model.columns.values()].filter((column) => column.columnName === columnName).map((column) => column.name);
}

async function danglingReferences(model: AnyModel, rows: readonly DriverValues[]): Promise<string[]> {
  const written = [...(rows[0]?.keys() ?? [])].filter((column) => column.references !== undefined);
  if (written.length <= 1) return written.map((column) => column.name);
  const dangling: string[] = [];
  for (const column of written) if (await isDangling(model, column, rows)) dangling.push(column.name);
  return dangling;
}

async function isDangling(model: AnyModel, column: ModelColumn, rows: readonly DriverValues[]): Promise<boolean> {
  const { references } = column;
  if (references === undefined) return false;
  const { dialect, statements } = model.database;
  const target = dialect.tableConfig(references.table);
  const sql = `SELECT 1 FROM ${dialect.quote(target.name)} WHERE ${dialect.quote(getTableColumns(references.table)[references.column]?.name ?? references.column)} = ${dialect.placeholder(1)}`;
  for (const row of rows) {
    const value = row.get(column);
    if (value === null || value === undefined) continue;
    if ((await statements.first(sql, [value])) === undefined) return true;
  }
  return false;
}
