import type { Change, CommittedTransaction } from "../models/change-log/change.ts";
import type { Position } from "../models/change-log/position.ts";
import type { LoggedRow } from "../models/change-log/change.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { encodeJson } from "../protocol/json.ts";
import { listDifference } from "./list-difference.ts";
import { LiveQuery } from "./live-query.ts";
import { pkKey } from "../models/pk-key.ts";
import { orderingModels } from "./related-models.ts";
import type { QueryEvents } from "./row-event.ts";
import { inTotalOrder, placesRows, totalOrdering } from "./row-order.ts";
import { loggedValues } from "./rows-at.ts";

/**
 * Rows that only the database can tell: conditions or an order that reach through a relation or look at columns that the log does not hold. At
 * each change of its model or of a model that it reaches the list is read again and compared: slower, never wrong. Not shared, since what is
 * read may be ahead of what others have seen.
 */
export class AskedQuery extends LiveQuery {
  readonly #queryset: AnyQuerySet;
  readonly #isOrdered: boolean;
  #held: readonly LoggedRow[] = [];
  #from: Position | null = null;
  #open: () => void = () => undefined;
  /** Transactions one after another, behind the first reading. */
  #queue: Promise<unknown> = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  /** @param queryset in one order only, with its window, if it has one. */
  private constructor(queryset: AnyQuerySet, { watchesRelations, isOrdered }: { watchesRelations: boolean; isOrdered: boolean }) {
    const { model, query } = queryset;
    super({ model, where: query.where, watchesRelations, orderedThrough: orderingModels(model, totalOrdering(queryset)) });
    this.#isOrdered = isOrdered;
    this.#queryset = queryset;
  }

  override async begin(position: Position): Promise<boolean> {
    this.#held = await this.#read();
    this.#from = position;
    this.#open();
    return true;
  }

  override apply(transaction: CommittedTransaction, changes: readonly Change[]): Promise<QueryEvents> {
    return this.#enqueue(() => this.#apply(transaction, changes));
  }

  override applyWhenRead(transaction: CommittedTransaction, read: Promise<readonly Change[] | null>): Promise<QueryEvents> {
    return this.#enqueue(async () => this.#apply(transaction, (await read) ?? []));
  }

  /** What related rows were like is not known. */
  override copyAt(): Promise<LiveQuery | null> {
    return Promise.resolve(null);
  }

  async #apply(transaction: CommittedTransaction, changes: readonly Change[]): Promise<QueryEvents> {
    if (this.#from === null || this.#from.includes(transaction.id)) return [];
    const { database } = this.model;
    const { position, rows } = await database.snapshot(async () => ({
      position: await database.changes.position(),
      rows: await this.#read(),
    }));
    const before = this.#held;
    // Those who watch may have read again meanwhile.
    if (this.#from.covers(position)) return [];
    this.#held = rows;
    this.#from = position;
    const touched = new Set(changes.map(({ pk }) => pkKey(pk)));
    const events = listDifference(before, rows, {
      pkName: this.model.pk.name,
      isChanged: (old, row, key) => touched.has(key) || encodeJson(old) !== encodeJson(row),
    });
    return this.#isOrdered ? events : events.map(({ index: _index, ...event }) => event);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(work);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  #read(): Promise<LoggedRow[]> {
    return loggedValues(this.model, this.#queryset).toArray();
  }

  /** A queryset in one order only, so that two readings can be compared. */
  static of(queryset: AnyQuerySet, watchesRelations: boolean): AskedQuery {
    return new AskedQuery(inTotalOrder(queryset), { watchesRelations, isOrdered: placesRows(queryset) });
  }
}
