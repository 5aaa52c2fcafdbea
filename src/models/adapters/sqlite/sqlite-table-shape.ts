import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import type { LoggedTable } from "../../change-log/change-log-store.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import type { LoggedColumn } from "./sqlite-log-values.ts";

/** A column that is part of a unique key, with the collation that decides what is equal there. */
export interface KeyColumn {
  readonly name: string;
  readonly collation: string;
}

/** What triggers have to know of a table, as it is in the database. */
export interface TableShape {
  readonly table: string;
  /** By name. */
  readonly columns: ReadonlyMap<string, LoggedColumn>;
  /** What REPLACE looks at: primary key and unique indexes over whole columns. */
  readonly uniqueKeys: readonly (readonly KeyColumn[])[];
  /** The column that is the rowid. */
  readonly rowidAlias: string | null;
  /** Names that tell one row from all others. */
  readonly identity: readonly string[];
}

/** @throws ImproperlyConfigured when the table, or a column that is to be logged, does not exist: triggers on it would make every write fail. */
export function readTableShape(connection: SqliteConnection, { model, columns }: LoggedTable): TableShape {
  const table: string = model.tableName;
  const found = connection.all(`SELECT name, pk, type, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY pk`, [table]);
  const names = new Map(
    found.map(([name, , type, hidden]) => [String(name), columnOf(String(name), String(type), Number(hidden))]),
  );
  const missing = columns.filter((column) => !names.has(column.columnName)).map((column) => column.columnName);
  if (missing.length > 0) {
    const what = names.size === 0 ? `has no table "${table}"` : `lacks columns of the table "${table}" (${missing.join(", ")})`;
    throw new ImproperlyConfigured(`The database ${what}, so ${model.name} cannot be observed. Apply the migrations first.`);
  }
  const primary = found.filter(([, pk]) => Number(pk) > 0).map(([name]) => String(name));
  const indexes = connection.all(
    `SELECT name, origin FROM pragma_index_list(?) WHERE "unique" = 1 AND partial = 0 ORDER BY name`,
    [table],
  );
  const isAlias = primary.length === 1 && !indexes.some(([, origin]) => origin === "pk");
  const keys = indexes.map(([index]) => keyColumns(connection, String(index))).filter((key) => key.length > 0);
  const alias = isAlias ? (primary[0] ?? null) : null;
  return {
    table,
    columns: names,
    uniqueKeys: alias === null ? keys : [[{ name: alias, collation: "BINARY" }], ...keys],
    rowidAlias: alias,
    identity: isWithoutRowid(connection, table) ? primary : rowidName(names),
  };
}

/** Columns declared so hold numbers, unless somebody writes a long text into one all the same. */
const NUMERIC = /int|real|floa|doub|dec|num|bool/i;

function columnOf(name: string, type: string, hidden: number): LoggedColumn {
  return { name, generated: hidden > 1, long: !NUMERIC.test(type) };
}

/** None for an index over expressions. */
function keyColumns(connection: SqliteConnection, index: string): KeyColumn[] {
  const columns = connection.all(`SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno`, [index]);
  if (columns.some(([name]) => name === null)) return [];
  return columns.map(([name, collation]) => ({ name: String(name), collation: String(collation) }));
}

function isWithoutRowid(connection: SqliteConnection, table: string): boolean {
  return connection.first(`SELECT 1 FROM pragma_table_list(?) WHERE schema = 'main' AND wr = 1`, [table]) !== undefined;
}

/** A column may have taken one of the names of the rowid. */
function rowidName(columns: ReadonlyMap<string, unknown>): string[] {
  const taken = new Set([...columns.keys()].map((name) => name.toLowerCase()));
  return ["rowid", "_rowid_", "oid"].filter((name) => !taken.has(name)).slice(0, 1);
}
