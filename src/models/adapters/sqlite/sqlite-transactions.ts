import { AsyncLocalStorage } from "node:async_hooks";
import { AtomicBlock } from "../../atomic-block.ts";
import { CommitListeners } from "../../commit-listeners.ts";
import type { MaybePromise } from "../../database.ts";
import { TransactionError } from "../../errors.ts";
import { Mutex } from "../../mutex.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** How long to wait for whoever writes, in milliseconds. */
export interface SqliteTimeouts {
  /** For another process. */
  readonly busyTimeout: number;
  /** For others of this process. */
  readonly lockTimeout: number;
}

/** Decides on which connection, and when, a statement runs. */
export class SqliteTransactions {
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #busyTimeout: number;
  readonly #context = new AsyncLocalStorage<AtomicBlock>();
  /** Held by whoever writes: one transaction or one statement at a time. */
  readonly #writing: Mutex;
  readonly commits = new CommitListeners();

  /** @param reader the same connection where the database has only one (in memory). */
  constructor(writer: SqliteConnection, reader: SqliteConnection, { busyTimeout, lockTimeout }: SqliteTimeouts) {
    this.#writer = writer;
    this.#reader = reader;
    this.#busyTimeout = busyTimeout;
    this.#writing = new Mutex(lockTimeout);
  }

  get inAtomic(): boolean {
    return this.#context.getStore() !== undefined;
  }

  read<T>(run: (connection: SqliteConnection) => T): MaybePromise<T> {
    const block = this.#context.getStore();
    if (block !== undefined) return this.#inBlock(block, run);
    if (this.#reader === this.#writer && this.#writing.locked) return this.#readAfterWriter(run);
    // While nobody writes, the writing connection has no transaction open, and its page cache is still valid after a write: the other's is not.
    const connection = this.#writing.locked ? this.#reader : this.#writer;
    return retryBusy(() => run(connection), this.#busyTimeout);
  }

  write<T>(run: (connection: SqliteConnection) => T): MaybePromise<T> {
    const block = this.#context.getStore();
    if (block !== undefined) return this.#inBlock(block, run);
    return this.#writing.locked ? this.#writeInTurn(run) : this.#writeNow(run);
  }

  /** See `Database.outsideAtomic`. */
  outside<T>(fn: () => T): T {
    return this.#context.exit(fn);
  }

  /** See `Database.atomic`. */
  atomic<T>(fn: () => Promise<T>): Promise<T> {
    const block = this.#context.getStore();
    return block === undefined ? this.#transaction(fn) : this.#savepoint(block, fn);
  }

  /** Runs `fn` when no transaction is open, and keeps new ones out until it is done. @throws LockTimeout */
  async exclusively<T>(fn: () => T | Promise<T>): Promise<T> {
    if (this.inAtomic) throw new TransactionError("This cannot be done inside an atomic block.");
    await this.#writing.acquire();
    try {
      return await fn();
    } finally {
      this.#writing.release();
    }
  }

  #inBlock<T>(block: AtomicBlock, run: (connection: SqliteConnection) => T): MaybePromise<T> {
    return block.takeTurn(() => retryBusy(() => run(this.#writer), this.#busyTimeout));
  }

  async #readAfterWriter<T>(run: (connection: SqliteConnection) => T): Promise<T> {
    return this.exclusively(() => run(this.#reader));
  }

  #writeNow<T>(run: (connection: SqliteConnection) => T): MaybePromise<T> {
    void this.#writing.acquire();
    let result: MaybePromise<T>;
    try {
      result = retryBusy(() => run(this.#writer), this.#busyTimeout);
    } catch (error) {
      this.#writing.release();
      throw error;
    }
    if (result instanceof Promise) return result.then(this.#afterWrite, this.#afterFailure);
    return this.#afterWrite(result);
  }

  async #writeInTurn<T>(run: (connection: SqliteConnection) => T): Promise<T> {
    const result = await this.exclusively(() => retryBusy(() => run(this.#writer), this.#busyTimeout));
    this.commits.notify();
    return result;
  }

  readonly #afterWrite = <T>(result: T): T => {
    this.#writing.release();
    this.commits.notify();
    return result;
  };

  readonly #afterFailure = (error: unknown): never => {
    this.#writing.release();
    throw error;
  };

  async #transaction<T>(fn: () => Promise<T>): Promise<T> {
    const result = await this.exclusively(async () => {
      await retryBusy(() => this.#writer.exec("BEGIN IMMEDIATE"), this.#busyTimeout);
      return this.#inTransaction(fn);
    });
    this.commits.notify();
    return result;
  }

  async #inTransaction<T>(fn: () => Promise<T>): Promise<T> {
    try {
      const result = await this.#runBlock(new AtomicBlock(null, this.#writing.timeout), fn);
      await retryBusy(() => this.#writer.exec("COMMIT"), this.#busyTimeout);
      return result;
    } catch (error) {
      if (this.#writer.inTransaction) this.#writer.exec("ROLLBACK");
      throw error;
    }
  }

  async #savepoint<T>(parent: AtomicBlock, fn: () => Promise<T>): Promise<T> {
    return parent.takeTurn(async () => {
      const block = new AtomicBlock(parent, this.#writing.timeout);
      const name = `restwave_${block.depth}`;
      this.#writer.exec(`SAVEPOINT ${name}`);
      try {
        const result = await this.#runBlock(block, fn);
        parent.assertOpen();
        this.#writer.exec(`RELEASE ${name}`);
        return result;
      } catch (error) {
        // A parent that ended first has already taken this savepoint with it; a full disk rolls the whole transaction back.
        if (!parent.ended && this.#writer.inTransaction) this.#writer.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      }
    });
  }

  async #runBlock<T>(block: AtomicBlock, fn: () => Promise<T>): Promise<T> {
    try {
      const result = await this.#context.run(block, fn);
      if (!block.busy) return result;
      throw new TransactionError(
        "An atomic block ended while an inner block or a statement of it was still running. Await everything that the block starts.",
      );
    } finally {
      block.end();
    }
  }
}
