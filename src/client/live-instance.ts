import type { Row } from "./fold-rows.ts";
import { LiveQuery } from "./live-query.ts";
import { shareStructure } from "./share-structure.ts";
import type { Begun, RowChange } from "./subscription.ts";

/** One row as the server has it; null while there is none that may be seen. */
export class LiveInstance<T = Row> extends LiveQuery<T | null> {
  #row: unknown;

  protected override get visible(): T | null | undefined {
    // What the server shows is a row of this type: the resource's serializer says so.
    return this.#row as T | null | undefined;
  }

  protected override get answer(): unknown {
    return this.#row;
  }

  protected override takeBegin({ data, goesOn }: Begun): void {
    if (!goesOn) this.#row = shareStructure(this.#row, firstOf(data));
  }

  protected override takeChanges(changes: readonly RowChange[]): void {
    for (const { action, data } of changes)
      this.#row = action === "delete" ? null : shareStructure(this.#row, action === "reset" ? firstOf(data) : data);
  }
}

/** A reset shows what `list` would: the row, or none. */
function firstOf(data: unknown): unknown {
  return Array.isArray(data) ? (data[0] ?? null) : (data ?? null);
}
