import type { ActionContext } from "../consumers/action-context.ts";
import { connectionLog } from "../consumers/connection-log.ts";
import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { OrderedLane } from "../consumers/ordered-lane.ts";
import type { Position } from "../models/change-log/position.ts";
import type { Database, MaybePromise } from "../models/database.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { APIException } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { encodeEvent } from "./event-frame.ts";
import { judgesRows } from "./event-permission.ts";
import { missedEvents } from "./missed-events.ts";
import type { ChangeOver } from "./change-over.ts";
import { joinedSnapshot } from "./joined-snapshot.ts";
import { observeQueryset } from "./observe-queryset.ts";
import type { Opening } from "./opening.ts";
import { querysetDifference } from "./queryset-difference.ts";
import { type Life, QueryTap } from "./query-tap.ts";
import type { RowEvent } from "./row-event.ts";
import type { Moment } from "./event-slot.ts";
import type { SubscriptionRequest } from "./subscription-request.ts";
import { SocketEvents } from "./socket-events.ts";
import { showsSame, viewTag } from "./view-tag.ts";
import { WatchedSubscription } from "./watched-subscription.ts";

/** One subscription of one connection to the rows of a queryset: its snapshot, its events, and its own view of both. */
export abstract class LiveSubscription {
  readonly consumer: AnyGenericConsumer;
  readonly action: string;
  readonly args: MessageArguments;
  readonly requestId: RequestId;
  readonly watchesRelations: boolean;
  readonly #socket: SocketEvents;
  #tap: QueryTap | null = null;
  #tag = "";
  #life: Life = { hasEnded: false };
  /** Why it is about to end. */
  #refusal: APIException | null = null;
  #watched: WatchedSubscription | null = null;
  /** Beginning, looking again and reading again, one at a time. */
  readonly #lane = new OrderedLane();

  constructor({ consumer, action, args, requestId, watchesRelations }: SubscriptionRequest) {
    this.consumer = consumer;
    this.action = action;
    this.args = args;
    this.requestId = requestId;
    this.watchesRelations = watchesRelations;
    this.#socket = SocketEvents.of(consumer["connection"]);
  }

  /** The rows that this subscriber may see and asked for, with their window. */
  protected abstract plan(): Promise<AnyQuerySet>;

  /** What a snapshot shows, a value that JSON can hold. Called inside the snapshot. */
  protected abstract read(queryset: AnyQuerySet): Promise<unknown>;

  /** What a snapshot shows when nothing may be seen any more. */
  protected abstract readonly nothing: unknown;

  /** The frames of events that this subscriber may see. */
  abstract frames(moment: Moment, events: readonly RowEvent[]): MaybePromise<readonly string[]>;

  /** Can missed events be replayed to it? */
  protected get replays(): boolean {
    return !judgesRows(this.consumer, this.args);
  }

  /** The field that shows the primary key of a row; undefined where there is none. */
  get pkField(): string | undefined {
    return undefined;
  }

  /** What it draws from now; null before it has begun. */
  get tap(): QueryTap | null {
    return this.#tap;
  }

  get mergesRows(): boolean {
    return !this.isOrdered;
  }

  /** Do events say where a row stands? */
  protected get isOrdered(): boolean {
    return this.#tap?.isOrdered === true;
  }

