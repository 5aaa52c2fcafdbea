import { TransactionError } from "./errors.ts";
import { Mutex } from "./mutex.ts";

/** One running `atomic` block. Its code owns the transaction until it has ended; blocks inside it are savepoints. */
export class AtomicBlock {
  readonly parent: AtomicBlock | null;
  /** 0 for the transaction itself, 1 for a block in it, and so on. */
  readonly depth: number;
  /** Held by a block inside while it runs, and by each statement: savepoints nest rightly whatever runs side by side. */
  readonly #turn: Mutex;
  #ended = false;

  /** @param lockTimeout milliseconds that a block or a statement inside waits for its turn. */
  constructor(parent: AtomicBlock | null, lockTimeout: number) {
    this.#turn = new Mutex(lockTimeout);
    this.parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
  }

  get ended(): boolean {
    return this.#ended || (this.parent?.ended ?? false);
  }

  /** The block is over: what still runs in its async context gets an error from here on. */
  end(): void {
    this.#ended = true;
  }

  /** Is a statement or a block inside still on its way? */
  get busy(): boolean {
    return this.#turn.locked;
  }

  /** @throws TransactionError when the block has ended. */
  assertOpen(): void {
    if (!this.ended) return;
    throw new TransactionError(
      "A statement was started inside an atomic block but came after its end, so it belongs to no transaction. Await everything that the block starts.",
    );
  }

  /** Runs `fn` when nothing else runs in this block. @throws LockTimeout */
  takeTurn<T>(fn: () => T | Promise<T>): T | Promise<T> {
    this.assertOpen();
    return this.#turn.locked ? this.#wait(fn) : this.#run(fn);
  }

  async #wait<T>(fn: () => T | Promise<T>): Promise<T> {
    await this.#turn.acquire();
    try {
      this.assertOpen();
      return await fn();
    } finally {
      this.#turn.release();
    }
  }

  /** The lock is taken for what takes time only; what is done at once cannot be interrupted. */
  #run<T>(fn: () => T | Promise<T>): T | Promise<T> {
    void this.#turn.acquire();
    let result: T | Promise<T>;
    try {
      result = fn();
    } catch (error) {
      this.#turn.release();
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => this.#turn.release());
    this.#turn.release();
    return result;
  }
}
