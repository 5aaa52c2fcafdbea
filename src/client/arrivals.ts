/** Values that arrive, for one who takes them one by one. */
export class Arrivals<T> {
  readonly #values: T[] = [];
  #end: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  /** How many wait. */
  get size(): number {
    return this.#values.length;
  }

  clear(): void {
    this.#values.length = 0;
  }

  push(value: T): void {
    if (this.#end !== null) return;
    this.#values.push(value);
    this.#wake();
  }

  /** No more will come. What has come is taken first. @param error what the taker gets then; null: nothing went wrong. */
  end(error: unknown = null): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** The next value; undefined at the end. */
  async next(): Promise<{ readonly value: T } | undefined> {
    for (;;) {
      const [value] = this.#values.splice(0, 1);
      if (value !== undefined) return { value };
      if (this.#end !== null) {
        // oxlint-disable-next-line typescript/only-throw-error -- the reason of an application's signal may be anything
        if (this.#end.error !== null) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
