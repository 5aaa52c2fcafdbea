import type { Client } from "pg";

/** Milliseconds until a lost connection is tried again: the first time, and at most. */
const FIRST_RECONNECT = 100;
const LAST_RECONNECT = 10_000;
/** Milliseconds between two looks after transactions that were under way: the first time, and at most. */
const FIRST_LOOK = 2;
const LAST_LOOK = 500;

export interface LogWatchOptions {
  readonly channel: string;
  /** A connection for nothing else. */
  readonly connect: () => Promise<Client>;
  /** Runs on each new connection, before it listens. */
  readonly onConnected: (client: Client) => Promise<void>;
  readonly onNews: () => void;
  /** Milliseconds after which there may be news that nobody told of. */
  readonly pollInterval: number;
}

/**
 * Listens on a connection of its own for transactions that changed logged tables, and finds a lost server again. Of transactions that run at the
 * same time only one sends a NOTIFY; so after each it keeps an eye on those that are under way until they have ended.
 */
export class PostgresLogWatch {
  readonly #options: LogWatchOptions;
  #client: Client | null = null;
  /** Those that have been given up: each tells so by several events. */
  readonly #lost = new WeakSet<Client>();
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  readonly #poll: NodeJS.Timeout;
  /** Under way when a NOTIFY came, and still. */
  #running: ReadonlySet<string> = new Set();
  #looking = false;
  /** A NOTIFY came after the last look. */
  #heard = false;
  #looks = 0;

  constructor(options: LogWatchOptions) {
    this.#options = options;
    this.#poll = setInterval(() => options.onNews(), options.pollInterval).unref();
    void this.#listen();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    this.#drop(this.#client);
  }

  async #listen(): Promise<void> {
    const { connect, onConnected, channel } = this.#options;
    let client: Client | null = null;
    try {
      client = await connect();
      const own = client;
      own.on("error", () => this.#lose(own));
      own.on("end", () => this.#lose(own));
      own.on("notification", () => this.#hear());
      this.#client = own;
      await onConnected(own);
      await own.query(`LISTEN "${channel}"`);
    } catch {
      return this.#lose(client);
    }
    if (this.#ended) return this.#drop(client);
    this.#failures = 0;
    this.#hear();
  }

  /** Whatever was told meanwhile was told to nobody, so a new connection begins with a look. */
  #lose(client: Client | null): void {
    if (client !== null) {
      if (this.#lost.has(client)) return;
      this.#lost.add(client);
    }
    this.#drop(client);
    if (this.#ended) return;
    const delay = Math.min(FIRST_RECONNECT * 2 ** this.#failures, LAST_RECONNECT);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#listen(), delay).unref();
  }

  #drop(client: Client | null): void {
    this.#client = null;
    this.#running = new Set();
    this.#looking = false;
    client?.removeAllListeners("notification");
    client?.end().catch(() => undefined);
  }

  #hear(): void {
    this.#options.onNews();
    this.#looks = 0;
    this.#heard = true;
    if (!this.#looking) void this.#look();
  }

  async #look(): Promise<void> {
    const client = this.#client;
    if (client === null || this.#ended) return;
    this.#looking = true;
    const heard = this.#heard;
    this.#heard = false;
    try {
      const running = await transactionsUnderWay(client);
      if (client !== this.#client) return;
      const remaining = [...this.#running].filter((transaction) => running.has(transaction));
      const someEnded = remaining.length < this.#running.size;
      this.#running = heard ? running : new Set(remaining);
      // Who ended after the reading that a NOTIFY led to, and before this look, was in neither.
      if (someEnded || heard) this.#options.onNews();
      this.#lookLater();
    } catch {
      this.#lose(client);
    }
  }

  #lookLater(): void {
    if (this.#running.size === 0 && !this.#heard) {
      this.#looking = false;
      return;
    }
    const delay = Math.min(FIRST_LOOK * 2 ** this.#looks, LAST_LOOK);
    this.#looks += 1;
    this.#timer = setTimeout(() => void this.#look(), delay).unref();
  }
}

async function transactionsUnderWay(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<[string]>({ text: "SELECT pg_current_snapshot()::text", rowMode: "array" });
  const list = rows[0]?.[0].split(":")[2] ?? "";
  return new Set(list === "" ? [] : list.split(","));
}
