import type { LoggedRow } from "../models/change-log/change.ts";
import { pkKey } from "../models/pk-key.ts";
import type { OrderKey, RowOrder } from "./row-order.ts";

/** One row at its place. */
export interface Entry {
  readonly pk: unknown;
  readonly key: OrderKey;
  readonly row: LoggedRow;
}

/** The first rows of a list, in order: a sorted array. */
export class OrderedEntries {
  readonly #order: RowOrder;
  readonly #pkName: string;
  #entries: Entry[] = [];

  constructor(order: RowOrder, pkName: string) {
    this.#order = order;
    this.#pkName = pkName;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** The rows from `start` to before `end`. */
  rows(start: number, end: number): readonly LoggedRow[] {
    return this.#entries.slice(start, end).map(({ row }) => row);
  }

  /** @param rows in order. */
  replace(rows: readonly LoggedRow[]): void {
    this.#entries = rows.map((row) => this.entryOf(row));
  }

  entryOf(row: LoggedRow): Entry {
    return { pk: row[this.#pkName], key: this.#order.keyOf(row), row };
  }

  /** Where the entry is, or -1. */
  indexOf({ pk, key }: Entry): number {
    const index = this.place(key);
    const found = this.#entries[index];
    return found !== undefined && pkKey(found.pk) === pkKey(pk) ? index : -1;
  }

  /** How many entries stand before the key. */
  place(key: OrderKey): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && this.#order.compare(entry.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(index: number, entry: Entry): void {
    this.#entries.splice(index, 0, entry);
  }

  remove(index: number): void {
    this.#entries.splice(index, 1);
  }

  /** Forgets what is behind the first `length`. */
  truncate(length: number): void {
    if (this.#entries.length > length) this.#entries.length = length;
  }
}