  /**
   * Begins. Events are held back until `context` is answered, and none is lost between snapshot and first event: the query is watched before the
   * snapshot is taken, and what the snapshot has seen is left out.
   */
  async open(context: ActionContext, since: unknown): Promise<Opening> {
    context.onAnswered(this.#socket.hold());
    try {
      const opening = await this.#lane.run(() => this.#open(context, since));
      if (!this.#life.hasEnded) this.#watched = WatchedSubscription.open(this);
      return opening;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends it, for good. */
  end(): void {
    this.#endLife();
    this.#watched?.close();
  }

  #endLife(): void {
    this.#life.hasEnded = true;
    this.#tap?.end();
  }

  /** For the socket: everything afresh, as one frame, as the user may see it now; null when there is nothing more to send. */
  readAgain(): Promise<string | null> {
    return this.#lane.run(() => this.#readAgain());
  }

  /** The user or the user's rights have changed: what may no longer be seen leaves, what has become visible enters. */
  async refresh(): Promise<void> {
    const release = this.#socket.hold();
    try {
      await this.#lane.run(() => this.#refresh());
    } finally {
      release();
    }
  }

  /** A position of this subscription, as the client gets it: one of another view of the rows is not taken for it. */
  positionText(position: Position): string {
    return `${String(position)}~${this.#tag}`;
  }

  async #open(context: ActionContext, since: unknown): Promise<Opening> {
    const queryset = await this.plan();
    context.assertWanted();
    this.#tag = viewTag(this, queryset);
    const tap = await this.#watch(queryset, this.#life);
    this.#tap = tap;
    if (this.#life.hasEnded) tap.end();
    const opening = await this.#takeSnapshot(tap, since, context);
    if (opening.missed !== null) this.#socket.addMissed(tap.forMissed(), opening.missed);
    return opening;
  }

  async #readAgain(): Promise<string | null> {
    const old = this.#tap;
    if (this.#life.hasEnded || old === null) return null;
    const queryset = this.#refusal ?? (await this.#visible());
    if (queryset instanceof APIException) return this.#refuse(old, queryset);
    this.#tag = viewTag(this, queryset);
    // What was heard before is nothing to a life that begins with everything.
    const life = { hasEnded: false };
    const tap = await this.#watch(queryset, life);
    try {
      const { position, content } = await this.#takeSnapshot(tap, undefined);
      return this.#replace(tap, life) ? this.#resetFrame(position, content) : null;
    } catch (error) {
      tap.end();
      throw error;
    }
  }

  /** @returns false when it has ended meanwhile. */
  #replace(tap: QueryTap, life: Life): boolean {
    const isOver = this.#life.hasEnded;
    this.#endLife();
    this.#life = life;
    this.#tap = tap;
    if (isOver) this.#endLife();
    return !isOver;
  }

  async #refresh(): Promise<void> {
    const old = this.#tap;
    if (this.#life.hasEnded || old === null) return;
    const queryset = await this.#visible();
    const isRefused = queryset instanceof APIException;
    if (isRefused) this.#refusal = queryset;
    // Which rows object permissions showed until now is not known.
    if (isRefused || judgesRows(this.consumer, this.args)) return this.#socket.reset(old);
    if (viewTag(this, queryset) === this.#tag) return;
    if (!this.replays) return this.#socket.reset(old);
    try {
      await this.#changeOver(old, queryset);
    } catch (error) {
      connectionLog(this.consumer["connection"], this).error(
        { error },
        "A subscription could not be refreshed; it is read again.",
      );
      this.#socket.reset(old);
    }
  }

  /** The rows that may be seen now, or why there are none. */
  async #visible(): Promise<AnyQuerySet | APIException> {
    try {
      await this.consumer["checkPermissions"](this.action, this.args);
      return await this.plan();
    } catch (error) {
      if (!(error instanceof APIException) || error.status >= 500) throw error;
      return error;
    }
  }

  /** From the rows of one queryset to those of another, at one moment: what leaves, what enters, and what looks different. */
  async #changeOver(old: QueryTap, queryset: AnyQuerySet): Promise<void> {
    const { isOrdered } = this;
    const tag = viewTag(this, queryset);
    const looksDifferent = !showsSame(tag, this.#tag);
    const tap = await this.#watch(queryset, this.#life);
    try {
      await this.#exchange(old, tap, { isOrdered, tag, looksDifferent });
    } catch (error) {
      tap.end();
      throw error;
    }
  }

  async #exchange(old: QueryTap, tap: QueryTap, { isOrdered, tag, looksDifferent }: ChangeOver): Promise<void> {
    const { queryset } = tap;
    const { database } = queryset.model;
    const { position, events } = await joinedSnapshot(tap, async (at) => {
      const options = { looksDifferent, isOrdered: isOrdered || tap.isOrdered };
      return { position: at, events: await querysetDifference(old.queryset, queryset, options) };
    });
    await database.changes.caughtUp(position);
    old.stopAt(position);
    if (this.#socket.owes(old)) {
      // What waits was seen with the rights of then.
      tap.end();
      return this.#socket.reset(old);
    }
    old.detach();
    tap.startAt(position);
    this.#tap = tap;
    this.#tag = tag;
    this.#socket.addAt(position, tap, events);
  }

  /** Ends it: nothing is seen any more, and why. */
  async #refuse(tap: QueryTap, { errors, status }: APIException): Promise<null> {
    const position = await tap.query.model.database.changes.position();
    if (this.#life.hasEnded) return null;
    this.end();
    const { requestId, action, consumer } = this;
    await this.#socket.sendReset(consumer, this.#resetFrame(this.positionText(position), this.nothing));
    await consumer.reply({ action, requestId, errors, status });
    return null;
  }

  async #watch(queryset: AnyQuerySet, life: Life): Promise<QueryTap> {
    observeQueryset(queryset, this.watchesRelations);
    const tap = new QueryTap(this, queryset, this.#socket, life);
    if (life.hasEnded) tap.end();
    try {
      await queryset.model.database.changes.ready();
      return tap;
    } catch (error) {
      tap.end();
      throw error;
    }
  }

  async #takeSnapshot(tap: QueryTap, since: unknown, context?: ActionContext): Promise<Opening> {
    const { database } = tap.query.model;
    const from = since === undefined || since === null ? null : this.#parse(since, database);
    const opening = await joinedSnapshot(tap, async (position) => {
      context?.assertWanted();
      const missed = from === null ? null : await missedEvents(tap.query, from);
      const content = missed === null ? await this.read(tap.queryset) : undefined;
      return { position, missed, content };
    });
    tap.startAt(opening.position);
    const position = this.positionText(opening.missed === null || from === null ? opening.position : from);
    const isReset = opening.missed === null && since !== undefined && since !== null;
    return { position, content: opening.content, missed: opening.missed, isReset };
  }

  /** Null when it is no position of this subscription. */
  #parse(since: unknown, database: Database): Position | null {
    if (typeof since !== "string" || !this.replays) return null;
    const [text = "", tag] = since.split("~");
    return tag === this.#tag ? database.changes.parsePosition(text) : null;
  }

  #resetFrame(position: string, content: unknown): string {
    const data = encodeJson(content);
    return encodeEvent({ action: "reset", status: 200, data, position, isReset: true }, this.requestId);
  }
}
