import { AsyncLocalStorage } from "node:async_hooks";
import { AtomicBlock } from "../../atomic-block.ts";
import { CommitListeners } from "../../commit-listeners.ts";
import type { MaybePromise } from "../../database.ts";
import { TransactionError } from "../../errors.ts";
import { Mutex } from "../../mutex.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { markLogEnd } from "./sqlite-log-tables.ts";
import { SqliteSnapshot, type SqliteSnapshots } from "./sqlite-snapshots.ts";

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
  readonly #context = new AsyncLocalStorage<AtomicBlock | SqliteSnapshot>();
  /** Held by whoever writes: one transaction or one statement at a time. */
  readonly #writing: Mutex;
  /** Null where the database has only one connection (in memory). */
  readonly #snapshots: SqliteSnapshots | null;
  readonly commits = new CommitListeners();
  /** Called before `commits` are. */
  readonly committing = new CommitListeners();
  /** The database has a change log: the ends of transactions are marked in it. */
  logs = false;

  /** @param reader the same connection where the database has only one; `snapshots` is null then. */
  constructor(
    writer: SqliteConnection,
    reader: SqliteConnection,
    snapshots: SqliteSnapshots | null,
    { busyTimeout, lockTimeout }: SqliteTimeouts,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#snapshots = snapshots;
    this.#busyTimeout = busyTimeout;
    this.#writing = new Mutex(lockTimeout);
  }

  get writer(): SqliteConnection {
    return this.#writer;
  }

  get inAtomic(): boolean {
    return this.#context.getStore() instanceof AtomicBlock;
  }

  read<T>(run: (connection: SqliteConnection) => T): MaybePromise<T> {
    const scope = this.#context.getStore();
    if (scope instanceof AtomicBlock) return this.#inBlock(scope, run);
    if (scope !== undefined) return scope.read(run);
    if (this.#reader === this.#writer && this.#writing.locked) return this.#readAfterWriter(run);
    // While nobody writes, the writing connection has no transaction open, and its page cache is still valid after a write: the other's is not.
    const connection = this.#writing.locked ? this.#reader : this.#writer;
    return retryBusy(() => run(connection), this.#busyTimeout);
  }

  /** Reads what is committed, of the present snapshot if there is one, but never what an `atomic` block has not committed. */
  readCommitted<T>(run: (connection: SqliteConnection) => T): MaybePromise<T> {
    const scope = this.#context.getStore();
    if (scope instanceof SqliteSnapshot) return scope.read(run);
    if (!this.#writer.inTransaction) return retryBusy(() => run(this.#writer), this.#busyTimeout);
    if (this.#reader === this.#writer) return this.#readAfterWriter(run);
    return retryBusy(() => run(this.#reader), this.#busyTimeout);
  }

  /** @param ends whether it can end with a mark in the change log: it is no PRAGMA, VACUUM or the like. */
  write<T>(run: (connection: SqliteConnection) => T, ends = true): MaybePromise<T> {
    const scope = this.#context.getStore();
    if (scope instanceof AtomicBlock) return this.#inBlock(scope, run);
    assertNoSnapshot(scope);
    const marked = this.logs && ends ? (connection: SqliteConnection) => this.#inOwnTransaction(connection, run) : run;
    return this.#writing.locked ? this.#writeInTurn(marked) : this.#writeNow(marked);
  }

  /** See `Database.snapshot`. */
  async snapshot<T>(fn: () => Promise<T>): Promise<T> {
    const scope = this.#context.getStore();
    if (scope instanceof SqliteSnapshot) return fn();
    if (scope !== undefined) {
      throw new TransactionError(
        "A snapshot cannot be taken inside an atomic block: what the block has written is not committed yet.",
      );
    }
    const run = (snapshot: SqliteSnapshot): Promise<T> => this.#context.run(snapshot, fn);
    if (this.#snapshots !== null) return this.#snapshots.run(run);
    return this.exclusively(async () => {
      const snapshot = new SqliteSnapshot(this.#reader);
      return run(snapshot).finally(() => snapshot.end());
    });
  }

  /** See `Database.outsideAtomic`. */
  outside<T>(fn: () => T): T {
    return this.#context.exit(fn);
  }

  /** See `Database.atomic`. */
  atomic<T>(fn: () => Promise<T>): Promise<T> {
    const scope = this.#context.getStore();
    if (scope instanceof AtomicBlock) return this.#savepoint(scope, fn);
    return this.#transaction(fn, scope);
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

  /** A single statement as a transaction with a marked end. */
  #inOwnTransaction<T>(connection: SqliteConnection, run: (connection: SqliteConnection) => T): T {
    connection.run("BEGIN IMMEDIATE", []);
    try {
      this.#markEnd();
      const result = run(connection);
      this.#markEnd();
      connection.run("COMMIT", []);
      return result;
    } catch (error) {
      if (connection.inTransaction) connection.run("ROLLBACK", []);
      throw error;
    }
  }

  /** Called at the end, and at the start for whoever wrote before and marks nothing. */
  #markEnd(): void {
    if (this.logs) this.#writer.run(markLogEnd, []);
  }

  /** Runs `fn` in a transaction of its own, for the adapter itself: nobody is told of the commit. */
  async inTurn<T>(fn: (connection: SqliteConnection) => T): Promise<T> {
    return this.exclusively(() => retryBusy(() => this.#inOwnTransaction(this.#writer, fn), this.#busyTimeout));
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
    this.#notify();
    return result;
  }

  readonly #afterWrite = <T>(result: T): T => {
    this.#writing.release();
    this.#notify();
    return result;
  };

  readonly #afterFailure = (error: unknown): never => {
    this.#writing.release();
    throw error;
  };

  async #transaction<T>(fn: () => Promise<T>, snapshot?: SqliteSnapshot): Promise<T> {
    assertNoSnapshot(snapshot);
    const result = await this.exclusively(async () => {
      await retryBusy(() => this.#writer.exec("BEGIN IMMEDIATE"), this.#busyTimeout);
      return this.#inTransaction(fn);
    });
    this.#notify();
    return result;
  }

  async #inTransaction<T>(fn: () => Promise<T>): Promise<T> {
    try {
      this.#markEnd();
      const result = await this.#runBlock(new AtomicBlock(null, this.#writing.timeout), fn);
      this.#markEnd();
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

  #notify(): void {
    this.committing.notify();
    this.commits.notify();
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

function assertNoSnapshot(scope: SqliteSnapshot | undefined): void {
  if (scope === undefined) return;
  throw new TransactionError("Expected only reads inside a snapshot, got a write. Write before or after it.");
}
