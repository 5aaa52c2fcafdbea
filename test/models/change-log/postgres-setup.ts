import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import type { CommittedTransaction } from "../../../src/models/change-log/change.ts";
import { openPostgres, type PostgresDatabase } from "../../../src/postgres.ts";
import type { OpenPostgresOptions } from "../../../src/models/adapters/postgres/open-postgres.ts";
import type { ContractDatabase } from "../contract.ts";
import { createTables, declareModels } from "../postgres-tables.ts";
import { temporaryPostgres, type TemporaryPostgres } from "../temporary-postgres.ts";

const run = promisify(execFile);

/** A database for one test file, opened anew for each test. */
export interface LogServer {
  readonly url: string;
  readonly server: TemporaryPostgres;
  /** The contract's database, empty and without a log. */
  open(options?: OpenPostgresOptions): Promise<ContractDatabase & { readonly database: PostgresDatabase }>;
  /** Opens the database of the running test once more, as another process would. */
  openAgain(options?: OpenPostgresOptions): Promise<ContractDatabase & { readonly database: PostgresDatabase }>;
  /** The same with another connection string. */
  openAgainAt(url: string, options?: OpenPostgresOptions): Promise<ContractDatabase & { readonly database: PostgresDatabase }>;
  /** A connection of a foreign writer. Ended by `dispose`. */
  connect(): Promise<pg.Client>;
  /** `psql`, a process of its own. */
  psql(sql: string): Promise<void>;
  /** Ends what the running test has opened. */
  dispose(): Promise<void>;
  drop(): Promise<void>;
}

const TABLES = "team, member, post, tag, post_tag, pair";

export async function logServer(): Promise<LogServer> {
  const server = await temporaryPostgres({ options: "-c synchronous_commit=off" });
  const opened: PostgresDatabase[] = [];
  const clients: pg.Client[] = [];
  let isMade = false;

  const openAgainAt: LogServer["openAgainAt"] = async (url, options) => {
    const database = await openPostgres(url, options);
    opened.push(database);
    return { database, ...declareModels(database), dispose: () => Promise.resolve() };
  };
  const openAgain: LogServer["openAgain"] = (options) => openAgainAt(server.url, options);
  return {
    url: server.url,
    server,
    openAgain,
    openAgainAt,
    async open(options) {
      if (isMade) await server.query(`DROP SCHEMA IF EXISTS restwave CASCADE; TRUNCATE ${TABLES} RESTART IDENTITY CASCADE`);
      const contract = await openAgain(options);
      if (!isMade) await createTables(contract.database);
      isMade = true;
      return contract;
    },
    async connect() {
      const client = new pg.Client(server.url);
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    async psql(sql) {
      const process = run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", server.url.split("?", 1).join()]);
      process.child.stdin?.end(sql);
      await process;
    },
    async dispose() {
      await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
      await Promise.all(opened.splice(0).map((database) => database.close()));
    },
    drop: () => server.drop(),
  };
}

/** Collects what the feed gives; `until` resolves when it has given what is asked for. */
export function collector(database: PostgresDatabase) {
  const given: CommittedTransaction[] = [];
  const waiting = new Set<() => void>();
  const end = database.changes.subscribe((transactions) => {
    given.push(...transactions);
    for (const check of waiting) check();
  });
  const until = (isEnough: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isEnough()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { given, until, end };
}

/** Applies changes to rows by primary key. @throws TypeError for one that does not fit what was before. */
export function fold(
  rows: Map<unknown, unknown>,
  transactions: readonly CommittedTransaction[],
  same: (a: unknown, b: unknown) => boolean,
): void {
  for (const { changes, lost } of transactions) {
    if (lost.length > 0) throw new TypeError("Expected a log without gaps.");
    for (const { pk, before, after } of changes) {
      if (!same(rows.get(pk) ?? null, before)) throw new TypeError(`Row ${String(pk)} is not what the change says it was.`);
      if (after === null) rows.delete(pk);
      else rows.set(pk, after);
    }
  }
}
