import type { Row } from "./fold-rows.ts";
import { LiveQuery } from "./live-query.ts";
import { rowKey } from "./row-key.ts";
import { shareStructure } from "./share-structure.ts";
import type { Begun, RowChange } from "./subscription.ts";

/** One row as the server has it; null while there is none that may be seen. */
export class LiveInstance<T = Row> extends LiveQuery<T | null> {
  #row: Row | null | undefined;
  #shown: Row | null = null;
  #pkField = "id";
  #keyOf = rowKey(undefined);

  protected override get visible(): T | null | undefined {
    if (this.#row === undefined) return undefined;
    const list = {
      kind: "instance",
      args: this.request.args,
      keyOf: this.#keyOf,
      pkField: this.#pkField,
      isPage: false,
    } as const;
    const base: readonly Row[] = this.#row === null ? [] : [this.#row];
    const [shown = null] = this.layers.reduce((rows, layer) => layer.apply(rows, list), base);
    this.#shown = shareStructure(this.#shown, shown);
    // What the server shows is a row of this type: the resource's serializer says so.
    return this.#shown as T | null;
  }

  protected override get answer(): unknown {
    return this.#row;
  }

  protected override takeBegin({ data, goesOn, pkField }: Begun): void {
    this.#pkField = pkField ?? "id";
    this.#keyOf = rowKey(pkField);
    if (!goesOn) this.#row = shareStructure(this.#row, firstOf(data));
  }

  protected override takeChanges(changes: readonly RowChange[]): void {
    for (const { action, data } of changes) this.#row = action === "delete" ? null : shareStructure(this.#row, firstOf(data));
  }
}

/** A reset shows what `list` would: the row, or none. */
function firstOf(data: unknown): Row | null {
  const found: unknown = Array.isArray(data) ? data[0] : data;
  return typeof found === "object" && found !== null ? { ...found } : null;
}
