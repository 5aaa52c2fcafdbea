import { foldRows, freshRows, type Row, type Rows } from "./fold-rows.ts";
import { LiveQuery } from "./live-query.ts";
import { rowKey } from "./row-key.ts";
import type { Begun, RowChange } from "./subscription.ts";

const EMPTY: Rows = { rows: [], page: null };

/** A list as the server has it. */
export class LiveList<T = Row> extends LiveQuery<readonly T[]> {
  #list: Rows = EMPTY;
  #isKnown = false;
  #pkField = "id";
  #keyOf = rowKey(undefined);
  #shown: readonly Row[] = EMPTY.rows;

  /** What the page holds beside its rows (`count`, `limit` ...), where the resource has pages; else null. */
  get page(): Row | null {
    return this.#list.page;
  }

  protected override get visible(): readonly T[] | undefined {
    if (!this.#isKnown) return undefined;
    const { args } = this.request;
    const list = { kind: "list", args, keyOf: this.#keyOf, pkField: this.#pkField, isPage: this.#list.page !== null } as const;
    const shown = this.layers.reduce((rows, layer) => layer.apply(rows, list), this.#list.rows);
    if (!isSame(this.#shown, shown)) this.#shown = shown;
    // What the server shows are rows of this type: the resource's serializer says so.
    return this.#shown as readonly T[];
  }

  protected override get answer(): unknown {
    const { rows, page } = this.#list;
    return page === null ? rows : { ...page, results: rows };
  }

  protected override takeBegin({ data, goesOn, pkField }: Begun): void {
    this.#pkField = pkField ?? "id";
    this.#keyOf = rowKey(pkField);
    this.#isKnown = true;
    if (!goesOn) this.#list = freshRows(this.#list, data, this.#keyOf);
  }

  protected override takeChanges(changes: readonly RowChange[]): void {
    this.#list = foldRows(this.#list, changes, this.#keyOf);
  }
}

function isSame(known: readonly Row[], fresh: readonly Row[]): boolean {
  return known.length === fresh.length && known.every((row, index) => row === fresh[index]);
}
