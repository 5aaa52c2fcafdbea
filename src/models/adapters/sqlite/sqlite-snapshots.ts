import { ServiceUnavailable } from "../../../protocol/exceptions.ts";
import { TransactionError } from "../../errors.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Connections that snapshots use at the same time, at most; later ones wait. */
const MAX_CONNECTIONS = 4;

/** One running snapshot: all that is read in it is of one moment. */
export class SqliteSnapshot {
  readonly #connection: SqliteConnection;
  #ended = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  read<T>(run: (connection: SqliteConnection) => T): T {
    if (!this.#ended) return run(this.#connection);
    throw new TransactionError(
      "A read was started inside a snapshot but came after its end. Await everything that the snapshot starts.",
    );
  }

  end(): void {
    this.#ended = true;
  }
}

/** A few connections for snapshots, opened when they are needed. */
export class SqliteSnapshots {
  readonly #open: () => SqliteConnection;
  readonly #timeout: number;
  readonly #connections = new Set<SqliteConnection>();
  /** The one used last is first: its pages and statements are warm. */
  readonly #idle: SqliteConnection[] = [];
  readonly #waiting = new Set<() => void>();

  /** @param timeout milliseconds that a snapshot waits for a connection. */
  constructor(open: () => SqliteConnection, timeout: number) {
    this.#open = open;
    this.#timeout = timeout;
  }

  get connections(): Iterable<SqliteConnection> {
    return this.#connections;
  }

  /** Runs `fn` in a read transaction. @throws ServiceUnavailable when other snapshots take too long. */
  async run<T>(fn: (snapshot: SqliteSnapshot) => Promise<T>): Promise<T> {
    const connection = await this.#acquire();
    const snapshot = new SqliteSnapshot(connection);
    try {
      connection.run("BEGIN", []);
      // The moment is that of the first read, not of BEGIN.
      connection.first("SELECT 1 FROM sqlite_schema", []);
      return await fn(snapshot);
    } finally {
      snapshot.end();
      this.#release(connection);
    }
  }

  #release(connection: SqliteConnection): void {
    if (connection.inTransaction) connection.run("COMMIT", []);
    this.#idle.unshift(connection);
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      return next();
    }
  }

  async #acquire(): Promise<SqliteConnection> {
    for (;;) {
      const idle = this.#idle.shift();
      if (idle !== undefined) return idle;
      if (this.#connections.size < MAX_CONNECTIONS) {
        const opened = this.#open();
        this.#connections.add(opened);
        return opened;
      }
      await this.#wait();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          this.#waiting.delete(go);
          reject(new ServiceUnavailable());
        },
        Math.min(this.#timeout, 2 ** 31 - 1),
      );
      this.#waiting.add(go);
    });
  }
}
