/** Values that arrive, for one who takes them one by one. */
export class Arrivals<T> {
  readonly #values: T[] = [];
  #end: { readonly error: Error | null } | null = null;
  #wake: () => void = () => undefined;

  push(value: T): void {
    if (this.#end !== null) return;
    this.#values.push(value);
    this.#wake();
  }

  /** No more will come. What has come is taken first. @param error what the taker gets then; null: nothing went wrong. */
  end(error: Error | null = null): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** The next value; undefined at the end. */
  async next(): Promise<{ readonly value: T } | undefined> {
    for (;;) {
      const [value] = this.#values.splice(0, 1);
      if (value !== undefined) return { value };
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
