import type { ClientBase, QueryArrayResult } from "pg";
import type { DriverRow } from "../../database.ts";
import { SerializationFailure } from "../../errors.ts";
import { LruCache } from "../../lru-cache.ts";
import { isLostConnection, isStalePlan, translatePostgresError } from "./postgres-errors.ts";

/** What a statement gave: values as PostgreSQL's texts. */
export type PostgresResult = QueryArrayResult<(string | null)[]>;

/** Prepared statements that one connection keeps; each holds a plan in the server's memory. */
const MAX_STATEMENTS = 300;

/** What the connections of one database know together of their prepared statements. */
export interface PreparedStatements {
  /** How many were prepared so far. */
  count: number;
  /** How often one was found that no longer fits its tables: from then on none of those before it is trusted. */
  generation: number;
}

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

const nothing = (): void => undefined;

/** One connection to PostgreSQL with its prepared statements. It runs one statement at a time, in the order in which they come. */
export class PostgresConnection {
  readonly #client: ClientBase;
  readonly #lockTimeout: number;
  readonly #shared: PreparedStatements;
  /** Names of prepared statements by SQL text. */
  readonly #names = new LruCache<string>(MAX_STATEMENTS);
  #generation: number;
  #prepared = 0;
  /** Resolves when the last statement that was sent is done; null when that has come. */
  #inFlight: Promise<void> | null = null;
  #lost = false;

  constructor(client: ClientBase, lockTimeout: number, shared: PreparedStatements) {
    this.#client = client;
    this.#lockTimeout = lockTimeout;
    this.#shared = shared;
    this.#generation = shared.generation;
    // An error without a listener would end the process; whoever uses the connection gets it as the error of a statement.
    client.on("error", () => {
      this.#lost = true;
    });
  }

  /** Must it be thrown away? */
  get lost(): boolean {
    return this.#lost;
  }

  /** Nobody knows what state it is in: it must not be used again. */
  discard(): void {
    this.#lost = true;
  }

  async all(sql: string, params: readonly unknown[]): Promise<readonly DriverRow[]> {
    return (await this.#runPrepared(sql, params)).rows;
  }

  /** @returns how many rows the statement changed. */
  async run(sql: string, params: readonly unknown[]): Promise<number> {
    return (await this.#runPrepared(sql, params)).rowCount ?? 0;
  }

  /** Runs a statement without preparing it: for what seldom comes twice. Without parameters the text may hold several statements: the last one's result counts. */
  async query(sql: string, params: readonly unknown[] = []): Promise<PostgresResult> {
    try {
      const result: PostgresResult | PostgresResult[] = await this.#send({
        text: sql,
        ...(params.length === 0 ? {} : { values: [...params] }),
      });
      // The driver gives a list for several statements, though its type says otherwise.
      return Array.isArray(result) ? (result.at(-1) ?? result) : result;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async #runPrepared(sql: string, params: readonly unknown[]): Promise<PostgresResult> {
    const insideTransaction = this.#client.getTransactionStatus() === "T";
    try {
      return await this.#sendPrepared(sql, params);
    } catch (error) {
      if (!isStalePlan(error)) throw this.#failed(error);
      this.#shared.generation += 1;
      // The transaction is lost, but a new one will do.
      if (insideTransaction) throw new SerializationFailure({ cause: error });
    }
    try {
      return await this.#sendPrepared(sql, params);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #sendPrepared(sql: string, params: readonly unknown[]): Promise<PostgresResult> {
    if (this.#generation !== this.#shared.generation) this.#forgetAll();
    return this.#send({ name: this.#nameOf(sql), text: sql, values: [...params] });
  }

  /** One after the other: that is how PostgreSQL answers, and the driver wants its users to wait. */
  #send(config: Statement): Promise<PostgresResult> {
    const before = this.#inFlight;
    const result = before === null ? this.#start(config) : before.then(() => this.#start(config));
    const settled = result.then(nothing, nothing).then(() => {
      if (this.#inFlight === settled) this.#inFlight = null;
    });
    this.#inFlight = settled;
    return result;
  }

  #start(config: Statement): Promise<PostgresResult> {
    return this.#client.query<(string | null)[]>({ ...config, rowMode: "array" });
  }

  #failed(error: unknown): unknown {
    if (isLostConnection(error)) this.#lost = true;
    return translatePostgresError(error, this.#lockTimeout);
  }

  #nameOf(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    this.#prepared += 1;
    this.#shared.count += 1;
    const name = `restwave_${this.#prepared}`;
    const dropped = this.#names.set(sql, name);
    if (dropped !== undefined) this.#deallocate(dropped);
    return name;
  }

  #forgetAll(): void {
    this.#generation = this.#shared.generation;
    for (const name of this.#names.values()) this.#deallocate(name);
    this.#names.clear();
  }

  /** Goes before the next statement. In a failed transaction it fails like all others; the name is never used again. */
  #deallocate(name: string): void {
    this.#send({ text: `DEALLOCATE ${name}` }).catch(nothing);
    const connection: unknown = Reflect.get(this.#client, "connection");
    const parsed: unknown = connection instanceof Object ? Reflect.get(connection, "parsedStatements") : undefined;
    // The driver remembers each text for as long as the connection lives.
    if (parsed instanceof Object) Reflect.deleteProperty(parsed, name);
  }
}
