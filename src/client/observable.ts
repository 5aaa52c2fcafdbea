import { tell } from "./tell.ts";

/** A value that changes, and those who want to know. */
export class Observable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Sets the value and tells the listeners. */
  set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) tell(listener);
  }

  /** Calls `listener` after each change. @returns a function that ends it. */
  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
