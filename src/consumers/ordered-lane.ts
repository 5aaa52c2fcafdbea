/** Runs pieces of work one after another, in the order in which they were handed in. */
export class OrderedLane {
  private last: Promise<void> | null = null;

  /** Starts `work` when what was handed in before has ended, well or badly; at once when there is none. Settles as `work` does. */
  async run(work: () => Promise<void>): Promise<void> {
    const mine = this.last === null ? work() : this.last.then(work);
    const settled = mine.catch(() => undefined);
    this.last = settled;
    try {
      await mine;
    } finally {
      if (this.last === settled) this.last = null;
    }
  }
}
