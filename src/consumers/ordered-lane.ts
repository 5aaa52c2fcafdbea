/** Runs pieces of work one after another, in the order in which they were handed in. */
export class OrderedLane {
  #busy = false;
  /** The next one first. */
  readonly #waiting: (() => void)[] = [];
  /** What goes before all of those. */
  readonly #ahead: (() => void)[] = [];

  /** Is there nothing to wait for? */
  get isIdle(): boolean {
    return !this.#busy;
  }

  /** Starts `work` when what was handed in before has ended, well or badly; at once when there is none. Settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#enter(work, this.#waiting);
  }

  /** The same, but before everything that `run` was given; after what this was given. */
  runFirst<T>(work: () => Promise<T>): Promise<T> {
    return this.#enter(work, this.#ahead);
  }

  #enter<T>(work: () => Promise<T>, queue: (() => void)[]): Promise<T> {
    if (!this.#busy) return this.#start(work);
    // The one who waits goes on by itself, so that work runs in the asynchronous context of whoever handed it in.
    return new Promise<void>((resolve) => {
      queue.push(resolve);
    }).then(() => this.#start(work));
  }

  #start<T>(work: () => Promise<T>): Promise<T> {
    this.#busy = true;
    const mine = work();
    mine.then(this.#next, this.#next);
    return mine;
  }

  readonly #next = (): void => {
    const next = this.#ahead.shift() ?? this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next();
  };
}
