import type { MaybePromise } from "../models/database.ts";
import type { Change, CommittedTransaction, LoggedRow } from "../models/change-log/change.ts";
import type { Position } from "../models/change-log/position.ts";
import { ServiceUnavailable } from "../protocol/exceptions.ts";
import { LiveQuery, type LiveQueryDefinition } from "./live-query.ts";
import { listDifference } from "./list-difference.ts";
import { OrderedEntries } from "./ordered-entries.ts";
import { pkKey } from "../models/pk-key.ts";
import type { QueryEvents, RowEvent } from "./row-event.ts";
import { type OrderedRows, rowsAt } from "./rows-at.ts";

/** The part of a list that is watched: from `start` to before `end`, which may be infinite. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** An ordered query's rows and the part of them that is watched. */
export interface OrderedDefinition extends LiveQueryDefinition {
  readonly rows: OrderedRows;
  readonly window: Window;
}

/** Rows that are kept behind the window, so that one that leaves it has a successor at hand. */
const SPARE = 50;

/** Rows in an order, all of them or a window. The rows up to the end of the window, and some more, are remembered. */
export class OrderedQuery extends LiveQuery {
  override readonly placesRows = true;
  readonly #definition: OrderedDefinition;
  readonly #entries: OrderedEntries;
  /** Are the entries all rows that match? */
  #isComplete = false;
  /** What the entries have seen; null before they were read. */
  #from: Position | null = null;
  /** When they were read last, for all who watch. */
  #readAt: Position | null = null;
  #begun: Promise<void> | null = null;
  /** The rows could not be read: nothing is known until they are. */
  #isBroken = false;
  /** What has to be done before the next transaction, at first the reading of the rows; null when nothing is under way. */
  #pending: Promise<unknown> | null;
  #open: () => void = () => undefined;

  constructor(definition: OrderedDefinition) {
    super(definition);
    this.#definition = definition;
    const opened = new Promise<void>((resolve) => {
      this.#open = resolve;
    });
    const pending: Promise<void> = opened.then(() => this.#settle(pending));
    this.#pending = pending;
    this.#entries = new OrderedEntries(definition.rows.order, definition.model.pk.name);
  }

  override async begin(position: Position): Promise<boolean> {
    this.#begun ??= this.#read(position).finally(this.#open);
    await this.#begun;
    return this.canFollow(position);
  }

  override canFollow(position: Position): boolean {
    return this.#readAt === null || position.covers(this.#readAt);
  }

  override async copyAt(position: Position, since: readonly CommittedTransaction[]): Promise<LiveQuery | null> {
    const copy = new OrderedQuery(this.#definition);
    const isKnown = await copy.#fill(position, since);
    copy.#open();
    return isKnown ? copy : null;
  }

  override apply(transaction: CommittedTransaction, changes: readonly Change[]): MaybePromise<QueryEvents> {
    if (this.#pending !== null) return this.#enqueue(() => this.#apply(transaction, changes));
    const events = this.#apply(transaction, changes);
    return events instanceof Promise ? this.#enqueue(() => events) : events;
  }

  override applyWhenRead(transaction: CommittedTransaction, read: Promise<readonly Change[] | null>): Promise<QueryEvents> {
    return this.#enqueue(async () => {
      const wasBroken = this.#isBroken;
      this.#isBroken = true;
      const changes = await read;
      this.#isBroken = wasBroken;
      return changes === null ? this.#readAgain() : this.#apply(transaction, changes);
    });
  }

  #enqueue<T>(work: () => MaybePromise<T>): Promise<T> {
    const mine = (this.#pending ?? Promise.resolve()).then(work);
    const settled: Promise<void> = mine.then(
      () => this.#settle(settled),
      () => this.#settle(settled),
    );
    this.#pending = settled;
    return mine;
  }

  #settle(settled: Promise<unknown>): void {
    if (this.#pending === settled) this.#pending = null;
  }

  #apply(transaction: CommittedTransaction, changes: readonly Change[]): MaybePromise<QueryEvents> {
    if (this.#from === null || this.#from.includes(transaction.id)) return [];
    if (this.#isBroken || transaction.lost.includes(this.model)) return this.#readAgain();
    // The reading may have seen later transactions that were committed by then.
    this.#from = this.#from.union(transaction.position);
    return this.#isWhole ? changes.flatMap((change) => this.#follow(change)) : this.#shift(transaction, changes);
  }

  get #isWhole(): boolean {
    return this.#definition.window.end === Infinity && this.#definition.window.start === 0;
  }

  /** One row's change in a list without a window. */
  #follow(change: Change): readonly RowEvent[] {
    const { pk, before, after } = change;
    const was = this.#takeOut(change);
    const index = this.#putIn(change);
    if (index !== -1) return [{ kind: was ? "update" : "create", pk, row: after, before, index }];
    return was ? [{ kind: "delete", pk, row: null, before }] : [];
  }

