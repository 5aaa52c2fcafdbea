import { encodeJson } from "../../../protocol/json.ts";
import type { LoggedTable } from "../../change-log/change-log-store.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { sqliteLogTables } from "./sqlite-log-tables.ts";
import { LOG_PREFIX, logTriggers, type LogTriggers } from "./sqlite-log-triggers.ts";
import { readTableShape } from "./sqlite-table-shape.ts";

/** Is there a log in this database? */
export function hasLog(connection: SqliteConnection): boolean {
  return connection.first(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'restwave_change'`, []) !== undefined;
}

/** The statements that make the log and these tables' triggers, whatever is there. Applying them twice does no harm. */
export function logScript(connection: SqliteConnection, tables: readonly LoggedTable[]): string[] {
  return [
    ...sqliteLogTables,
    ...tables.flatMap((table) => {
      const wanted = wantedTriggers(connection, table);
      return [...dropStatements(connection, table.model.tableName, wanted), ...createStatements(wanted)];
    }),
  ];
}

/** The statements that are still to be run, for the tables whose triggers are not as they should be; none when all is in place. */
export function missingStatements(connection: SqliteConnection, tables: readonly LoggedTable[]): string[] {
  const statements = tables.flatMap((table) => {
    const wanted = wantedTriggers(connection, table);
    if (isInPlace(connection, table.model.tableName, wanted)) return [];
    return [
      ...dropStatements(connection, table.model.tableName, wanted),
      ...createStatements(wanted),
      ...forgetStatements(connection, table),
    ];
  });
  return statements.length > 0 || !hasLog(connection) ? [...sqliteLogTables, ...statements] : [];
}

/** Removes all triggers of the log, before tables change under them: SQLite refuses to drop a column that a trigger names. */
export function dropLogTriggers(connection: SqliteConnection): void {
  const names = connection.all(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND substr(name, 1, ?) = ?`, [
    LOG_PREFIX.length,
    LOG_PREFIX,
  ]);
  for (const [name] of names) connection.exec(dropStatement(String(name)));
}

/**
 * Another process may run another version of the application, whose model has more columns: triggers that log all that is wanted here, and
 * nothing that is left out here, are as good as the wanted ones, so two versions side by side do not undo each other's work.
 */
function wantedTriggers(connection: SqliteConnection, table: LoggedTable): LogTriggers {
  const shape = readTableShape(connection, table);
  const names = table.columns.map((column) => column.columnName);
  const standing = standingColumns(connection, shape.table);
  const left = leftOut(table);
  const isFit =
    standing.every((name) => shape.columns.has(name) && !left.has(name)) && names.every((name) => standing.includes(name));
  return logTriggers(shape, isFit ? standing : names);
}

/** What the table's present triggers log; nothing when there are none. */
function standingColumns(connection: SqliteConnection, table: string): string[] {
  if (!hasLog(connection)) return [];
  const row = connection.first(
    `SELECT columns FROM restwave_layout AS layout WHERE table_name = ? AND EXISTS
      (SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = ? AND instr(sql, 'VALUES (' || layout.id || ',') > 0)`,
    [table, `${LOG_PREFIX}delete_${table}`],
  );
  return row === undefined ? [] : columnNames(row[0]);
}

/** What was logged of columns that are left out from now on goes; who replays it is told to read the table again. */
function forgetStatements(connection: SqliteConnection, table: LoggedTable): string[] {
  if (!hasLog(connection)) return [];
  const left = leftOut(table);
  const layouts = connection.all(`SELECT id, columns FROM restwave_layout WHERE table_name = ?`, [table.model.tableName]);
  const telling = layouts.filter(([, columns]) => columnNames(columns).some((name) => left.has(name)));
  return telling.map(
    ([id]) => `UPDATE restwave_change SET op = 'lost', old = NULL, new = NULL WHERE layout = ${Number(id)} AND op <> 'lost'`,
  );
}

function columnNames(json: unknown): string[] {
  const columns: unknown = JSON.parse(String(json));
  return Array.isArray(columns) ? columns.map(String) : [];
}

/** Columns that the model has and the log must not hold. */
function leftOut({ model, columns }: LoggedTable): ReadonlySet<string> {
  const all: Iterable<ModelColumn> = model.columns.values();
  const kept = new Set(columns);
  return new Set([...all].filter((column) => !kept.has(column)).map((column) => column.columnName));
}

/** Ours come last, which makes SQLite run them first: what an application's own trigger changes in answer to a write is then logged after it. */
function isInPlace(connection: SqliteConnection, table: string, { triggers }: LogTriggers): boolean {
  const standing = triggersOf(connection, table);
  const ours = standing.slice(-triggers.length);
  return (
    ours.length === triggers.length &&
    triggers.every((trigger, index) => ours[index]?.sql === trigger.sql) &&
    standing.length - ours.length === standing.filter((one) => !one.isOurs).length
  );
}

interface StandingTrigger {
  readonly name: string;
  readonly sql: string;
  readonly isOurs: boolean;
}

/** In the order of their creation. A renamed table keeps its triggers, under the names they had. */
function triggersOf(connection: SqliteConnection, table: string): StandingTrigger[] {
  const rows = connection.all(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?) ORDER BY rowid`,
    [table],
  );
  return rows.map(([name, sql]) => ({ name: String(name), sql: String(sql), isOurs: String(name).startsWith(LOG_PREFIX) }));
}

function dropStatements(connection: SqliteConnection, table: string, { triggers }: LogTriggers): string[] {
  const standing = triggersOf(connection, table).filter((trigger) => trigger.isOurs);
  const names = new Set([...standing.map((trigger) => trigger.name), ...triggers.map((trigger) => trigger.name)]);
  return [...names].map(dropStatement);
}

function dropStatement(name: string): string {
  return `DROP TRIGGER IF EXISTS ${sqliteDialect.quote(name)}`;
}

/** With an entry that says that what happened before is not known. */
function createStatements({ layout, triggers }: LogTriggers): string[] {
  const { id, table, columns } = layout;
  return [
    `INSERT OR IGNORE INTO restwave_layout (id, table_name, columns) VALUES (${id}, ${literal(table)}, ${literal(encodeJson(columns))})`,
    ...triggers.map((trigger) => trigger.sql),
    `INSERT INTO restwave_change (layout, op, closes) VALUES (${id}, 'lost', 1)`,
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
