import type { SQL, Table } from "drizzle-orm";
import type { Catalog } from "./catalog.ts";
import type { ChangeLog } from "./change-log/change-log.ts";
import type { Dialect } from "./dialect.ts";
import type { Model, ModelOptions } from "./model.ts";
import type { Relations } from "./relations.ts";

export type MaybePromise<T> = T | Promise<T>;

/** One row as the driver gives it: values by position. */
export type DriverRow = readonly unknown[];

/**
 * Runs finished statements. Which connection a statement uses is the adapter's business: inside `atomic` the transaction's, outside it any
 * that MUST NOT see or join an open transaction. MUST prepare a SQL text once and use it again. Driver errors MUST come out as
 * `IntegrityError`, `ServiceUnavailable` (the database is locked or away) or `DatabaseError`. An answer that is known at once may be
 * returned without a promise.
 */
export interface StatementRunner {
  all(sql: string, params: readonly unknown[]): MaybePromise<readonly DriverRow[]>;
  /** The first row; the statement is expected to give at most one. */
  first(sql: string, params: readonly unknown[]): MaybePromise<DriverRow | undefined>;
  /** Runs a writing statement. @returns how many rows it changed, without those that triggers changed. */
  run(sql: string, params: readonly unknown[]): MaybePromise<number>;
  /** Runs a writing statement with a RETURNING clause. */
  returning(sql: string, params: readonly unknown[]): MaybePromise<readonly DriverRow[]>;
}

/** A database with its models. Made by an adapter: `openSqlite(...)`. */
export interface Database {
  readonly dialect: Dialect;
  /** For querysets: runs what they compile. */
  readonly statements: StatementRunner;
  /** Declares a model over a drizzle table. */
  model<T extends Table, const R extends Relations = {}>(table: T, options?: ModelOptions<R>): Model<T, R>;
  /** The models declared so far. */
  readonly models: readonly Model<Table, Relations>[];
  /**
   * Runs `fn` in a transaction that commits when its promise resolves and rolls back when it rejects. Everything awaited inside belongs to
   * it, carried by the async context; a block inside a block is a savepoint. Blocks that run side by side in one transaction wait for each
   * other.
   *
   * @throws TransactionError when work started inside runs on after the block has ended: await it; ServiceUnavailable when the lock of
   * other blocks does not come free in time.
   */
  atomic<T>(fn: () => Promise<T>): Promise<T>;
  /** Is the calling code inside `atomic`? */
  readonly inAtomic: boolean;
  /**
   * Runs `fn`, and all that it starts, in no transaction: for work that is begun inside an `atomic` block but outlives it. A write in it
   * waits for the block to end, so the block must not await it.
   */
  outsideAtomic<T>(fn: () => T): T;
  /**
   * Runs `fn` so that everything it reads is of one moment, whatever is written meanwhile; nothing waits for it, and it waits for no writer. A
   * snapshot inside a snapshot is the same one.
   *
   * @throws TransactionError when it writes, or is called inside `atomic`.
   */
  snapshot<T>(fn: () => Promise<T>): Promise<T>;
  /** What the database says of its own tables, for checks. */
  readonly catalog: Catalog;
  /** The log of what was committed to observed models. */
  readonly changes: ChangeLog;
  /**
   * Calls `listener` after each commit made through this object: once per outermost `atomic` block, once per writing statement outside
   * one. It runs outside of any transaction, before the writer's promise resolves, and must not throw. @returns a function that ends it.
   */
  onCommit(listener: () => void): () => void;
  /**
   * Calls `listener` in the writer's context before anybody can see, or is told of, a commit made through this object. The commit may still fail.
   * It must not throw. @returns a function that ends it.
   */
  beforeCommit(listener: () => void): () => void;
  /** Runs raw SQL (drizzle's `sql` template), in the transaction if there is one. @returns rows by column name. */
  execute<Row extends object = Record<string, unknown>>(query: SQL): Promise<Row[]>;
  /** Ends the connections. Every later use fails with a DatabaseError. @throws ServiceUnavailable when a block does not end in time. */
  close(): Promise<void>;
}

/** Goes on with a value that may have to be awaited, without losing a tick if not. */
export function whenDone<T, U>(value: MaybePromise<T>, next: (value: T) => U): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
