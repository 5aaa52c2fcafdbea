import { Store } from "./store.ts";

/** The newest entries, oldest first. Many that come at once are shown at once. */
export class Log<T> {
  readonly #entries = new Store<readonly T[]>([]);
  readonly #limit: number;
  #waiting: T[] = [];
  #isAbout = false;

  /** @param limit of entries that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  readonly get = (): readonly T[] => this.#entries.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#entries.subscribe(listener);

  add(entry: T): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > this.#limit) this.#waiting.shift();
    if (!this.#isAbout) setTimeout(() => this.#show(), 30);
    this.#isAbout = true;
  }

  clear(): void {
    this.#waiting = [];
    this.#entries.set([]);
  }

  #show(): void {
    this.#isAbout = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#entries.set([...this.#entries.get(), ...waiting].slice(-this.#limit));
  }
}
