import { whenDone, type Database } from "../database.ts";
import type { AnyModel } from "../model.ts";
import type { CommittedTransaction } from "./change.ts";
import { ChangeFeed, type TransactionListener } from "./change-feed.ts";
import type { ChangeLogStore, Retention } from "./change-log-store.ts";
import type { LogPlan } from "./log-plan.ts";
import { netTransaction } from "./net-transaction.ts";
import { ObservedModels, type ObserveOptions } from "./observed-models.ts";
import type { Position } from "./position.ts";
import { Pruning } from "./pruning.ts";

/** How a database's change log works. */
export interface ChangeLogOptions extends Partial<Retention> {
  /** Milliseconds between two looks for what other processes committed, where the database cannot tell. Default 25. */
  readonly pollInterval?: number;
  /** Entries that `since` replays at most; who has missed more starts afresh. Default 10000. */
  readonly maxReplay?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const BATCH = 1000;

/** The log of what was committed to observed models, by whomever. One per database: `database.changes`. */
export class ChangeLog {
  readonly #database: Database;
  readonly #store: ChangeLogStore;
  readonly #observed = new ObservedModels();
  readonly #feed: ChangeFeed;
  readonly #pruning: Pruning;
  readonly #retention: Retention;
  readonly #maxReplay: number;
  #installed: LogPlan | null = null;
  #installing: Promise<void> | null = null;

  constructor(database: Database, store: ChangeLogStore, options: ChangeLogOptions = {}) {
    const { maxAge = DAY_MS, maxRows = 1_000_000, maxReplay = 10_000 } = options;
    this.#database = database;
    this.#store = store;
    this.#retention = { maxAge, maxRows };
    this.#maxReplay = maxReplay;
    this.#feed = new ChangeFeed(database, store, () => this.#plan);
    this.#pruning = new Pruning(() => database.outsideAtomic(() => this.prune()), maxAge);
  }

  /**
   * Declares that a model is observed; `ready` puts the triggers in place. Cheap to repeat. What one call excludes stays excluded.
   *
   * @throws ImproperlyConfigured for a model without a primary key of one column, or an excluded name that is no column or is the key.
   */
  observe(model: AnyModel, options?: ObserveOptions): void {
    this.#observed.observe(model, options);
  }

  /** The models observed so far. */
  get models(): readonly AnyModel[] {
    return this.#observed.models;
  }

  /** Resolves when log and triggers are in place for all that is observed; call it before a snapshot that asks for its position. */
  async ready(): Promise<void> {
    while (this.#installed !== this.#observed.plan() || !this.#feed.isRunning) {
      this.#installing ??= this.#database
        .outsideAtomic(() => this.#install())
        .finally(() => {
          this.#installing = null;
        });
      await this.#installing;
    }
  }

  /** Property keys of the columns that the log holds: those of the model without what is excluded or only written by clients. */
  loggedColumns(model: AnyModel): ReadonlySet<string> {
    const columns = this.#observed.plan().tables.get(model.tableSql)?.columns ?? [];
    return new Set(columns.map((column) => column.name));
  }

  /** What is committed now or, in a snapshot, what the snapshot sees. */
  async position(): Promise<Position> {
    await this.#inPlace();
    return this.#store.position();
  }

  /** The position that a client gave back; null when it is none. */
  parsePosition(text: unknown): Position | null {
    return typeof text === "string" ? this.#store.parse(text) : null;
  }

  /**
   * What is committed now (or seen by the present snapshot) and `from` has not seen, in commit order.
   *
   * @returns null when that cannot be told: `from` is of another epoch, ahead of the log, no longer kept, or more than `maxReplay` entries ago.
   */
  async since(from: Position): Promise<readonly CommittedTransaction[] | null> {
    await this.#inPlace();
    if (await this.#store.exceeds(from, this.#maxReplay)) return null;
    const missed: CommittedTransaction[] = [];
    let [head, entries] = [from, 0];
    for (;;) {
      const found = await this.#store.read(head, this.#plan.tables, Math.min(BATCH, this.#maxReplay + 1));
      if (found === null) return null;
      const last = found.transactions.at(-1);
      if (last === undefined) return missed;
      for (const transaction of found.transactions) {
        entries += transaction.entries.length;
        if (transaction.entries.length > 0) missed.push(netTransaction(this.#plan, transaction));
      }
      if (entries > this.#maxReplay) return null;
      if (found.isLast) return missed;
      head = last.position;
    }
  }

  /**
   * Calls `listener` with every transaction that commits from the moment on at which a `ready()` called after it resolves, once, in commit order,
   * in batches; some from before that moment may come too. The listener must not throw.
   *
   * @returns a function that ends it.
   */
  subscribe(listener: TransactionListener): () => void {
    const end = this.#feed.add(listener);
    if (this.#installed !== null) this.#startFeed();
    return end;
  }

  /** Have all listeners had everything that `position` has seen? */
  hasTold(position: Position): boolean {
    return this.#feed.covers(position);
  }

  /** Resolves when all listeners have had everything that `position` has seen. */
  async caughtUp(position: Position): Promise<void> {
    if (!this.hasTold(position)) await this.#feed.catchUp();
  }

  /** Tells everybody that something changed in a table that triggers could not see, so that they read it again. */
  async markLost(model: AnyModel): Promise<void> {
    await this.ready();
    await this.#store.markLost(model);
  }

  /** The statements that `ready` would run, for teams that apply DDL through their own migrations. */
  async script(): Promise<readonly string[]> {
    return this.#store.script([...this.#observed.plan().tables.values()]);
  }

  /** Removes what is older than the log is kept; done by itself while the log is in use. @returns how many entries. */
  prune(): Promise<number> {
    return this.#store.prune(this.#retention);
  }

  /** Ends feed and timers. The log stays in the database. */
  async close(): Promise<void> {
    this.#feed.stop();
    await this.#pruning.stop();
  }

  /**
   * As `ready`, but does not wait until the log is followed: who asks in a snapshot holds a connection, which those who wait for one to begin with
   * may all be waiting for.
   */
  async #inPlace(): Promise<void> {
    if (this.#installed !== this.#observed.plan()) await this.ready();
  }

  get #plan(): LogPlan {
    return this.#installed ?? this.#observed.plan();
  }

  /** A failure is met by whoever asks for a position: `ready` tries again. */
  #startFeed(): void {
    try {
      const started = this.#feed.start();
      if (started instanceof Promise) started.catch(() => undefined);
    } catch {
      return;
    }
  }

  async #install(): Promise<void> {
    const plan = this.#observed.plan();
    if (plan !== this.#installed) {
      await this.#store.install([...plan.tables.values()]);
      this.#installed = plan;
      this.#pruning.start();
    }
    await whenDone(this.#feed.start(), () => undefined);
  }
}
