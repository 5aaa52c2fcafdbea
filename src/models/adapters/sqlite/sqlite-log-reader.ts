import type { LogEntry, LoggedTable, LoggedTransaction, LogPage } from "../../change-log/change-log-store.ts";
import type { LoggedRow } from "../../change-log/change.ts";
import type { DriverRow } from "../../database.ts";
import { DatabaseError, TransactionError } from "../../errors.ts";
import type { ModelColumn } from "../../model-column.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { hasLog } from "./install-log.ts";
import { decodedValue } from "./sqlite-log-values.ts";
import { SqlitePosition } from "./sqlite-position.ts";

const EPOCH = `(SELECT value FROM restwave_meta WHERE key = 'epoch')`;
const COLUMNS = `entry."offset", entry.layout, entry.op, entry.old, entry.new, entry.closes`;
/** Entries behind a place. */
const NEXT = `SELECT ${COLUMNS}, ${EPOCH} FROM restwave_change AS entry WHERE entry."offset" > ? ORDER BY entry."offset" LIMIT ?`;
const STATE = `${EPOCH}, (SELECT value FROM restwave_meta WHERE key = 'pruned'), (SELECT max("offset") FROM restwave_change)`;
/** Entries behind a place, each with the state of the log at that moment; one row without an entry when there are none. */
const ENTRIES = `SELECT ${COLUMNS}, ${STATE} FROM (SELECT 1) LEFT JOIN
  (SELECT * FROM restwave_change WHERE "offset" > ? ORDER BY "offset" LIMIT ?) AS entry ON true ORDER BY entry."offset"`;

const COUNT = `SELECT count(*) FROM (SELECT 1 FROM restwave_change WHERE "offset" > ? LIMIT ?)`;

/** Positions that are remembered: many more than are given out between two readings. */
const MAX_ENDS = 1000;

/** What a layout's rows hold, by the name of the column. */
interface KnownLayout {
  readonly tableSql: string;
  readonly places: ReadonlyMap<string, number>;
}

/** Reads the log's tables and decodes what is in them. */
export class SqliteLogReader {
  /** Offsets at which a transaction is known to end, though its writer has not marked it. */
  readonly #ends = new Set<number>();
  readonly #layouts = new Map<number, KnownLayout>();

  /** A position that was given out is the end of a transaction: what follows must not be taken together with what came before. */
  #noteEnd(offset: number): void {
    this.#ends.delete(offset);
    this.#ends.add(offset);
    const [oldest] = this.#ends;
    if (oldest !== undefined && this.#ends.size > MAX_ENDS) this.#ends.delete(oldest);
  }

  position(connection: SqliteConnection): SqlitePosition {
    const { epoch, last } = stateOf(query(connection, `SELECT ${STATE}`, [])[0]);
    this.#noteEnd(last);
    return new SqlitePosition(epoch, last);
  }

  /** See `ChangeLogStore.exceeds`. */
  exceeds(connection: SqliteConnection, { offset }: SqlitePosition, limit: number): boolean {
    const [row] = query(connection, COUNT, [offset, limit + 1]);
    return Number(row?.[0] ?? 0) > limit;
  }

  /** See `ChangeLogStore.read`. */
  read(
    connection: SqliteConnection,
    from: SqlitePosition,
    tables: ReadonlyMap<string, LoggedTable>,
    limit: number,
  ): LogPage | null {
    const rows = entriesBehind(connection, from, limit);
    if (rows === null) return null;
    const isLast = rows.length < limit;
    const whole = isLast ? rows : wholeTransactions(connection, from.epoch, rows, limit);
    return whole === null ? null : { transactions: this.#transactions(connection, from.epoch, whole, tables), isLast };
  }

  #transactions(
    connection: SqliteConnection,
    epoch: string,
    rows: readonly DriverRow[],
    tables: ReadonlyMap<string, LoggedTable>,
  ): LoggedTransaction[] {
    const transactions: LoggedTransaction[] = [];
    let entries: LogEntry[] = [];
    rows.forEach((row, index) => {
      const entry = this.#entry(connection, row, tables);
      if (entry !== null) entries.push(entry);
      const id = Number(row[0]);
      if (row[5] === null && !this.#ends.has(id) && index < rows.length - 1) return;
      transactions.push({ id, position: new SqlitePosition(epoch, id), entries });
      entries = [];
    });
    return transactions;
  }

  #entry(connection: SqliteConnection, row: DriverRow, tables: ReadonlyMap<string, LoggedTable>): LogEntry | null {
    const [, id, operation, old, now] = row;
    const layout = this.#layout(connection, Number(id));
    const table = layout === null ? undefined : tables.get(layout.tableSql);
    if (layout === null || table === undefined) return null;
    const { model } = table;
    switch (operation) {
      case "insert":
        return entryOf(table, "insert", null, decoded(layout, table, now));
      case "update":
        return entryOf(table, "update", decoded(layout, table, old), decoded(layout, table, now));
      case "delete":
        return entryOf(table, "delete", decoded(layout, table, old), null);
      default:
        return { model, operation: "lost", before: null, after: null };
    }
  }

