import type { SQL, Table } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";
import type { Catalog } from "../../catalog.ts";
import { ChangeLog, type ChangeLogOptions } from "../../change-log/change-log.ts";
import type { Database, DriverRow, MaybePromise, StatementRunner } from "../../database.ts";
import { Model, type ModelOptions } from "../../model.ts";
import type { Relations } from "../../relations.ts";
import { SqliteCatalog } from "./sqlite-catalog.ts";
import { SqliteChangeLogStore } from "./sqlite-change-log-store.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { bindDrizzle, safeIntegers } from "./sqlite-drizzle.ts";
import { SqliteSnapshots } from "./sqlite-snapshots.ts";
import { assertNoTransactionControl, isDataChange, isReadingSql } from "./sqlite-sql.ts";
import { SqliteTransactions, type SqliteTimeouts } from "./sqlite-transactions.ts";

const sqlTexts = new SQLiteSyncDialect();

/** A SQLite database with its models. Made by `openSqlite`. */
export class SqliteDatabase implements Database {
  readonly dialect = sqliteDialect;
  readonly statements: StatementRunner;
  /** drizzle's own query builder on this database, for what querysets cannot say; joins the present `atomic` block. */
  readonly drizzle: SqliteRemoteDatabase;
  readonly changes: ChangeLog;
  readonly catalog: Catalog;
  readonly #connections: Set<SqliteConnection>;
  readonly #transactions: SqliteTransactions;
  readonly #models: Model<Table, Relations>[] = [];

  /** @param openReader opens another connection that only reads; null where the database has only one connection, as in memory. */
  constructor(
    writer: SqliteConnection,
    openReader: (() => SqliteConnection) | null,
    { changeLog, ...timeouts }: SqliteTimeouts & { readonly changeLog?: ChangeLogOptions },
  ) {
    this.#connections = new Set([writer]);
    const open =
      openReader === null
        ? null
        : (): SqliteConnection => {
            const connection = openReader();
            this.#connections.add(connection);
            return connection;
          };
    const reader = open === null ? writer : open();
    const snapshots = open === null ? null : new SqliteSnapshots(open, timeouts.lockTimeout);
    this.#transactions = new SqliteTransactions(writer, reader, snapshots, timeouts);
    this.changes = new ChangeLog(this, new SqliteChangeLogStore(this.#transactions, open, changeLog), changeLog);
    this.catalog = new SqliteCatalog(this.#transactions);
    this.statements = new SqliteStatements(this.#transactions);
    this.drizzle = bindDrizzle(this.statements);
  }

  get models(): readonly Model<Table, Relations>[] {
    return this.#models;
  }

  get inAtomic(): boolean {
    return this.#transactions.inAtomic;
  }

  model<T extends Table, const R extends Relations = {}>(table: T, options?: ModelOptions<R>): Model<T, R> {
    const model = new Model<T, R>(this, table, options);
    this.#models.push(model);
    return model;
  }

  atomic<T>(fn: () => Promise<T>): Promise<T> {
    return this.#transactions.atomic(fn);
  }

  snapshot<T>(fn: () => Promise<T>): Promise<T> {
    return this.#transactions.snapshot(fn);
  }

  outsideAtomic<T>(fn: () => T): T {
    return this.#transactions.outside(fn);
  }

  /** Within one turn of the event loop nobody sees a commit before its writer's listeners have been called. */
  beforeCommit(listener: () => void): () => void {
    return this.#transactions.committing.add(listener);
  }

  onCommit(listener: () => void): () => void {
    return this.#transactions.commits.add(listener);
  }

  async execute<Row extends object = Record<string, unknown>>(query: SQL): Promise<Row[]> {
    const { sql, params } = sqlTexts.sqlToQuery(query);
    assertNoTransactionControl(sql);
    const run = (connection: SqliteConnection): Row[] => {
      const names = connection.columnNames(sql);
      if (names.length === 0) {
        connection.run(sql, params);
        return [];
      }
      const rows = isReadingSql(sql) ? connection.all(sql, params) : connection.returning(sql, params);
      return rows.map((row) => namedRow<Row>(names, row));
    };
    return isReadingSql(sql) ? this.#transactions.read(run) : this.#transactions.write(run, isDataChange(sql));
  }

  /** How many statements were prepared so far, on all connections: stays where it is while shapes repeat. */
  get preparedStatements(): number {
    return [...this.#connections].reduce((sum, connection) => sum + connection.prepared, 0);
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.#transactions.exclusively(() => {
      for (const connection of this.#connections) connection.close();
    });
  }
}

function namedRow<Row extends object>(names: readonly string[], row: DriverRow): Row {
  const values = safeIntegers(row);
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as Row;
}

class SqliteStatements implements StatementRunner {
  readonly #transactions: SqliteTransactions;

  constructor(transactions: SqliteTransactions) {
    this.#transactions = transactions;
  }

  all(sql: string, params: readonly unknown[]): MaybePromise<readonly DriverRow[]> {
    return this.#transactions.read((connection) => connection.all(sql, params));
  }

  first(sql: string, params: readonly unknown[]): MaybePromise<DriverRow | undefined> {
    return this.#transactions.read((connection) => connection.first(sql, params));
  }

  run(sql: string, params: readonly unknown[]): MaybePromise<number> {
    return this.#transactions.write((connection) => connection.run(sql, params), isDataChange(sql));
  }

  returning(sql: string, params: readonly unknown[]): MaybePromise<readonly DriverRow[]> {
    return this.#transactions.write((connection) => connection.returning(sql, params));
  }
}
