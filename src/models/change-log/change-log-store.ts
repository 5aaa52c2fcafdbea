import type { MaybePromise } from "../database.ts";
import type { ModelColumn } from "../model-column.ts";
import type { AnyModel } from "../model.ts";
import type { LoggedRow } from "./change.ts";
import type { Position, TransactionId } from "./position.ts";

/** A table whose changes are logged, and which of its columns. */
export interface LoggedTable {
  /** The model that entries of this table name. That of a join table may lack a primary key of one column. */
  readonly model: AnyModel;
  readonly columns: readonly ModelColumn[];
}

/** One row of the log. */
export interface LogEntry {
  readonly model: AnyModel;
  /** `lost`: something changed that the log cannot tell. */
  readonly operation: "insert" | "update" | "delete" | "lost";
  readonly before: LoggedRow | null;
  readonly after: LoggedRow | null;
}

/** The entries of one committed transaction, in the order in which they were written. */
export interface LoggedTransaction {
  readonly id: TransactionId;
  /** Where a reader stands after it. */
  readonly position: Position;
  readonly entries: readonly LogEntry[];
}

/** What one reading of the log gives. */
export interface LogPage {
  /** In commit order. */
  readonly transactions: readonly LoggedTransaction[];
  /** Is there nothing behind them, as of this reading? */
  readonly isLast: boolean;
}

/** How much of the log is kept. */
export interface Retention {
  /** Milliseconds. */
  readonly maxAge: number;
  readonly maxRows: number;
}

/**
 * The port between the change log and one database: the log's table and the triggers that fill it inside the writing transaction.
 *
 * Reads MUST join the present `Database.snapshot` if there is one. An implementation MUST NOT skip a committed transaction, give one twice to a
 * reader that goes on from the position it was given, or give a part of one.
 */
export interface ChangeLogStore {
  /**
   * Makes or upgrades the log and the triggers of these tables; other tables' stay as they are. Does nothing when all is in place. MUST be safe
   * while other processes do the same, or write. A table whose trigger is new or changed gets a `lost` entry: what happened before is not known.
   */
  install(tables: readonly LoggedTable[]): Promise<void>;
  /** The statements of `install`, for teams that apply DDL through their own migrations. Applying them twice does no harm. */
  script(tables: readonly LoggedTable[]): readonly string[];
  /** Everything that is committed now, or that the present snapshot sees. `install` MUST have been called. */
  position(): MaybePromise<Position>;
  /** The position that a text stands for, of whatever epoch; null when it is none. */
  parse(text: string): Position | null;
  /**
   * What is committed now (or seen by the present snapshot) and `from` has not seen, in commit order; transactions are whole. About `limit` entries
   * at most: read on from the last one's position until there are none. A transaction that touched none of `tables` is given without entries. An
   * entry that cannot be told in the columns of its table (written by an older trigger, a value that cannot be read) is given as `lost`.
   *
   * @param tables by `model.tableSql`.
   * @returns null when it cannot be told: `from` is of another epoch, ahead of the log, or some of it is pruned.
   */
  read(from: Position, tables: ReadonlyMap<string, LoggedTable>, limit: number): MaybePromise<LogPage | null>;
  /** Are there more entries than `limit` that `from` has not seen? Cheaper than to read them. */
  exceeds(from: Position, limit: number): MaybePromise<boolean>;
  /** Calls `onNews` when another process (or another connection) may have committed, now or some time later; false alarms are fine. */
  watch(onNews: () => void): () => void;
  /** Removes what is older than the retention allows, in short steps that do not hold up writers. @returns how many entries. */
  prune(retention: Retention): Promise<number>;
  /** Notes that something changed in a table that the triggers could not see. */
  markLost(model: AnyModel): Promise<void>;
}
