import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";
import { AtomicBlock } from "../../atomic-block.ts";
import { CommitListeners } from "../../commit-listeners.ts";
import { IntegrityError, SerializationFailure, TransactionError } from "../../errors.ts";
import type { PostgresConnection } from "./postgres-connection.ts";
import { abortedBlock } from "./postgres-errors.ts";
import type { PostgresPool } from "./postgres-pool.ts";

const ISOLATION_LEVELS = ["read committed", "repeatable read", "serializable"] as const;

export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** How one transaction runs. */
export interface AtomicOptions {
  /** What it sees of others. Default: the database's, as given to `openPostgres`. */
  readonly isolationLevel?: IsolationLevel;
}

export interface TransactionSettings {
  readonly isolationLevel: IsolationLevel;
  /** How often a transaction that PostgreSQL gave up is run again. */
  readonly retries: number;
}

/** The transaction that code runs in. */
interface Scope {
  readonly connection: PostgresConnection;
  readonly block: AtomicBlock;
  readonly readOnly: boolean;
}

type Run<T> = (connection: PostgresConnection) => Promise<T>;

/** Decides on which connection a statement runs. */
export class PostgresTransactions {
  readonly #pool: PostgresPool;
  readonly #settings: TransactionSettings;
  readonly #context = new AsyncLocalStorage<Scope>();
  readonly commits = new CommitListeners();
  /** Before others can see what is committed. */
  readonly committing = new CommitListeners();

  constructor(pool: PostgresPool, settings: TransactionSettings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  get inAtomic(): boolean {
    return this.#context.getStore()?.readOnly === false;
  }

  get inSnapshot(): boolean {
    return this.#context.getStore()?.readOnly === true;
  }

  /** In an atomic block or a snapshot. */
  get inTransaction(): boolean {
    return this.#context.getStore() !== undefined;
  }

  read<T>(run: Run<T>): Promise<T> {
    const scope = this.#context.getStore();
    return scope === undefined ? this.#retried(() => this.#pool.use(run)) : inTurn(scope, run);
  }

  async write<T>(run: Run<T>): Promise<T> {
    const scope = this.#context.getStore();
    if (scope?.readOnly === true) throw new TransactionError("A snapshot only reads. Write outside of it.");
    if (scope !== undefined) return inTurn(scope, run);
    this.committing.notify();
    const result = await this.#retried(() => this.#pool.use(run));
    this.commits.notify();
    return result;
  }

  /** See `Database.outsideAtomic`. */
  outside<T>(fn: () => T): T {
    return this.#context.exit(fn);
  }

  /** See `Database.atomic`. */
  async atomic<T>(fn: () => Promise<T>, options: AtomicOptions = {}): Promise<T> {
    const scope = this.#context.getStore();
    if (scope?.readOnly === true) throw new TransactionError("A snapshot only reads: it cannot hold an atomic block.");
    if (scope !== undefined) return this.#savepoint(scope, fn);
    const { isolationLevel } = { ...this.#settings, ...options };
    const begin = `BEGIN ISOLATION LEVEL ${checked(isolationLevel)}`;
    const result = await this.#retried(() => this.#transaction(begin, false, fn));
    this.commits.notify();
    return result;
  }

  /** See `Database.snapshot`. */
  async snapshot<T>(fn: () => Promise<T>): Promise<T> {
    const scope = this.#context.getStore();
    if (scope?.readOnly === true) return fn();
    if (scope !== undefined)
      throw new TransactionError("A snapshot cannot be taken inside an atomic block: take it before, or read in the block.");
    return this.#transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", true, fn);
  }

  async #retried<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof SerializationFailure) || failures >= this.#settings.retries) throw error;
        // Those that met now must not meet again.
        await delay(Math.random() * 10 * 2 ** failures);
      }
    }
  }

  #transaction<T>(begin: string, readOnly: boolean, fn: () => Promise<T>): Promise<T> {
    return this.#pool.use(async (connection) => {
      const block = new AtomicBlock(null, this.#pool.limits.lockTimeout);
      await connection.query(begin);
      try {
        const result = await this.#runBlock({ connection, block, readOnly }, fn);
        if (!readOnly) this.committing.notify();
        await commit(connection);
        return result;
      } catch (error) {
        await rollBack(connection, "ROLLBACK");
        throw error;
      }
    });
  }

  async #savepoint<T>({ connection, block: parent, readOnly }: Scope, fn: () => Promise<T>): Promise<T> {
    return parent.takeTurn(async () => {
      const block = new AtomicBlock(parent, this.#pool.limits.lockTimeout);
      const name = `restwave_${block.depth}`;
      await connection.query(`SAVEPOINT ${name}`);
      try {
        const result = await this.#runBlock({ connection, block, readOnly }, fn);
        parent.assertOpen();
        await connection.query(`RELEASE ${name}`);
        return result;
      } catch (error) {
        // A parent that ended first has already taken this savepoint with it.
        if (!parent.ended) await rollBack(connection, `ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      }
    });
  }

  async #runBlock<T>(scope: Scope, fn: () => Promise<T>): Promise<T> {
    const { block } = scope;
    try {
      const result = await this.#context.run(scope, fn);
      if (!block.busy) return result;
      throw new TransactionError(
        "An atomic block ended while an inner block or a statement of it was still running. Await everything that the block starts.",
      );
    } finally {
      block.end();
    }
  }
}

/** It becomes SQL. */
function checked(level: IsolationLevel): IsolationLevel {
  if (ISOLATION_LEVELS.includes(level)) return level;
  throw new ImproperlyConfigured(`Expected isolationLevel to be one of: ${ISOLATION_LEVELS.join(", ")}.`);
}

async function inTurn<T>({ block, connection }: Scope, run: Run<T>): Promise<T> {
  return block.takeTurn(() => run(connection));
}

async function commit(connection: PostgresConnection): Promise<void> {
  try {
    const { command } = await connection.query("COMMIT");
    // A failed transaction cannot be committed; PostgreSQL takes COMMIT for ROLLBACK then and reports no error.
    if (command !== "COMMIT") throw abortedBlock();
  } catch (error) {
    // A deferred constraint: nobody knows any more which of the block's writes named the columns.
    if (error instanceof IntegrityError) throw new IntegrityError(error.kind, [], { cause: error.cause, table: error.table });
    throw error;
  }
}

/** The error that made it necessary is the one to report; a connection on which this fails is thrown away. */
async function rollBack(connection: PostgresConnection, sql: string): Promise<void> {
  if (connection.lost) return;
  await connection.query(sql).catch(() => connection.discard());
}
