import { whenDone, type Database, type MaybePromise } from "../database.ts";
import { DatabaseError } from "../errors.ts";
import type { CommittedTransaction } from "./change.ts";
import type { ChangeLogStore, LogPage } from "./change-log-store.ts";
import type { LogPlan } from "./log-plan.ts";
import { netTransaction } from "./net-transaction.ts";
import type { Position } from "./position.ts";

export type TransactionListener = (transactions: readonly CommittedTransaction[]) => void;

/** Entries that one read gives. */
const BATCH = 1000;
/** Milliseconds until a failed read is tried again: the first time, and at most. */
const FIRST_DELAY = 50;
const LAST_DELAY = 5000;

/**
 * Gives listeners every transaction that commits from its start on. Local commits and news of others lead to the same reading from the head, one
 * reading at a time, so nothing is skipped and nothing comes twice.
 */
export class ChangeFeed {
  readonly #database: Database;
  readonly #store: ChangeLogStore;
  readonly #plan: () => LogPlan;
  readonly #listeners = new Set<TransactionListener>();
  /** What listeners have had; null: not started. */
  #head: Position | null = null;
  #starting: Promise<void> | null = null;
  #watched: readonly (() => void)[] = [];
  /** Grows with each stop: what was begun before it delivers nothing any more. */
  #life = 0;
  #reading = false;
  /** News came after the last read began. */
  #again = false;
  #waiting: (() => void)[] = [];
  /** Those that the read under way satisfies. */
  #served: (() => void)[] = [];
  /** The last read had to give up its place. */
  #skipped = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  /** @param plan what is logged at present. */
  constructor(database: Database, store: ChangeLogStore, plan: () => LogPlan) {
    this.#database = database;
    this.#store = store;
    this.#plan = plan;
  }

  /** Somebody listens, and the feed runs. Else `start` is needed. */
  get isRunning(): boolean {
    return this.#listeners.size === 0 || this.#head !== null;
  }

