import { sql } from "drizzle-orm";
import type { SqliteDatabase } from "../../src/sqlite.ts";
import { domainTables, type Engine } from "./domain-tables.ts";

/** How to reach a database: a file, or a PostgreSQL URL. */
export interface DatabaseAddress {
  readonly engine: Engine;
  readonly url: string;
}

/** Opens the database as the server does, and declares its models. */
export async function openDomain({ engine, url }: DatabaseAddress, { busyTimeout = 5000 }: { busyTimeout?: number } = {}) {
  const db = engine === "sqlite" ? await openFile(url, busyTimeout) : await openServer(url);
  const { projects, tasks, grants } = domainTables(engine);
  const Project = db.model(projects, { name: "Project" });
  const Task = db.model(tasks, { name: "Task" });
  const Grant = db.model(grants, { name: "Grant" });

  let tokens = 0;
  /** One transaction, under one name in the ledger. */
  const transaction = <T>(work: () => Promise<T>): Promise<T> => {
    if (engine === "postgres" || db.inAtomic) return db.atomic(work);
    return db.atomic(async () => {
      await db.execute(sql`UPDATE ledger_token SET token = ${`api-${process.pid}-${(tokens += 1)}`}`);
      const result = await work();
      await db.execute(sql`UPDATE ledger_token SET token = NULL`);
      return result;
    });
  };
  return { engine, db, Project, Task, Grant, transaction };
}

export type Domain = Awaited<ReturnType<typeof openDomain>>;

async function openFile(file: string, busyTimeout: number): Promise<SqliteDatabase> {
  const { openSqlite } = await import("../../src/sqlite.ts");
  return openSqlite(file, { busyTimeout });
}

/** Milliseconds that a request waits for a connection: after a crash all readers come back at once. One that would wait for ever is still found. */
const PATIENCE = 60_000;

async function openServer(url: string): Promise<SqliteDatabase> {
  const { openPostgres } = await import("../../src/postgres.ts");
  // Typed as the other one: only what both have is used.
  return (await openPostgres(url, { connectionTimeout: PATIENCE })) as unknown as SqliteDatabase;
}
