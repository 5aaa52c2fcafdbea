import { sql } from "drizzle-orm";
import { Conflict, ServiceUnavailable } from "../../protocol/exceptions.ts";
import type { Database } from "../database.ts";
import { IDEMPOTENCY_TABLE, idempotencySchema } from "./idempotency-schema.ts";
import { NamedTurns } from "./named-turns.ts";

/** A request that must be done once, however often it is sent. */
export interface KeyedRequest {
  /** Who sent it to what under which key, as a digest. */
  readonly id: string;
  /** What was asked, as a digest. */
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long its answer is kept, in milliseconds. */
  readonly retention: number;
}

/** What is kept of an answer. */
export interface StoredAnswer {
  readonly status: number;
  /** JSON. */
  readonly data: string;
  /** The primary keys of the rows that the request was allowed to touch, as a JSON list. */
  readonly rowKeys: string;
}

export interface KeyedAnswer extends StoredAnswer {
  /** Was it given before? Nothing was written this time. */
  readonly replayed: boolean;
}

/** Milliseconds that a request waits for the same one that runs in this process. */
const WAIT_FOR_DUPLICATE = 10_000;
/** Rows that one pruning removes at most. */
const PRUNE_STEP = 200;
/** Milliseconds between two prunings while little is out of date. */
const PRUNE_EVERY = 60_000;
/** For `pg_advisory_xact_lock`: "restwave" as a number that nobody else is likely to lock. */
const CREATE_LOCK = 7_310_034_283;

const stores = new WeakMap<Database, StoredAnswers>();

/** The answers to keyed requests, kept in the database that the requests write to. */
export class StoredAnswers {
  readonly #database: Database;
  /** Duplicates in this process wait here, and not each with a connection of its own. */
  readonly #turns = new NamedTurns(WAIT_FOR_DUPLICATE);
  readonly #sql: ReturnType<typeof statementsFor>;
  #ready: Promise<void> | null = null;
  #nextPrune = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#sql = statementsFor(database);
  }

  /** The one store of a database. */
  static of(database: Database): StoredAnswers {
    const known = stores.get(database);
    if (known !== undefined) return known;
    const made = new StoredAnswers(database);
    stores.set(database, made);
    return made;
  }

  /**
   * Runs `work` in a transaction that also stores its answer, or gives the answer that is stored already. While another process runs the same
   * request, it waits for the outcome. What `work` throws undoes everything, so the request can be sent again.
   *
   * @throws Conflict when the id was used for other content, LockTimeout (503) when the outcome takes too long to come.
   */
  async once(request: KeyedRequest, work: () => Promise<StoredAnswer>): Promise<KeyedAnswer> {
    await this.ready();
    const answer = await this.#turns.run(request.id, () => this.#database.atomic(() => this.#claimAndRun(request, work)));
    this.#pruneLater(request);
    return answer;
  }

  /** Makes the table where it is missing. */
  ready(): Promise<void> {
    this.#ready ??= this.#create().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  /** Removes some of the answers that were stored until then. @returns how many; with `PRUNE_STEP` there may be more. */
  async prune(until: number, step = PRUNE_STEP): Promise<number> {
    await this.ready();
    return this.#database.statements.run(this.#sql.prune, [until, step]);
  }

  async #claimAndRun(request: KeyedRequest, work: () => Promise<StoredAnswer>): Promise<KeyedAnswer> {
    const { statements } = this.#database;
    const { id, content, now } = request;
    const claimed = await statements.run(this.#sql.claim, [id, content, now, outdated(request)]);
    if (claimed === 0) return this.#read(request);
    const answer = await work();
    await statements.run(this.#sql.store, [answer.status, answer.data, answer.rowKeys, id]);
    return { ...answer, replayed: false };
  }

  async #read({ id, content }: KeyedRequest): Promise<KeyedAnswer> {
    const row = await this.#database.statements.first(this.#sql.read, [id]);
    if (row === undefined) throw new ServiceUnavailable();
    const [storedContent, status, data, rowKeys] = row;
    if (storedContent !== content)
      throw new Conflict(
        "This idempotency_key was used for another request. Expected the same action with the same arguments; a new request needs a new key.",
      );
    return { status: Number(status), data: String(data), rowKeys: String(rowKeys), replayed: true };
  }

  async #create(): Promise<void> {
    const statements = idempotencySchema(this.#database.dialect).map((statement) => sql.raw(statement));
    const run = async (): Promise<void> => {
      for (const statement of statements) await this.#database.execute(statement);
    };
    if (this.#database.dialect.name === "sqlite") return run();
    const [found] = await this.#database.execute<{ name: unknown }>(sql`SELECT to_regclass(${IDEMPOTENCY_TABLE})::text AS name`);
    if (typeof found?.name === "string") return;
    // Two that run IF NOT EXISTS at the same time can still both create.
    await this.#database.atomic(async () => {
      await this.#database.execute(sql`SELECT pg_advisory_xact_lock(${sql.raw(String(CREATE_LOCK))})`);
      await run();
    });
  }

  /** In the background, driven by requests: no timer, and a failure is made up for by the next one. */
  #pruneLater(request: KeyedRequest): void {
    if (request.now < this.#nextPrune) return;
    this.#nextPrune = request.now + PRUNE_EVERY;
    const prune = async (): Promise<void> => {
      const pruned = await this.prune(outdated(request)).catch(() => 0);
      if (pruned === PRUNE_STEP) this.#nextPrune = 0;
    };
    setImmediate(() => void this.#database.outsideAtomic(prune)).unref();
  }
}

/** What was stored until then is kept no longer. */
function outdated({ now, retention }: KeyedRequest): number {
  return Math.max(0, Math.floor(now - retention));
}

function statementsFor({ dialect }: Database) {
  const place = (position: number): string => dialect.placeholder(position);
  const skipLocked = dialect.name === "sqlite" ? "" : " FOR UPDATE SKIP LOCKED";
  return {
    claim:
      `INSERT INTO ${IDEMPOTENCY_TABLE} (id, content, stored_at) VALUES (${place(1)}, ${place(2)}, ${place(3)}) ` +
      `ON CONFLICT (id) DO UPDATE SET content = excluded.content, stored_at = excluded.stored_at, status = NULL, data = NULL, row_keys = NULL ` +
      `WHERE ${IDEMPOTENCY_TABLE}.stored_at <= ${place(4)}`,
    read: `SELECT content, status, data, row_keys FROM ${IDEMPOTENCY_TABLE} WHERE id = ${place(1)}`,
    store: `UPDATE ${IDEMPOTENCY_TABLE} SET status = ${place(1)}, data = ${place(2)}, row_keys = ${place(3)} WHERE id = ${place(4)}`,
    prune:
      `DELETE FROM ${IDEMPOTENCY_TABLE} WHERE id IN ` +
      `(SELECT id FROM ${IDEMPOTENCY_TABLE} WHERE stored_at <= ${place(1)} ORDER BY stored_at LIMIT ${dialect.count(place(2))}${skipLocked})`,
  };
}
