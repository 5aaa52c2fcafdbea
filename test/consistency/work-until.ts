/** Does something again and again until others are done. */
export class WorkUntil {
  private isOver = false;

  /** Repeats `work`, which is told how often it was done before, until `finish` is called. */
  async repeat(work: (done: number) => Promise<unknown>): Promise<void> {
    for (let done = 0; !this.isOver; done += 1) await work(done);
  }

  finish(): void {
    this.isOver = true;
  }
}
