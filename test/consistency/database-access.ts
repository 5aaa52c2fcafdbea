import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import pg from "pg";
import { services } from "../services.ts";
import type { DatabaseAddress } from "./domain.ts";
import { domainDdl } from "./domain-tables.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import type { Row } from "./subscription-log.ts";

/** A fresh database with the tables of the domain, seen without the code under test. */
export interface DatabaseAccess {
  readonly address: DatabaseAddress;
  /** Runs SQL text, any number of statements. */
  run(sql: string): Promise<void>;
  query<R extends object>(sql: string): Promise<R[]>;
  /** Everything that was ever committed to `task`. */
  ledger(): Promise<Ledger>;
  /** Removes the database. */
  dispose(): Promise<void>;
}

interface LedgerRow {
  readonly seq: number | string;
  readonly pk: number;
  readonly token: string | null;
  readonly content: string | null;
}

export async function createDatabase(engine: DatabaseAddress["engine"]): Promise<DatabaseAccess> {
  const access = engine === "sqlite" ? createFile() : await createOnServer();
  await access.run(domainDdl[engine]);
  return access;
}

function createFile(): DatabaseAccess {
  const folder = mkdtempSync(join(tmpdir(), "restwave-consistency-"));
  const url = join(folder, "tasks.db");
  const database = new DatabaseSync(url, { timeout: 30_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  return {
    address: { engine: "sqlite", url },
    run: async (sql) => database.exec(sql),
    query: async <R extends object>(sql: string) => database.prepare(sql).all() as R[],
    ledger: async () => {
      const rows = database.prepare("SELECT seq, pk, token, content FROM ledger ORDER BY seq").all() as LedgerRow[];
      return new Ledger(rows.map(toEntry));
    },
    dispose: async () => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createOnServer(): Promise<DatabaseAccess> {
  const name = `restwave_consistency_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: services.postgres.address });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(services.postgres.address);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href, application_name: "observer of the test" });
  await client.connect();
  return {
    address: { engine: "postgres", url: url.href },
    run: async (sql) => void (await client.query(sql)),
    query: async <R extends object>(sql: string) => (await client.query<R>(sql)).rows,
    ledger: async () => {
      const { rows } = await client.query<LedgerRow>("SELECT seq, pk, token, content FROM ledger ORDER BY seq");
      return new Ledger(rows.map(toEntry), true);
    },
    dispose: async () => {
      await client.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

function toEntry({ seq, pk, token, content }: LedgerRow): LedgerEntry {
  return {
    seq: Number(seq),
    pk,
    transaction: token ?? `single-${seq}`,
    row: content === null ? null : (JSON.parse(content) as Row),
    unmarked: token?.startsWith("raw-") ?? false,
  };
}
