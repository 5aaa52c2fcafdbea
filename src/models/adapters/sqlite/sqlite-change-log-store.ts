import type { ChangeLogOptions } from "../../change-log/change-log.ts";
import type { ChangeLogStore, LoggedTable, LogPage, Retention } from "../../change-log/change-log-store.ts";
import type { Position } from "../../change-log/position.ts";
import type { MaybePromise } from "../../database.ts";
import { DatabaseError } from "../../errors.ts";
import type { AnyModel } from "../../model.ts";
import { hasLog, logScript, missingStatements } from "./install-log.ts";
import { pruneLogStep } from "./prune-log.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteLogReader } from "./sqlite-log-reader.ts";
import { SqlitePosition } from "./sqlite-position.ts";
import type { SqliteTransactions } from "./sqlite-transactions.ts";
import { watchSqlite } from "./watch-sqlite.ts";

const POLL_MS = 25;

/** The change log in a SQLite database, see `sqlite-log-tables.ts`. */
export class SqliteChangeLogStore implements ChangeLogStore {
  readonly #transactions: SqliteTransactions;
  readonly #openReader: (() => SqliteConnection) | null;
  readonly #pollInterval: number;
  readonly #reader = new SqliteLogReader();
  #installed: readonly LoggedTable[] = [];

  /** @param openReader null where no other connection can write. */
  constructor(transactions: SqliteTransactions, openReader: (() => SqliteConnection) | null, options: ChangeLogOptions = {}) {
    this.#transactions = transactions;
    this.#openReader = openReader;
    this.#pollInterval = options.pollInterval ?? POLL_MS;
    transactions.logs = hasLog(transactions.writer);
  }

  async install(tables: readonly LoggedTable[]): Promise<void> {
    this.#installed = tables;
    const isMissing = await this.#transactions.readCommitted((connection) => missingStatements(connection, tables).length > 0);
    if (isMissing) await this.#write((connection) => apply(connection, missingStatements(connection, tables)));
    this.#transactions.logs = true;
    if (isMissing) this.#transactions.commits.notify();
  }

  script(tables: readonly LoggedTable[]): readonly string[] {
    return logScript(this.#transactions.writer, tables);
  }

  position(): MaybePromise<Position> {
    return this.#transactions.readCommitted((connection) => this.#reader.position(connection));
  }

  parse(text: string): Position | null {
    return SqlitePosition.parse(text);
  }

  read(from: Position, tables: ReadonlyMap<string, LoggedTable>, limit: number): MaybePromise<LogPage | null> {
    if (!(from instanceof SqlitePosition)) return null;
    return this.#transactions.readCommitted((connection) => this.#reader.read(connection, from, tables, limit));
  }

  exceeds(from: Position, limit: number): MaybePromise<boolean> {
    if (!(from instanceof SqlitePosition)) return false;
    return this.#transactions.readCommitted((connection) => this.#reader.exceeds(connection, from, limit));
  }

  watch(onNews: () => void): () => void {
    if (this.#openReader === null) return () => undefined;
    const repair = async (): Promise<void> => {
      await this.install(this.#installed);
    };
    return watchSqlite(this.#openReader, this.#pollInterval, onNews, repair);
  }

  async prune(retention: Retention): Promise<number> {
    let pruned = 0;
    for (;;) {
      const step = await this.#write((connection) => pruneLogStep(connection, retention));
      pruned += step.pruned;
      if (!step.more) return pruned;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async markLost(model: AnyModel): Promise<void> {
    const found = await this.#write((connection) =>
      connection.run(
        `INSERT INTO restwave_change (layout, op, closes) SELECT max(id), 'lost', 1 FROM restwave_layout WHERE table_name = ?`,
        [model.tableName],
      ),
    );
    if (found === 0) throw new DatabaseError(`${model.name} is not observed, so nothing of it can be marked as lost.`);
    this.#transactions.commits.notify();
  }

  /** In a transaction of its own, in turn with all other writers. */
  #write<T>(fn: (connection: SqliteConnection) => T): Promise<T> {
    return this.#transactions.inTurn(fn);
  }
}

/** What is overwritten leaves no trace in the file. */
function apply(connection: SqliteConnection, statements: readonly string[]): void {
  connection.exec("PRAGMA secure_delete = ON");
  for (const statement of statements) connection.exec(statement);
  connection.exec("PRAGMA secure_delete = OFF");
}
