import type { CommittedTransaction } from "../models/change-log/change.ts";
import type { Position, TransactionId } from "../models/change-log/position.ts";
import type { MaybePromise } from "../models/database.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { LiveHub } from "./live-hub.ts";
import { watchQueryset } from "./live-queries.ts";
import type { EventSink, LiveQuery } from "./live-query.ts";
import type { LiveSubscription } from "./live-subscription.ts";
import { mergeEvents } from "./merge-events.ts";
import type { QueryEvents, RowEvent } from "./row-event.ts";
import { placesRows } from "./row-order.ts";
import type { EventReceiver, Moment } from "./event-slot.ts";
import type { SocketEvents } from "./socket-events.ts";

/** From one snapshot of a subscription to the next: what one life has told or owes is nothing to the next. */
export interface Life {
  hasEnded: boolean;
}

/** What a subscription draws from one live query: what lies behind `from` and, when it gave way to another, not behind `until`. */
export class QueryTap implements EventSink, EventReceiver {
  readonly isReplaceable = true;
  readonly query: LiveQuery;
  readonly queryset: AnyQuerySet;
  readonly subscription: LiveSubscription;
  readonly #socket: SocketEvents;
  readonly #stop: () => void;
  readonly #life: Life;
  #from: Position | null = null;
  #until: Position | null = null;
  /** Where the last events put the subscriber. */
  #told: Position | null = null;
  /** Do positions of the log tell all that the subscriber has seen? Not while the snapshot has seen what the log gives later. */
  #isLevel = false;
  /** What came before the snapshot was taken. */
  #noticed: CommittedTransaction[] = [];
  #hasNews = false;
  /** Did news come before something that the snapshot has seen? Where it places rows, it does so among others than the subscriber has. */
  #isMisplaced = false;
  #hasEnded = false;
  #isDetached = false;

  constructor(subscription: LiveSubscription, queryset: AnyQuerySet, socket: SocketEvents, life: Life) {
    this.subscription = subscription;
    this.#life = life;
    this.queryset = queryset;
    this.#socket = socket;
    const { query, stop } = watchQueryset(queryset, subscription.watchesRelations, this);
    const stopDrawing = socket.place.draw(queryset.model.database);
    this.query = query;
    if (query.placesRows) query.newcomers.add(this);
    this.#stop = () => {
      query.newcomers.delete(this);
      stop();
      stopDrawing();
    };
  }

  /** Do events say where a row stands? */
  get isOrdered(): boolean {
    return placesRows(this.queryset);
  }

  get consumer() {
    return this.subscription.consumer;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#life.hasEnded;
  }

  /** What the subscriber's snapshot has seen; null before there is one. */
  get from(): Position | null {
    return this.#from;
  }

  /** Up to where the subscriber was told everything; null before its snapshot. */
  get told(): Position | null {
    const { position } = LiveHub.of(this.queryset.model.database);
    if (this.#from === null || position === null || this.#socket.owes(this)) return this.#told ?? this.#from;
    return this.#from.union(position);
  }

  /** The subscriber has seen everything that `position` has. */
  startAt(position: Position): void {
    this.#from = position;
    this.#socket.place.startAt(this, position);
    for (const transaction of this.#noticed.splice(0)) this.notice(transaction);
    this.catchUp();
  }

  catchUp(): void {
    if (this.#from !== null && !this.query.canFollow(this.#from)) this.#socket.reset(this);
  }

  /** Nothing more is wanted than what `position` has seen. */
  stopAt(position: Position): void {
    this.#until = position;
  }

  end(): void {
    this.#hasEnded = true;
    this.detach();
  }

  /** No more of the query is heard; what was heard is still on its way. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#stop();
  }

  wants(transaction: TransactionId): boolean {
    if (this.#from?.includes(transaction) === true) return false;
    return this.#until === null || this.#until.includes(transaction);
  }

  notice(transaction: CommittedTransaction): void {
    if (this.#from === null) return void this.#noticed.push(transaction);
    if (this.#from.includes(transaction.id)) {
      this.#isMisplaced ||= this.#hasNews;
      return;
    }
    this.#hasNews = true;
    if (transaction.position.covers(this.#from)) this.query.newcomers.delete(this);
  }

  receive(transaction: CommittedTransaction, events: MaybePromise<QueryEvents>): void {
    if (!this.hasEnded) this.#socket.add(transaction, this, events);
  }

  frames(moment: Moment, events: readonly RowEvent[]): MaybePromise<readonly string[]> {
    const isPlaced = this.#placed();
    return isPlaced === null ? this.#framesNow(moment, events) : isPlaced.then(() => this.#framesNow(moment, events));
  }

  #framesNow(moment: Moment, events: readonly RowEvent[]): MaybePromise<readonly string[]> {
    if (this.#isMisplaced) {
      this.#socket.reset(this);
      return [];
    }
    this.#told = this.#placeAfter(moment);
    return this.subscription.frames({ id: moment.id, position: this.#told }, events);
  }

  /** Resolves when everything that the snapshot has seen was told, so that it is known whether rows are misplaced; null when it is known. */
  #placed(): Promise<void> | null {
    const { newcomers, model } = this.query;
    if (this.#from === null || !newcomers.has(this)) return null;
    const { changes } = model.database;
    if (!changes.hasTold(this.#from)) return changes.caughtUp(this.#from);
    newcomers.delete(this);
    return null;
  }

  /** For what was missed: the same receiver, whose events were placed by the position that the client gave. */
  forMissed(): EventReceiver {
    const { consumer, subscription } = this;
    const hasEnded = (): boolean => this.hasEnded;
    return {
      consumer,
      source: this,
      isReplaceable: true,
      get hasEnded() {
        return hasEnded();
      },
      wants: () => true,
      frames: (moment, events: readonly RowEvent[]) => subscription.frames(moment, events),
      merge: () => null,
      readAgain: () => this.readAgain(),
    };
  }

  /** Where the subscriber stands with a transaction: the snapshot may have seen others that come later in the log. */
  #placeAfter({ id, position }: Moment): Position {
    if (this.#isLevel || this.#from === null) return position;
    // A moment between transactions says nothing of where the log is.
    this.#isLevel = !Number.isNaN(id) && position.covers(this.#from);
    return this.#isLevel ? position : this.#from.union(position);
  }

  merge(first: readonly RowEvent[], second: readonly RowEvent[]): readonly RowEvent[] | null {
    // Before the snapshot it is not known which of these it has seen.
    return this.#from !== null && this.subscription.mergesRows ? mergeEvents(first, second) : null;
  }

  readAgain(): Promise<string | null> {
    return this.subscription.readAgain();
  }
}
