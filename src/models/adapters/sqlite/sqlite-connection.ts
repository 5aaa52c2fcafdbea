import { DatabaseSync, type StatementSyncInstance } from "@photostructure/sqlite";
import type { DriverRow } from "../../database.ts";
import { DatabaseError } from "../../errors.ts";
import { foldCase } from "../../fold-case.ts";
import { LruCache } from "../../lru-cache.ts";
import { translateSqliteError } from "./sqlite-errors.ts";
import { FOLD_FUNCTION } from "./sqlite-operators.ts";

/** Prepared statements that one connection keeps. */
const MAX_STATEMENTS = 300;

/** One connection to SQLite with its prepared statements. Everything it does is done when it returns. */
export class SqliteConnection {
  readonly #driver: InstanceType<typeof DatabaseSync>;
  readonly #statements = new LruCache<StatementSyncInstance>(MAX_STATEMENTS);
  /** Statements that gave an integer beyond 2^53: they read integers as bigint from then on. */
  readonly #wide = new WeakSet<StatementSyncInstance>();
  #prepared = 0;

  constructor(filename: string) {
    try {
      this.#driver = new DatabaseSync(filename, { timeout: 0, enableDoubleQuotedStringLiterals: false });
      this.#driver.function(FOLD_FUNCTION, { deterministic: true }, foldValue);
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** How often a statement was prepared. */
  get prepared(): number {
    return this.#prepared;
  }

  get inTransaction(): boolean {
    return this.#driver.isOpen && this.#driver.isTransaction;
  }

  all(sql: string, params: readonly unknown[]): DriverRow[] {
    return this.#read(sql, (statement) => statement.all(...params));
  }

  first(sql: string, params: readonly unknown[]): DriverRow | undefined {
    return this.#read(sql, (statement) => statement.get(...params) ?? undefined);
  }

  run(sql: string, params: readonly unknown[]): number {
    const statement = this.#prepare(sql);
    try {
      return statement.run(...params).changes;
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** Integers come out as bigint: a statement that wrote cannot be tried again if a number would not hold one. */
  returning(sql: string, params: readonly unknown[]): DriverRow[] {
    const statement = this.#prepare(sql);
    try {
      this.#widen(statement);
      return statement.all(...params);
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** Names of the columns that a statement gives; none for one that only writes. */
  columnNames(sql: string): string[] {
    return this.#prepare(sql)
      .columns()
      .map((column) => column.name);
  }

  exec(sql: string): void {
    try {
      this.#driver.exec(sql);
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#driver.isOpen) this.#driver.close();
  }

  #read<T>(sql: string, run: (statement: StatementSyncInstance) => T): T {
    const statement = this.#prepare(sql);
    try {
      return run(statement);
    } catch (error) {
      if (!isOutOfRange(error) || this.#wide.has(statement)) throw translateSqliteError(error);
      this.#widen(statement);
      return run(statement);
    }
  }

  #widen(statement: StatementSyncInstance): void {
    if (this.#wide.has(statement)) return;
    this.#wide.add(statement);
    statement.setReadBigInts(true);
  }

  #prepare(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (!this.#driver.isOpen) throw new DatabaseError("The database is closed. Close it when nothing uses it any more.");
    try {
      const statement = this.#driver.prepare(sql);
      statement.setReturnArrays(true);
      this.#prepared += 1;
      this.#statements.set(sql, statement);
      return statement;
    } catch (error) {
      throw translateSqliteError(error);
    }
  }
}

function foldValue(value: unknown): unknown {
  return typeof value === "string" ? foldCase(value) : value;
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Value is too large to be represented");
}