  /** What a transaction did to the window, in sum. */
  #shift(transaction: CommittedTransaction, changes: readonly Change[]): MaybePromise<QueryEvents> {
    const { start, end } = this.#definition.window;
    const before = this.#entries.rows(start, end);
    for (const change of changes) {
      this.#takeOut(change);
      this.#putIn(change);
    }
    this.#forgetSpare();
    const isShort = !this.#isComplete && this.#entries.length < end;
    return isShort ? this.#refill(this.#from ?? transaction.position, before, changes) : this.#difference(before, changes);
  }

  /** The window reaches beyond the rows that are known: reads them as they were after the transaction. */
  async #refill(position: Position, before: readonly LoggedRow[], changes: readonly Change[]): Promise<QueryEvents> {
    this.#isBroken = true;
    if (!(await this.#fill(position))) return this.#readAgain();
    this.#isBroken = false;
    return this.#difference(before, changes);
  }

  #difference(before: readonly LoggedRow[], changes: readonly Change[]): readonly RowEvent[] {
    const { start, end } = this.#definition.window;
    const changed = new Set(changes.map(({ pk }) => pkKey(pk)));
    return listDifference(before, this.#entries.rows(start, end), {
      pkName: this.model.pk.name,
      isChanged: (_before, _after, key) => changed.has(key),
    });
  }

  /** @returns whether the row was among the known ones. */
  #takeOut({ before }: Change): boolean {
    if (before === null || !this.#definition.rows.matches(before)) return false;
    const index = this.#entries.indexOf(this.#entries.entryOf(before));
    if (index !== -1) this.#entries.remove(index);
    return index !== -1;
  }

  /** @returns the row's place, or -1. */
  #putIn({ after }: Change): number {
    if (after === null || !this.#definition.rows.matches(after)) return -1;
    const entry = this.#entries.entryOf(after);
    const index = this.#entries.place(entry.key);
    // Behind the last known row there may be others before this one.
    if (index === this.#entries.length && !this.#isComplete) return -1;
    this.#entries.insert(index, entry);
    return index;
  }

  #forgetSpare(): void {
    const { end } = this.#definition.window;
    if (this.#entries.length <= end + 2 * SPARE) return;
    this.#entries.truncate(end + SPARE);
    this.#isComplete = false;
  }

  /** Those who watch read again too, also who came while this was under way. */
  async #readAgain(): Promise<QueryEvents> {
    const { database } = this.model;
    this.#isBroken = true;
    await database.snapshot(async () => this.#read(await database.changes.position()));
    this.#isBroken = false;
    for (const sink of this.sinks) sink.catchUp?.();
    return "lost";
  }

  async #read(position: Position): Promise<void> {
    if (await this.#fill(position)) {
      this.#readAt = position;
      return;
    }
    throw new ServiceUnavailable("The change log ended while a list was read. Subscribe again.");
  }

  /** @returns false when the log cannot tell how it was at `position`. */
  async #fill(position: Position, since?: readonly CommittedTransaction[]): Promise<boolean> {
    const { rows, window } = this.#definition;
    const count = window.end + SPARE;
    const found = await rowsAt(rows, position, count, since);
    if (found === null) return false;
    this.#entries.replace(found);
    this.#isComplete = found.length < count;
    this.#from = position;
    return true;
  }
}
