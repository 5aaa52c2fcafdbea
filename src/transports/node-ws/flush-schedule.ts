/** Something that has output to write at the end of the tick. */
export interface Flushable {
  flush(): void;
}

/** Calls `flush` of each that asked for it once the running callback and its microtasks are over: one `nextTick` for all connections. */
export class FlushSchedule {
  private waiting: Flushable[] = [];
  private readonly run = (): void => {
    const due = this.waiting;
    this.waiting = [];
    for (const each of due) each.flush();
  };

  /** Call it once per flush: the caller knows whether it waits already. */
  add(each: Flushable): void {
    if (this.waiting.push(each) === 1) process.nextTick(this.run);
  }
}
