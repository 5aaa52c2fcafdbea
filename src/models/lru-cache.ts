/** A bounded map that forgets what was not used for longest. */
export class LruCache<V> {
  readonly #capacity: number;
  readonly #entries = new Map<string, V>();
  #newest: string | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest || this.#hasRoom) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  /** @returns what had to go to make room, if anything. */
  set(key: string, value: V): V | undefined {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return this.#entries.size > this.#capacity ? this.#dropOldest() : undefined;
  }

  /** Far from full, nothing will have to go soon, and the order of use need not be kept: that costs more than the look-up. */
  get #hasRoom(): boolean {
    return this.#entries.size <= this.#capacity / 2;
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = undefined;
  }

  #dropOldest(): V | undefined {
    const oldest = this.#entries.keys().next();
    if (oldest.done === true) return undefined;
    const value = this.#entries.get(oldest.value);
    this.#entries.delete(oldest.value);
    return value;
  }
}
