import type { MaybePromise } from "../models/database.ts";
import type { Change, CommittedTransaction } from "../models/change-log/change.ts";
import type { Position } from "../models/change-log/position.ts";
import type { AnyModel } from "../models/model.ts";
import type { Where } from "../models/where.ts";
import { relatedModels } from "./related-models.ts";
import type { QueryEvents } from "./row-event.ts";

/** Takes what live queries tell it. */
export interface EventSink {
  /** Called in commit order; `events` may still be worked out. */
  receive(transaction: CommittedTransaction, events: MaybePromise<QueryEvents>): void;
  /** For `LiveQuery.newcomers`: a transaction that may touch the query comes, whatever it means. */
  notice?(transaction: CommittedTransaction): void;
  /** Called when the query was read again: who has not seen all that it sees by now cannot follow it any more. */
  catchUp?(): void;
}

/** Which rows are watched. */
export interface LiveQueryDefinition {
  readonly model: AnyModel;
  readonly where: Where | null;
  /** Is a change of a row's many-to-many relations an update of the row? */
  readonly watchesRelations: boolean;
  /** Models through which the rows are ordered. */
  readonly orderedThrough?: readonly AnyModel[];
}

/**
 * A set of rows whose changes somebody wants to know. Everybody who asks for the same rows shares one: what a transaction means for it is worked
 * out once.
 */
export abstract class LiveQuery {
  readonly model: AnyModel;
  readonly where: Where | null;
  readonly watchesRelations: boolean;
  /** Other models whose changes may matter. */
  readonly reaches: readonly AnyModel[];
  readonly sinks = new Set<EventSink>();
  /** Those whose snapshot may have seen transactions that are still to be told. */
  readonly newcomers = new Set<EventSink>();

  constructor({ model, where, watchesRelations, orderedThrough = [] }: LiveQueryDefinition) {
    this.model = model;
    this.where = where;
    this.watchesRelations = watchesRelations;
    this.reaches = [...new Set([...relatedModels(model, where), ...orderedThrough])];
  }

  /**
   * What a transaction means. Called for every transaction that may touch the query, in commit order.
   *
   * @param changes the transaction's changes that may matter.
   */
  abstract apply(transaction: CommittedTransaction, changes: readonly Change[]): MaybePromise<QueryEvents>;

  /** `apply` for changes that are still being read; null: they could not be told. Keeps its place among the transactions. */
  applyWhenRead(transaction: CommittedTransaction, read: Promise<readonly Change[] | null>): Promise<QueryEvents> {
    return read.then((changes) => (changes === null ? "lost" : this.apply(transaction, changes)));
  }

  /** Do its events say where a row stands, as of all that was told before? */
  readonly placesRows: boolean = false;

  /**
   * Prepares for transactions behind `position`; called inside the snapshot of that position, by each who joins.
   *
   * @returns false when the query has seen more than that by now: join with a later snapshot.
   */
  begin(_position: Position): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** Can one who has seen what `position` has follow from here on? Not when the query was read again behind it. */
  canFollow(_position: Position): boolean {
    return true;
  }

  /**
   * The same query as it was at `position`, for nobody else; null when that cannot be told. Called inside a snapshot.
   *
   * @param since what was committed since, as that snapshot sees it.
   */
  abstract copyAt(position: Position, since: readonly CommittedTransaction[]): Promise<LiveQuery | null>;
}
