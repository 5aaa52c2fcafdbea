import { type Frame, type Row, rowsOf } from "./live-client.ts";

/** A list as a client holds it who applies one event after another. Complains of an event that cannot be applied. */
export class FoldedList {
  #rows: Row[];

  constructor(data: unknown) {
    this.#rows = [...rowsOf(data)];
  }

  /** In the order of the list; where events tell no order, by key. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  get sorted(): readonly Row[] {
    return this.#rows.toSorted((left, right) => left.id - right.id);
  }

  apply(events: readonly Frame[]): void {
    for (const event of events) this.#applyOne(event);
  }

  #applyOne({ action, data, index }: Frame): void {
    if (action === "reset") {
      this.#rows = [...rowsOf(data)];
      return;
    }
    const key = action === "delete" ? (data as { readonly pk: number }).pk : (data as Row).id;
    const place = this.#rows.findIndex(({ id }) => id === key);
    if ((action === "create") !== (place === -1)) throw new Error(`${action} of row ${key}, which stands at ${place}`);
    if (action === "update" && index === undefined) {
      this.#rows[place] = data as Row;
      return;
    }
    if (place !== -1) this.#rows.splice(place, 1);
    if (action === "delete") return;
    if (index !== undefined && index > this.#rows.length)
      throw new Error(`${action} of row ${key} at ${index} of ${this.#rows.length}`);
    this.#rows.splice(index ?? this.#rows.length, 0, data as Row);
  }
}
