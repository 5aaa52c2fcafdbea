/** Who wants to know of commits. */
export class CommitListeners {
  readonly #listeners = new Set<() => void>();

  /** @returns a function that removes the listener. */
  add(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** A listener that throws must not fail a write that is committed: the error becomes a process warning. */
  notify(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : `A commit listener threw ${String(error)}.`);
      }
    }
  }
}