  /** @returns a function that ends it. */
  add(listener: TransactionListener): () => void {
    const own: TransactionListener = (transactions) => listener(transactions);
    this.#listeners.add(own);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.stop();
    };
  }

  /** Starts from what is committed now, if somebody listens. The log must be in place. */
  start(): MaybePromise<void> {
    if (this.isRunning) return;
    if (this.#starting !== null) return this.#starting;
    const life = this.#life;
    const position = this.#outside(() => this.#store.position());
    if (!(position instanceof Promise)) return this.#startAt(position);
    this.#starting = position
      .then((found) => (life === this.#life ? this.#startAt(found) : undefined))
      .finally(() => {
        this.#starting = null;
      });
    return this.#starting;
  }

  /** Resolves when all that was committed before the call has been given to the listeners; at once when there are none. */
  catchUp(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#head === null) return resolve();
      this.#waiting.push(resolve);
      this.#read();
    });
  }

  /** Has everything that a reader at `position` has seen been given to the listeners? */
  covers(position: Position): boolean {
    return this.#head === null || this.#head.covers(position);
  }

  stop(): void {
    this.#life += 1;
    this.#head = null;
    this.#reading = false;
    clearTimeout(this.#retry);
    for (const end of this.#watched) end();
    this.#watched = [];
    for (const resolve of [...this.#served.splice(0), ...this.#waiting.splice(0)]) resolve();
  }

  #startAt(position: Position): void {
    const onNews = (): void => this.#read();
    this.#head = position;
    this.#watched = [this.#database.onCommit(onNews), this.#outside(() => this.#store.watch(onNews))];
    this.#read();
  }

  #outside<T>(fn: () => T): T {
    return this.#database.outsideAtomic(fn);
  }

  #read(): void {
    if (this.#head === null) return;
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    const life = this.#life;
    try {
      const outcome = this.#outside(() => this.#readAll(life));
      if (outcome instanceof Promise)
        outcome.then(
          () => this.#finish(life),
          (error: unknown) => this.#fail(life, error),
        );
      else this.#finish(life);
    } catch (error) {
      this.#fail(life, error);
    }
  }

  #readAll(life: number): MaybePromise<void> {
    for (;;) {
      const batch = this.#readBatch(life);
      if (batch instanceof Promise) return this.#readRest(life, batch);
      if (!this.#take(life, batch)) return;
    }
  }

  async #readRest(life: number, first: Promise<Batch>): Promise<void> {
    let batch = await first;
    while (this.#take(life, batch)) batch = await this.#readBatch(life);
  }

  #readBatch(life: number): MaybePromise<Batch> {
    this.#again = false;
    this.#served.push(...this.#waiting.splice(0));
    const plan = this.#plan();
    if (this.#head === null) return NOTHING;
    const read = this.#store.read(this.#head, plan.tables, BATCH);
    if (read instanceof Promise) return read.then((found) => this.#batchAsPlanned(life, plan, found));
    return this.#batchOf(plan, read);
  }

  /** A table that came to be observed meanwhile may have changed before this was read: it is read once more, for that table too. */
  #batchAsPlanned(life: number, plan: LogPlan, found: LogPage | null): MaybePromise<Batch> {
    if (life !== this.#life) return NOTHING;
    return plan === this.#plan() ? this.#batchOf(plan, found) : this.#readBatch(life);
  }

  /** What fell out of the log before it could be read is made good by "read everything again". */
  #batchOf(plan: LogPlan, found: LogPage | null): MaybePromise<Batch> {
    if (found === null) return this.#skip(plan);
    this.#skipped = false;
    const transactions = found.transactions.map((transaction) => netTransaction(plan, transaction)).filter(tellsSomething);
    return { head: found.transactions.at(-1)?.position ?? null, transactions, isLast: found.isLast };
  }

  #skip(plan: LogPlan): MaybePromise<Batch> {
    if (this.#skipped) throw new DatabaseError("The change log cannot be read from the position that it gave itself.");
    this.#skipped = true;
    return whenDone(this.#store.position(), (head) => ({ head, transactions: [everythingLost(plan, head)], isLast: false }));
  }

  /** @returns whether there may be more. */
  #take(life: number, { head, transactions, isLast }: Batch): boolean {
    if (life !== this.#life || head === null) return false;
    this.#head = head;
    if (transactions.length > 0) for (const listener of this.#listeners) deliver(listener, transactions);
    return !isLast && life === this.#life;
  }

  #finish(life: number): void {
    if (life !== this.#life) return;
    this.#reading = false;
    this.#failures = 0;
    for (const resolve of this.#served.splice(0)) resolve();
    if (this.#again) this.#read();
  }

  #fail(life: number, error: unknown): void {
    if (life !== this.#life) return;
    this.#reading = false;
    this.#skipped = false;
    this.#waiting.unshift(...this.#served.splice(0));
    if (this.#failures === 0) warn("The change log cannot be read; it is tried again until it can.", error);
    const delay = Math.min(FIRST_DELAY * 2 ** this.#failures, LAST_DELAY);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = this.#outside(() => setTimeout(() => this.#read(), delay)).unref();
  }
}

interface Batch {
  /** Where the listeners stand after it; null: there is nothing more. */
  readonly head: Position | null;
  readonly transactions: readonly CommittedTransaction[];
  readonly isLast: boolean;
}

const NOTHING: Batch = { head: null, transactions: [], isLast: true };

function tellsSomething({ changes, touched, lost }: CommittedTransaction): boolean {
  return changes.length > 0 || touched.length > 0 || lost.length > 0;
}

/** Its id is greater than any other: no position includes it. */
function everythingLost(plan: LogPlan, position: Position): CommittedTransaction {
  const models = [...plan.observed.values(), ...[...plan.joins.values()].map((ends) => ends.map((end) => end.model))].flat();
  return { id: Number.MAX_SAFE_INTEGER, position, changes: [], touched: [], lost: [...new Set(models)] };
}

function deliver(listener: TransactionListener, transactions: readonly CommittedTransaction[]): void {
  try {
    listener(transactions);
  } catch (error) {
    warn("A listener of the change log threw, and has missed what it was given.", error);
  }
}

function warn(text: string, error: unknown): void {
  process.emitWarning(text, {
    type: "ChangeLogWarning",
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
