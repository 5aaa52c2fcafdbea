import type { StoredTable } from "../models/catalog.ts";
import type { ModelColumn } from "../models/model-column.ts";
import type { AnyModel } from "../models/model.ts";
import type { Finding } from "./finding.ts";

/**
 * What of a model's table is not there, or is more than the model knows.
 *
 * @param isWritten do clients make rows of it? A model that is only read may leave columns out.
 */
export function tableFindings(model: AnyModel, stored: StoredTable | null, isWritten: boolean): readonly Finding[] {
  if (stored === null) return [missingTable(model)];
  const columns: Iterable<ModelColumn> = model.columns.values();
  const declared = [...columns];
  const known = new Set(declared.map(({ columnName }) => sqlName(model, columnName)));
  const there = new Set(stored.columns.map(({ name }) => sqlName(model, name)));
  const missing = declared.filter(({ columnName }) => !there.has(sqlName(model, columnName)));
  const extra = (isWritten ? stored.columns : []).filter(({ name, required }) => required && !known.has(sqlName(model, name)));
  return [...missing.map((column) => missingColumn(model, column)), ...extra.map(({ name }) => requiredColumn(model, name))];
}

/** SQLite takes names in upper and lower case for the same. */
function sqlName({ database }: AnyModel, name: string): string {
  return database.dialect.name === "sqlite" ? name.toLowerCase() : name;
}

function missingTable(model: AnyModel): Finding {
  return {
    code: "missing_table",
    level: "error",
    model: model.name,
    message: `The database has no table ${model.tableSql}, which ${model.name} is made of: every request for its rows fails.`,
    fix: migrate(model),
  };
}

function missingColumn(model: AnyModel, { name, columnName }: ModelColumn): Finding {
  return {
    code: "missing_column",
    level: "error",
    model: model.name,
    field: name,
    message: `The table ${model.tableSql} lacks the column "${columnName}" of ${model.name}.${name}: every request for its rows fails.`,
    fix: migrate(model),
  };
}

function migrate({ database }: AnyModel): string {
  const open = database.dialect.name === "sqlite" ? "openSqlite" : "openPostgres";
  return `Write the migration with "npx drizzle-kit generate" and apply it: ${open}(..., { migrationsFolder }) does so when the database is opened.`;
}

function requiredColumn(model: AnyModel, column: string): Finding {
  return {
    code: "unknown_required_column",
    level: "error",
    model: model.name,
    field: column,
    message: `The table ${model.tableSql} has a column "${column}" that must be given and has no default, but ${model.name} does not know it: every create fails.`,
    fix: `Add the column to the drizzle table, or give it a default in the database, or remove it there.`,
  };
}
