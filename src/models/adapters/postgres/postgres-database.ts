import type { SQL, Table } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { PgRemoteDatabase } from "drizzle-orm/pg-proxy";
import type { Client } from "pg";
import type { Catalog } from "../../catalog.ts";
import { ChangeLog } from "../../change-log/change-log.ts";
import type { Database, DriverRow, StatementRunner } from "../../database.ts";
import type { Dialect } from "../../dialect.ts";
import { TransactionError } from "../../errors.ts";
import { Model, type ModelOptions } from "../../model.ts";
import type { Relations } from "../../relations.ts";
import { PostgresCatalog } from "./postgres-catalog.ts";
import { PostgresChangeLogStore, type PostgresLogOptions } from "./postgres-change-log-store.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { bindDrizzle, namedRows, runRaw } from "./postgres-drizzle.ts";
import type { PostgresFacts } from "./postgres-facts.ts";
import type { PostgresPool } from "./postgres-pool.ts";
import { PostgresTransactions, type AtomicOptions, type TransactionSettings } from "./postgres-transactions.ts";

const sqlTexts = new PgDialect();

/** A PostgreSQL database with its models. Made by `openPostgres`. */
export class PostgresDatabase implements Database {
  readonly dialect: Dialect;
  readonly statements: StatementRunner;
  /** drizzle's own query builder on this database, for what querysets cannot say; joins the present `atomic` block. */
  readonly drizzle: PgRemoteDatabase;
  readonly changes: ChangeLog;
  readonly catalog: Catalog;
  readonly #pool: PostgresPool;
  readonly #transactions: PostgresTransactions;
  readonly #models: Model<Table, Relations>[] = [];

  constructor(pool: PostgresPool, facts: PostgresFacts, settings: TransactionSettings, changeLog: PostgresLogOptions = {}) {
    this.dialect = postgresDialect(facts);
    this.#pool = pool;
    this.#transactions = new PostgresTransactions(pool, settings);
    this.catalog = new PostgresCatalog(this.#transactions, this.dialect);
    this.statements = new PostgresStatements(this.#transactions);
    this.drizzle = bindDrizzle(this.#transactions);
    this.changes = new ChangeLog(this, new PostgresChangeLogStore(this.#transactions, pool, changeLog), changeLog);
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

  /**
   * See `Database.atomic`. Where PostgreSQL gives the transaction up since it and others met (a deadlock, a serialization failure), all of it
   * is rolled back and `fn` runs again, so `fn` must not do what a rollback does not undo.
   *
   * @throws SerializationFailure (503) when that happens too often.
   */
  atomic<T>(fn: () => Promise<T>, options?: AtomicOptions): Promise<T> {
    return this.#transactions.atomic(fn, options);
  }

  outsideAtomic<T>(fn: () => T): T {
    return this.#transactions.outside(fn);
  }

  snapshot<T>(fn: () => Promise<T>): Promise<T> {
    return this.#transactions.snapshot(fn);
  }

  beforeCommit(listener: () => void): () => void {
    return this.#transactions.committing.add(listener);
  }

  onCommit(listener: () => void): () => void {
    return this.#transactions.commits.add(listener);
  }

  async execute<Row extends object = Record<string, unknown>>(query: SQL): Promise<Row[]> {
    const { sql, params } = sqlTexts.sqlToQuery(query);
    return namedRows<Row>(await runRaw(this.#transactions, sql, params));
  }

  /**
   * A connection of its own outside the pool, without time-outs, whose values are texts: for LISTEN. The caller ends it, and listens to its
   * `error` and `end` events.
   *
   * @throws ServiceUnavailable when the server is not there.
   */
  connect(): Promise<Client> {
    return this.#pool.connect();
  }

  /** How many statements were prepared so far, on all connections: stays where it is while shapes repeat. */
  get preparedStatements(): number {
    return this.#pool.prepared;
  }

  async close(): Promise<void> {
    if (this.#transactions.inTransaction) throw new TransactionError("This cannot be done inside an atomic block.");
    await this.changes.close();
    await this.#pool.close(this.#pool.limits.lockTimeout);
  }
}

class PostgresStatements implements StatementRunner {
  readonly #transactions: PostgresTransactions;

  constructor(transactions: PostgresTransactions) {
    this.#transactions = transactions;
  }

  all(sql: string, params: readonly unknown[]): Promise<readonly DriverRow[]> {
    return this.#transactions.read((connection) => connection.all(sql, params));
  }

  async first(sql: string, params: readonly unknown[]): Promise<DriverRow | undefined> {
    const [row] = await this.all(sql, params);
    return row;
  }

  run(sql: string, params: readonly unknown[]): Promise<number> {
    return this.#transactions.write((connection) => connection.run(sql, params));
  }

  returning(sql: string, params: readonly unknown[]): Promise<readonly DriverRow[]> {
    return this.#transactions.write((connection) => connection.all(sql, params));
  }
}
