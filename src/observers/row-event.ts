import type { LoggedRow } from "../models/change-log/change.ts";

/** What one transaction means for one row of a live query. */
export interface RowEvent {
  /** `create`: the row came to match; `update`: it matches as before; `delete`: it matches no more. */
  readonly kind: "create" | "update" | "delete";
  /** The primary key, as a row holds it. */
  readonly pk: unknown;
  /** The row as it is now; null for `delete`. */
  readonly row: LoggedRow | null;
  /** The row as it was before the transaction, as far as it is known. */
  readonly before: LoggedRow | null;
  /** A row that its transaction changed before it was removed, as it was last. */
  readonly last?: LoggedRow | undefined;
  /**
   * Where the row stands now in a list that has an order, counted from 0 in its window; undefined without an order. Events apply one after
   * another: a row that moves is taken out first, then put in at its index.
   */
  readonly index?: number;
}

/** The events of one transaction for one live query, or `"lost"` when only reading again can tell. */
export type QueryEvents = readonly RowEvent[] | "lost";
