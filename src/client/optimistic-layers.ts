import type { OptimisticLayer } from "./optimistic-layer.ts";

/** The changes of a client that are on their way, in the order in which they were made. */
export class OptimisticLayers {
  readonly #layers = new Set<OptimisticLayer>();
  readonly #changed: (stream: string | null) => void;

  /** @param changed called when the layers of a stream are other ones than before. */
  constructor(changed: (stream: string | null) => void) {
    this.#changed = changed;
  }

  of(stream: string | null): readonly OptimisticLayer[] {
    return [...this.#layers].filter((layer) => layer.stream === stream);
  }

  add(layer: OptimisticLayer): void {
    this.#layers.add(layer);
    this.#changed(layer.stream);
  }

  /** Together: no layer of one stream shows for a moment without those above it. */
  delete(layers: readonly OptimisticLayer[]): void {
    const gone = layers.filter((layer) => this.#layers.delete(layer));
    if (gone[0] !== undefined) this.#changed(gone[0].stream);
  }

  /** The layer shows something else now. */
  touch(layer: OptimisticLayer): void {
    if (this.#layers.has(layer)) this.#changed(layer.stream);
  }
}
