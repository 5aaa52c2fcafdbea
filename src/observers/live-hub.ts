import type { Change, CommittedTransaction } from "../models/change-log/change.ts";
import type { Position } from "../models/change-log/position.ts";
import type { Database, MaybePromise } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { runningAction } from "../consumers/running-action.ts";
import type { LiveQuery } from "./live-query.ts";
import { ModelIndex } from "./model-index.ts";
import type { QueryEvents } from "./row-event.ts";
import { rowsByPkAt } from "./rows-at.ts";

const hubs = new WeakMap<Database, LiveHub>();

/** Takes every committed transaction of a database to the live queries to which it matters. One per database and process. */
export class LiveHub {
  readonly #database: Database;
  readonly #indexes = new Map<AnyModel, ModelIndex>();
  /** Queries that are read again when a row of another table changes, by that model. */
  readonly #reaching = new Map<AnyModel, Set<LiveQuery>>();
  #size = 0;
  #position: Position | null = null;
  #stop: (() => void) | null = null;

  private constructor(database: Database) {
    this.#database = database;
  }

  static of(database: Database): LiveHub {
    const known = hubs.get(database);
    if (known !== undefined) return known;
    const made = new LiveHub(database);
    hubs.set(database, made);
    return made;
  }

  /** Live queries that somebody watches. */
  get size(): number {
    return this.#size;
  }

  /** What everybody has been told of; null before there was anything to tell. */
  get position(): Position | null {
    return this.#position;
  }

  /** From now on the query is told of every transaction, which begins before the promise resolves. */
  add(query: LiveQuery): void {
    this.#size += 1;
    this.#indexOf(query.model).add(query);
    for (const model of query.reaches) this.#reachingOf(model).add(query);
    this.#start();
  }

  remove(query: LiveQuery): void {
    this.#size -= 1;
    const index = this.#indexOf(query.model);
    index.delete(query);
    if (index.isEmpty) this.#indexes.delete(query.model);
    for (const model of query.reaches) {
      const reaching = this.#reachingOf(model);
      reaching.delete(query);
      if (reaching.size === 0) this.#reaching.delete(model);
    }
    if (this.#size > 0) return;
    this.#stop?.();
    this.#stop = null;
    this.#position = null;
  }

  #start(): void {
    if (this.#stop !== null) return;
    const stopCommits = this.#database.beforeCommit(() => runningAction()?.noteCommit());
    const stopChanges = this.#database.changes.subscribe((transactions) => {
      for (const transaction of transactions) this.#dispatch(transaction);
    });
    this.#stop = () => {
      stopCommits();
      stopChanges();
    };
  }

  #dispatch(transaction: CommittedTransaction): void {
    this.#position = transaction.position;
    const affected = this.#affectedBy(transaction);
    for (const { newcomers } of affected.keys()) for (const sink of newcomers) sink.notice?.(transaction);
    if (transaction.touched.length > 0) this.#dispatchTouched(transaction, affected);
    for (const [query, changes] of affected) this.#tell(query, transaction, applied(query, transaction, changes));
  }

  #tell(query: LiveQuery, transaction: CommittedTransaction, events: MaybePromise<QueryEvents>): void {
    if (Array.isArray(events) && events.length === 0) return;
    // Each sink deals with a failure; this is for the case that all of them have just ended.
    if (events instanceof Promise) events.catch(() => undefined);
    for (const sink of query.sinks) sink.receive(transaction, events);
  }

  #affectedBy(transaction: CommittedTransaction): Map<LiveQuery, Change[]> {
    const affected = new Map<LiveQuery, Change[]>();
    for (const change of transaction.changes) this.#collect(change, affected);
    for (const model of transaction.lost) {
      for (const query of this.#indexes.get(model)?.all ?? []) affected.set(query, []);
      for (const query of this.#reaching.get(model) ?? []) affected.set(query, affected.get(query) ?? []);
    }
    return affected;
  }

  #collect(change: Change, affected: Map<LiveQuery, Change[]>): void {
    const { model } = change;
    for (const query of this.#indexes.get(model)?.matching(change) ?? []) {
      const known = affected.get(query);
      if (known === undefined) affected.set(query, [change]);
      // One query may be found by several of a row's values.
      else if (known.at(-1) !== change) known.push(change);
    }
    for (const query of this.#reaching.get(model) ?? []) affected.set(query, affected.get(query) ?? []);
  }

  /**
   * A row whose relation changed is read as it was right after the transaction: the log has no new version of it. Queries that are told so are
   * taken out of `affected`.
   */
  #dispatchTouched(transaction: CommittedTransaction, affected: Map<LiveQuery, Change[]>): void {
    for (const [model, pks] of byModel(transaction)) {
      const watching = [...(this.#indexes.get(model)?.all ?? [])].filter((query) => query.watchesRelations);
      if (watching.length === 0) continue;
      const read = this.#database.outsideAtomic(() => touchedChanges(model, pks, transaction));
      for (const query of watching) {
        const own = affected.get(query) ?? [];
        affected.delete(query);
        const all = read.then((changes) => (changes === null ? null : [...own, ...changes]));
        this.#tell(query, transaction, query.applyWhenRead(transaction, all));
      }
    }
  }

  #indexOf(model: AnyModel): ModelIndex {
    const known = this.#indexes.get(model);
    if (known !== undefined) return known;
    const made = new ModelIndex(model);
    this.#indexes.set(model, made);
    return made;
  }

  #reachingOf(model: AnyModel): Set<LiveQuery> {
    const known = this.#reaching.get(model);
    if (known !== undefined) return known;
    const made = new Set<LiveQuery>();
    this.#reaching.set(model, made);
    return made;
  }
}

/** What a query cannot judge (a value that its column should not hold), it has to read. The other queries go on. */
function applied(query: LiveQuery, transaction: CommittedTransaction, changes: readonly Change[]): MaybePromise<QueryEvents> {
  try {
    return query.apply(transaction, changes);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : `A live query failed: ${String(error)}.`);
    return "lost";
  }
}

function byModel({ touched }: CommittedTransaction): Map<AnyModel, unknown[]> {
  const pks = new Map<AnyModel, unknown[]>();
  for (const { model, pk } of touched) {
    const known = pks.get(model);
    if (known === undefined) pks.set(model, [pk]);
    else known.push(pk);
  }
  return pks;
}

async function touchedChanges(
  model: AnyModel,
  pks: readonly unknown[],
  transaction: CommittedTransaction,
): Promise<readonly Change[] | null> {
  const rows = await rowsByPkAt(model, pks, transaction.position);
  return rows?.map((row) => ({ model, pk: row[model.pk.name], before: row, after: row })) ?? null;
}