  #layout(connection: SqliteConnection, id: number): KnownLayout | null {
    const known = this.#layouts.get(id);
    if (known !== undefined) return known;
    const row = connection.first(`SELECT table_name, columns FROM restwave_layout WHERE id = ?`, [id]);
    const columns: unknown = row === undefined ? null : JSON.parse(String(row[1]));
    if (row === undefined || !Array.isArray(columns)) return null;
    const layout = {
      tableSql: sqliteDialect.quote(String(row[0])),
      places: new Map(columns.map((name, index) => [String(name), index])),
    };
    this.#layouts.set(id, layout);
    return layout;
  }
}

/** The state of the log is asked for only where the entries do not tell it. @returns null when they cannot be told. */
function entriesBehind(connection: SqliteConnection, from: SqlitePosition, limit: number): DriverRow[] | null {
  const next = query(connection, NEXT, [from.offset, limit]);
  if (goesOn(next, from.epoch, from.offset)) return next;
  const rows = query(connection, ENTRIES, [from.offset, limit]);
  const { epoch, pruned, last } = stateOf(rows[0]?.slice(6));
  return epoch !== from.epoch || from.offset < pruned || from.offset > last ? null : rows.filter((row) => row[0] !== null);
}

/** Offsets have no gaps: where the next entry is the very next one, nothing between was pruned, and the log is not behind. */
function goesOn([next]: readonly DriverRow[], epoch: string, offset: number): boolean {
  return Number(next?.[0]) === offset + 1 && next?.[6] === epoch;
}

/** Reads on where the limit would cut a transaction. @returns null when the rest of it has been pruned meanwhile. */
function wholeTransactions(
  connection: SqliteConnection,
  epoch: string,
  first: readonly DriverRow[],
  limit: number,
): DriverRow[] | null {
  const rows = [...first];
  let isFull = true;
  while (isFull && rows.at(-1)?.[5] === null) {
    const offset = Number(rows.at(-1)?.[0]);
    const more = query(connection, NEXT, [offset, limit]);
    if (more.length > 0 && !goesOn(more, epoch, offset)) return null;
    const end = more.findIndex((row) => row[5] !== null);
    rows.push(...(end === -1 ? more : more.slice(0, end + 1)));
    isFull = more.length === limit;
  }
  return rows;
}

function stateOf(state: DriverRow = []): { epoch: string; pruned: number; last: number } {
  const [epoch, pruned, last] = state;
  if (epoch === null || epoch === undefined) {
    throw new DatabaseError("The change log has lost its epoch. Delete the tables restwave_* to start afresh.");
  }
  return { epoch: String(epoch), pruned: Number(pruned), last: Number(last ?? pruned) };
}

function query(connection: SqliteConnection, sql: string, params: readonly unknown[]): DriverRow[] {
  try {
    return connection.all(sql, params);
  } catch (error) {
    if (hasLog(connection)) throw error;
    throw new TransactionError(
      "There is no change log (yet). Await changes.ready() before a snapshot that asks for its position.",
    );
  }
}

function entryOf(
  { model }: LoggedTable,
  operation: "insert" | "update" | "delete",
  before: LoggedRow | null | undefined,
  after: LoggedRow | null | undefined,
): LogEntry {
  if (before === undefined || after === undefined) return { model, operation: "lost", before: null, after: null };
  return { model, operation, before, after };
}

/** The row of an entry; undefined when it cannot be told in the columns of the table. */
function decoded({ places }: KnownLayout, { columns }: LoggedTable, text: unknown): LoggedRow | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const values: unknown = JSON.parse(text);
    if (!Array.isArray(values)) return undefined;
    const row: Record<string, unknown> = {};
    for (const column of columns) {
      const place = places.get(column.columnName);
      if (place === undefined) return undefined;
      row[column.name] = rowValue(column, values[place]);
    }
    return row;
  } catch {
    return undefined;
  }
}

function rowValue({ traits }: ModelColumn, member: unknown): unknown {
  if (member === null || traits.fromDriver === undefined) return decodedValue(member);
  return traits.fromDriver(decodedValue(member));
}
