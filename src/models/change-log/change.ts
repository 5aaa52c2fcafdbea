import type { AnyModel } from "../model.ts";
import type { Position, TransactionId } from "./position.ts";

/** A row as the log holds it: by property key, row values as a queryset gives them, without the columns that are left out of the log. */
export type LoggedRow = Readonly<Record<string, unknown>>;

/**
 * The net change of one row in one transaction: created then updated is one creation with the final values, created then deleted is nothing,
 * a write that changed no value is a change all the same. A row whose primary key changed is two changes: one left, one came.
 */
export interface Change {
  readonly model: AnyModel;
  /** The primary key, as a row holds it. */
  readonly pk: unknown;
  /** The row before the transaction; null: there was none. Never null together with `after`. */
  readonly before: LoggedRow | null;
  /** The row after the transaction; null: there is none. */
  readonly after: LoggedRow | null;
  /** For a row that the transaction changed and then removed: as it was last, which nobody else has seen. */
  readonly last?: LoggedRow;
}

/** A row that is as it was, but is linked to other rows than before. */
export interface TouchedRow {
  readonly model: AnyModel;
  readonly pk: unknown;
}

/** One committed transaction with what it did to observed tables. */
export interface CommittedTransaction {
  readonly id: TransactionId;
  /** Where a reader stands that has seen this transaction and all that the log gave before it. */
  readonly position: Position;
  /** At most one per row; models in the order in which they were touched first, rows likewise. */
  readonly changes: readonly Change[];
  /** Rows whose many-to-many relation changed, for models that are observed so; those that are in `changes` too are left out. */
  readonly touched: readonly TouchedRow[];
  /** Models of which something changed that the log cannot tell (TRUNCATE, a load without triggers): read them again. */
  readonly lost: readonly AnyModel[];
}
