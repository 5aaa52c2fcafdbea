import { LockTimeout } from "./errors.ts";

/** More, and a timer of Node.js fires at once. */
const MAX_TIMER = 2 ** 31 - 1;

/** A first-in, first-out lock for asynchronous sections. */
export class Mutex {
  /** Milliseconds that one waits for it. */
  readonly timeout: number;
  #locked = false;
  /** In the order of arrival; each is told that it holds the lock. */
  readonly #waiting = new Set<() => void>();

  constructor(timeout: number) {
    this.timeout = timeout;
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** Resolves when the caller holds the lock. @throws LockTimeout when that takes too long; the caller then never gets it. */
  acquire(): Promise<void> | void {
    if (this.#locked) return this.#wait();
    this.#locked = true;
  }

  /** Hands the lock to whoever waited longest. */
  release(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      return next();
    }
    this.#locked = false;
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hold = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(hold);
        reject(new LockTimeout(this.timeout));
      };
      const timer = setTimeout(giveUp, Math.min(this.timeout, MAX_TIMER));
      this.#waiting.add(hold);
    });
  }
}
