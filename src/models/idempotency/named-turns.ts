import { Mutex } from "../mutex.ts";

interface Turn {
  readonly mutex: Mutex;
  /** Those that hold it or wait for it. */
  users: number;
}

/** Runs pieces of work that have one name one after another; those of other names do not wait. */
export class NamedTurns {
  readonly #timeout: number;
  readonly #turns = new Map<string, Turn>();

  /** @param timeout milliseconds that one waits for the others of its name. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Runs `work` when what was handed in before under this name has ended, well or badly.
   *
   * @throws LockTimeout (503) when that takes too long; `work` is not run then.
   */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#enter(name);
    try {
      await turn.mutex.acquire();
      return await work().finally(() => turn.mutex.release());
    } finally {
      turn.users -= 1;
      if (turn.users === 0) this.#turns.delete(name);
    }
  }

  /** How many names have work under way. */
  get size(): number {
    return this.#turns.size;
  }

  #enter(name: string): Turn {
    const turn = this.#turns.get(name) ?? { mutex: new Mutex(this.#timeout), users: 0 };
    turn.users += 1;
    this.#turns.set(name, turn);
    return turn;
  }
}
