import { setTimeout as delay } from "node:timers/promises";
import { ImproperlyConfigured, ServiceUnavailable } from "../../../protocol/exceptions.ts";
import type { ChangeLogOptions } from "../../change-log/change-log.ts";
import type { ChangeLogStore, LoggedTable, LoggedTransaction, LogPage, Retention } from "../../change-log/change-log-store.ts";
import type { Position } from "../../change-log/position.ts";
import { LockTimeout, SerializationFailure } from "../../errors.ts";
import type { AnyModel } from "../../model.ts";
import type { PostgresConnection } from "./postgres-connection.ts";
import { logDecoder, PostgresLogReader, transactionsOf, type LogDecoders, type UnseenPart } from "./postgres-log-reader.ts";
import { PostgresLogSchema } from "./postgres-log-schema.ts";
import { PostgresLogWatch } from "./postgres-log-watch.ts";
import type { PostgresPool } from "./postgres-pool.ts";
import { parsePostgresPosition, PostgresPosition } from "./postgres-position.ts";
import type { PostgresTransactions } from "./postgres-transactions.ts";

export interface PostgresLogOptions extends ChangeLogOptions {
  /** The schema that holds the log; made if it is missing. Applications that share a database but no tables have one each. Default `restwave`. */
  readonly schema?: string;
  /** Milliseconds after which the log is read though nobody told of news. Default 200. */
  readonly pollInterval?: number;
}

/** A trigger is made in a pause between writers: each try waits so long, and lets the writers behind it pass before the next. */
const TRIGGER_LOCK_MS = 250;
const PRUNE_STEP = 1000;

/** The change log of a PostgreSQL database. Transactions are told apart by number, and a position is a set of numbers, so a slow one delays nobody. */
export class PostgresChangeLogStore implements ChangeLogStore {
  readonly #transactions: PostgresTransactions;
  readonly #pool: PostgresPool;
  readonly #schema: PostgresLogSchema;
  readonly #reader: PostgresLogReader;
  readonly #pollInterval: number;
  /** The log's name of a table by `model.tableSql`. */
  readonly #names = new Map<string, string>();
  #decoders: { readonly tables: ReadonlyMap<string, LoggedTable>; readonly byName: LogDecoders } | null = null;

  constructor(transactions: PostgresTransactions, pool: PostgresPool, options: PostgresLogOptions = {}) {
    this.#transactions = transactions;
    this.#pool = pool;
    this.#schema = new PostgresLogSchema(options.schema ?? "restwave");
    this.#reader = new PostgresLogReader(this.#schema.name);
    this.#pollInterval = options.pollInterval ?? 200;
  }

  async install(tables: readonly LoggedTable[]): Promise<void> {
    await this.#transactions.outside(async () => {
      if (!(await this.#isSetUp())) await this.#alone(this.#schema.setup);
      await this.#pool.use((connection) => connection.query(`SELECT ${this.#schema.name}.current_epoch()`));
      for (const table of tables) await this.#installTable(table);
    });
  }

