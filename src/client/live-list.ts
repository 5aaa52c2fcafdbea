import { foldRows, freshRows, type Row, type Rows } from "./fold-rows.ts";
import { LiveQuery } from "./live-query.ts";
import { rowKey } from "./row-key.ts";
import type { Begun, RowChange } from "./subscription.ts";

const EMPTY: Rows = { rows: [], page: null };

/** A list as the server has it. */
export class LiveList<T = Row> extends LiveQuery<readonly T[]> {
  #list: Rows = EMPTY;
  #isKnown = false;
  #keyOf = rowKey(undefined);
  #pkField: string | undefined;

  /** What the page holds beside its rows (`count`, `limit` ...), where the resource has pages; else null. */
  get page(): Row | null {
    return this.#list.page;
  }

  protected override get visible(): readonly T[] | undefined {
    // What the server shows are rows of this type: the resource's serializer says so.
    return this.#isKnown ? (this.#list.rows as readonly T[]) : undefined;
  }

  protected override get answer(): unknown {
    const { rows, page } = this.#list;
    return page === null ? rows : { ...page, results: rows };
  }

  protected override get pkField(): string | undefined {
    return this.#pkField;
  }

  protected override takeBegin({ data, goesOn, pkField }: Begun): void {
    this.#pkField = pkField;
    this.#keyOf = rowKey(pkField);
    this.#isKnown = true;
    if (!goesOn) this.#list = freshRows(this.#list, data, this.#keyOf);
  }

  protected override takeChanges(changes: readonly RowChange[]): void {
    this.#list = foldRows(this.#list, changes, this.#keyOf);
  }
}
