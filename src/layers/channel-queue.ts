import type { ChannelLimits } from "./channel-limits.ts";

/** Who works a queue off. */
export interface QueueWorker<Item> {
  /** Takes one item; the next one comes when the promise has settled. */
  receive(item: Item): void | Promise<void>;
  /** Items were lost. Called once until nothing waits any more. */
  onOverflow(): void;
  /** `receive` failed. */
  onError(error: unknown): void;
}

/** What a queue holds to: how many items may wait, for how long, and who tells the time. */
export interface QueueLimits extends Pick<ChannelLimits, "capacity" | "expiry"> {
  readonly clock: () => number;
}

/**
 * Items for one worker, one at a time and in order, within limits. What is lost is told to the worker, once per gap.
 *
 * A burst within one turn of the event loop is not held against the worker: it is judged by what still waits when the turn is over.
 */
export class ChannelQueue<Item> {
  private readonly worker: QueueWorker<Item>;
  private readonly limits: QueueLimits;
  private waiting: { readonly item: Item; readonly since: number }[] = [];
  /** Where in `waiting` the next item is: to shift a long list for each item would cost its whole length. */
  private next = 0;
  private running: Promise<void> | null = null;
  private hasGap = false;
  private isJudged = false;
  private isClosed = false;

  constructor(worker: QueueWorker<Item>, limits: QueueLimits) {
    this.worker = worker;
    this.limits = limits;
  }

  /** How many items wait; the one that the worker has is not counted. */
  get size(): number {
    return this.waiting.length - this.next;
  }

  /** Takes an item if there is room for it. */
  offer(item: Item): boolean {
    if (this.size >= this.limits.capacity) return false;
    this.add(item);
    return true;
  }

  /** Takes an item; when there is no room for it in the end, it is lost and the worker is told. */
  push(item: Item): void {
    const isFull = this.size >= this.limits.capacity;
    if (isFull && this.hasGap) return;
    this.add(item);
    if (!isFull || this.isJudged) return;
    this.isJudged = true;
    setImmediate(() => this.judge());
  }

  /** Starts nothing more. Resolves when the worker has ended what it has in hand. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.clear();
    await this.running;
  }

  private add(item: Item): void {
    if (this.isClosed) return;
    this.waiting.push({ item, since: this.limits.clock() });
    this.running ??= this.work();
  }

  private async work(): Promise<void> {
    // The sender goes on first: to it, sending is never a call of the receiver.
    await Promise.resolve();
    for (let entry = this.take(); entry !== undefined; entry = this.take()) {
      if (this.limits.clock() - entry.since >= this.limits.expiry) this.lose();
      else await this.handOver(entry.item);
    }
    this.running = null;
    this.hasGap = false;
  }

  private async handOver(item: Item): Promise<void> {
    try {
      await this.worker.receive(item);
    } catch (error) {
      this.worker.onError(error);
    }
  }

  private take(): { readonly item: Item; readonly since: number } | undefined {
    const entry = this.waiting[this.next];
    this.next += 1;
    if (this.next >= this.waiting.length) this.clear();
    return entry;
  }

  private clear(): void {
    this.waiting = [];
    this.next = 0;
  }

  /** The newest are the ones that are lost, so what waits has no gap in it. */
  private judge(): void {
    this.isJudged = false;
    if (this.size <= this.limits.capacity) return;
    this.waiting.length = this.next + this.limits.capacity;
    this.lose();
  }

  private lose(): void {
    if (this.hasGap || this.isClosed) return;
    this.hasGap = true;
    this.worker.onOverflow();
  }
}