  script(tables: readonly LoggedTable[]): readonly string[] {
    return [...this.#schema.setup, ...tables.map((table) => this.#logTableSql(table))];
  }

  async position(): Promise<Position> {
    const { now } = await this.#head();
    if (now !== null) return now;
    await this.#beginEpoch();
    const again = await this.#head();
    // A snapshot from before cannot see the new epoch.
    if (again.now === null) throw new ServiceUnavailable();
    return again.now;
  }

  parse(text: string): Position | null {
    return parsePostgresPosition(text);
  }

  async read(from: Position, tables: ReadonlyMap<string, LoggedTable>, limit: number): Promise<LogPage | null> {
    if (!(from instanceof PostgresPosition)) return null;
    const part = await this.#transactions.read((connection) => this.#reader.unseen(connection, from, limit));
    if (part.now === null) {
      await this.#beginEpoch();
      return null;
    }
    if (part.now.epoch !== from.epoch || from.firstUnseen <= part.pruned) return null;
    if (from.end > part.now.end && (await this.#isAhead(from))) return null;
    const found = transactionsOf(from, part, this.#decodersOf(tables));
    return { transactions: found.length > 0 ? found : pastRollbacks(from, part), isLast: part.later.length === 0 };
  }

  async exceeds(from: Position, limit: number): Promise<boolean> {
    if (!(from instanceof PostgresPosition)) return false;
    return this.#transactions.read((connection) => this.#reader.exceeds(connection, from, limit));
  }

  watch(onNews: () => void): () => void {
    const watch = new PostgresLogWatch({
      channel: this.#schema.channel,
      pollInterval: this.#pollInterval,
      connect: () => this.#pool.connect(),
      onConnected: async (client) => {
        await client.query(`SELECT ${this.#schema.name}.current_epoch()`);
      },
      onNews,
    });
    return () => watch.end();
  }

  async prune(retention: Retention): Promise<number> {
    return this.#transactions.outside(async () => {
      for (let removed = 0; ;) {
        const through = await this.#prunable(retention);
        if (through === null) return removed;
        // First, so that no reader takes what is left for all there was.
        await this.#run(`UPDATE ${this.#schema.name}.life SET pruned = $1::xid8 WHERE pruned < $1::xid8`, [through]);
        const count = await this.#removeThrough(through);
        // Another process prunes too.
        if (count === 0) return removed;
        removed += count;
      }
    });
  }

  async markLost(model: AnyModel): Promise<void> {
    const insert = `INSERT INTO ${this.#schema.name}.change ("table", operation) VALUES ($1, 'lost')`;
    const name = await this.#nameOf(model);
    await this.#transactions.write((connection) => connection.run(insert, [name]));
  }

  #head(): Promise<UnseenPart> {
    return this.#transactions.read((connection) => this.#reader.head(connection));
  }

  /** Ahead of the database itself, not only of the present snapshot? */
  async #isAhead(from: PostgresPosition): Promise<boolean> {
    const { now } = await this.#transactions.outside(() => this.#head());
    return now === null || from.end > now.end;
  }

