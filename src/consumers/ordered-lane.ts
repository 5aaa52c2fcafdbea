/** Runs pieces of work one after another, in the order in which they were handed in. */
export class OrderedLane {
  #last: Promise<void> | null = null;

  /** Is there nothing to wait for? */
  get isIdle(): boolean {
    return this.#last === null;
  }

  /** Starts `work` when what was handed in before has ended, well or badly; at once when there is none. Settles as `work` does. */
  run(work: () => Promise<void>): Promise<void> {
    const mine = this.#last === null ? work() : this.#last.then(work);
    const release = (): void => {
      if (this.#last === ended) this.#last = null;
    };
    const ended: Promise<void> = mine.then(release, release);
    this.#last = ended;
    return mine;
  }
}
