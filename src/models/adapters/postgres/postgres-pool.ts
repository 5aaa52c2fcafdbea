import pg, { type Client, type PoolClient } from "pg";
import { ServiceUnavailable } from "../../../protocol/exceptions.ts";
import { DatabaseError } from "../../errors.ts";
import { PostgresConnection, type PreparedStatements } from "./postgres-connection.ts";
import { translatePostgresError } from "./postgres-errors.ts";
import { clientConfig, poolConfig, type PostgresLimits, type PostgresTarget } from "./postgres-settings.ts";

/** The connections to one database. Those that break are replaced; a server that went away is found again by whoever asks next. */
export class PostgresPool {
  readonly limits: PostgresLimits;
  readonly #target: string | PostgresTarget;
  readonly #pool: pg.Pool;
  readonly #connections = new WeakMap<PoolClient, PostgresConnection>();
  readonly #shared: PreparedStatements = { count: 0, generation: 0 };

  constructor(target: string | PostgresTarget, limits: PostgresLimits) {
    this.#target = target;
    this.limits = limits;
    this.#pool = new pg.Pool(poolConfig(target, limits));
    // A connection that breaks while nobody uses it: the pool has dropped it already.
    this.#pool.on("error", () => undefined);
    // The server may end a connection together with its greeting, before anybody has been given it.
    this.#pool.on("connect", (client) => this.#connectionOf(client));
  }

  /** How many statements were prepared so far, on all connections. */
  get prepared(): number {
    return this.#shared.count;
  }

  /** Connections that are open now. */
  get size(): number {
    return this.#pool.totalCount;
  }

  /**
   * Runs `fn` with a connection of its own.
   *
   * @throws ServiceUnavailable when none is free, or the server not there, within the connection time-out.
   */
  async use<T>(fn: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const client = await this.#acquire();
    const connection = this.#connectionOf(client);
    try {
      return await fn(connection);
    } finally {
      client.release(connection.lost);
    }
  }

  /** A connection outside the pool, without time-outs: for LISTEN, or for what takes long. The caller ends it. One that breaks fails its next statement. */
  async connect(): Promise<Client> {
    const client = new pg.Client(clientConfig(this.#target, this.limits.connectionTimeout));
    // From the start: an error without a listener would end the process, and may come together with the greeting.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Ends the connections when their users have given them back. @throws ServiceUnavailable when that takes longer than `timeout` milliseconds. */
  async close(timeout: number): Promise<void> {
    if (this.#pool.ending) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new ServiceUnavailable()), Math.min(timeout, MAX_TIMER));
    });
    try {
      await Promise.race([this.#pool.end(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #acquire(): Promise<PoolClient> {
    if (this.#pool.ending) throw new DatabaseError("The database is closed. Close it when nothing uses it any more.");
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    return translatePostgresError(error, this.limits.lockTimeout);
  }

  #connectionOf(client: PoolClient): PostgresConnection {
    const known = this.#connections.get(client);
    if (known !== undefined) return known;
    const connection = new PostgresConnection(client, this.limits.lockTimeout, this.#shared);
    this.#connections.set(client, connection);
    return connection;
  }
}

/** More, and a timer of Node.js fires at once. */
const MAX_TIMER = 2 ** 31 - 1;