  async #beginEpoch(): Promise<void> {
    await this.#transactions.outside(() => this.#alone([`SELECT ${this.#schema.name}.current_epoch()`]));
  }

  async #isSetUp(): Promise<boolean> {
    const sql = "SELECT obj_description(to_regnamespace($1)::oid, 'pg_namespace')";
    const { rows } = await this.#pool.use((connection) => connection.query(sql, [this.#schema.name]));
    return this.#schema.isCurrent(rows[0]?.[0] ?? null);
  }

  async #installTable(table: LoggedTable): Promise<void> {
    await this.#nameOf(table.model);
    const sql = `SELECT bool_and(in_place) FROM ${this.#schema.name}.triggers($1::regclass, $2::text[])`;
    const params = [table.model.tableSql, `{${columnNames(table).map(quoted).join(",")}}`];
    const { rows } = await this.#pool.use((connection) => connection.query(sql, params));
    if (rows[0]?.[0] !== "t") await this.#alone([this.#logTableSql(table)]);
  }

  #logTableSql(table: LoggedTable): string {
    const columns = columnNames(table).map(literal).join(", ");
    return `SELECT ${this.#schema.name}.log_table(${literal(table.model.tableSql)}, ARRAY[${columns}]::text[])`;
  }

  /** Runs statements in one transaction while nobody else sets up the log, again and again until no lock is in its way. */
  async #alone(statements: readonly string[]): Promise<void> {
    const deadline = performance.now() + this.#pool.limits.lockTimeout;
    const begin = ["BEGIN", `SET LOCAL lock_timeout = ${TRIGGER_LOCK_MS}`, this.#schema.setupLock];
    const sql = [...begin, ...statements, "COMMIT"].join(";\n");
    for (;;) {
      try {
        return await this.#pool.use((connection) => runWhole(connection, sql));
      } catch (error) {
        const isInTheWay = error instanceof LockTimeout || error instanceof SerializationFailure;
        if (!isInTheWay || performance.now() > deadline) throw error;
      }
      await delay(TRIGGER_LOCK_MS * (0.2 + Math.random()));
    }
  }

  async #nameOf(model: AnyModel): Promise<string> {
    const known = this.#names.get(model.tableSql);
    if (known !== undefined) return known;
    const sql =
      "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p')";
    const { rows } = await this.#transactions.outside(() =>
      this.#pool.use((connection) => connection.query(sql, [model.tableSql])),
    );
    const name = rows[0]?.[0] ?? null;
    if (name === null)
      throw new ImproperlyConfigured(
        `Expected ${model.tableSql} of ${model.name} to be a table of the database, since it is observed; there is none. Run the migrations first; a view cannot be observed.`,
      );
    this.#names.set(model.tableSql, name);
    return name;
  }

  #decodersOf(tables: ReadonlyMap<string, LoggedTable>): LogDecoders {
    if (this.#decoders?.tables === tables) return this.#decoders.byName;
    const byName = new Map(
      [...tables.values()].flatMap((table) => {
        const name = this.#names.get(table.model.tableSql);
        return name === undefined ? [] : [[name, logDecoder(table)] as const];
      }),
    );
    this.#decoders = { tables, byName };
    return byName;
  }

  /** The greatest transaction of those that may be removed in the next steps, as text; null: none. */
  async #prunable({ maxAge, maxRows }: Retention): Promise<string | null> {
    const log = `${this.#schema.name}.change`;
    const sql = `WITH bound AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS first_running)
SELECT max(through)::text FROM (
  SELECT max(xid) AS through FROM (SELECT xid, at FROM ${log}, bound WHERE xid < first_running ORDER BY xid LIMIT ${PRUNE_STEP}) oldest
  WHERE at < clock_timestamp() - $1::float8 * interval '1 millisecond'
  UNION ALL
  SELECT max(xid) FROM ${log}, bound WHERE xid < first_running
    AND xid <= (SELECT xid FROM ${log} ORDER BY xid DESC, "offset" DESC OFFSET $2::bigint LIMIT 1)
) candidates`;
    const age = Math.min(Math.max(maxAge, 0), 1e14);
    const rows = Math.min(Math.max(Math.trunc(maxRows), 0), Number.MAX_SAFE_INTEGER);
    const [row] = await this.#pool.use((connection) => connection.all(sql, [String(age), String(rows)]));
    return typeof row?.[0] === "string" ? row[0] : null;
  }

  async #removeThrough(through: string): Promise<number> {
    const log = `${this.#schema.name}.change`;
    const sql = `DELETE FROM ${log} WHERE (xid, "offset") IN (
  SELECT xid, "offset" FROM ${log} WHERE xid <= $1::xid8 ORDER BY xid, "offset" LIMIT ${PRUNE_STEP} FOR UPDATE SKIP LOCKED
)`;
    for (let removed = 0; ;) {
      const count = await this.#run(sql, [through]);
      removed += count;
      if (count === 0) return removed;
    }
  }

  #run(sql: string, params: readonly unknown[]): Promise<number> {
    return this.#pool.use((connection) => connection.run(sql, params));
  }
}

/** Runs statements that are a transaction. */
async function runWhole(connection: PostgresConnection, sql: string): Promise<void> {
  try {
    await connection.query(sql);
  } catch (error) {
    await connection.query("ROLLBACK").catch(() => connection.discard());
    throw error;
  }
}

/** A reader that still waits for transactions that have rolled back goes on without them, or it would seem to have missed what is pruned after. */
function pastRollbacks(from: PostgresPosition, { now }: UnseenPart): LoggedTransaction[] {
  const ended = from.unseen.find((transaction) => now?.includes(transaction));
  if (now === null || ended === undefined) return [];
  return [{ id: ended, position: from.union(now), entries: [] }];
}

function columnNames({ columns }: LoggedTable): string[] {
  return columns.map((column) => column.columnName).toSorted();
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function literal(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
