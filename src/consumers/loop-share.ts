import { setImmediate } from "node:timers/promises";

/** Milliseconds that one piece of work may keep the event loop for itself. */
const SHARE = 10;

/**
 * Keeps work that never waits for anything, a stream of ready items for instance, from keeping everybody else waiting: promises that are
 * settled already run before any other socket is looked at.
 */
export class LoopShare {
  private began = performance.now();

  /** Lets the event loop go around when the work has had its share of it; null when it may go on. */
  yieldIfUsedUp(): Promise<void> | null {
    return performance.now() - this.began < SHARE ? null : this.yield();
  }

  private async yield(): Promise<void> {
    await setImmediate();
    this.began = performance.now();
  }
}
