import { randomBytes } from "node:crypto";
import pg from "pg";
import { services } from "../services.ts";

/** An empty database on the test server, for one test file. */
export interface TemporaryPostgres {
  readonly url: string;
  /** Runs SQL as somebody else: on a connection that no database under test knows. */
  query(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Makes a database. `options` go into its connection string. */
export async function temporaryPostgres(options: Readonly<Record<string, string>> = {}): Promise<TemporaryPostgres> {
  const name = `restwave_${randomBytes(8).toString("hex")}`;
  const server = new pg.Client(services.postgres.address);
  await server.connect();
  await server.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' STRATEGY file_copy`);
  const url = new URL(services.postgres.address);
  url.pathname = name;
  for (const [key, value] of Object.entries(options)) url.searchParams.set(key, value);
  const other = new pg.Client(url.href);
  await other.connect();
  return {
    url: url.href,
    query: async (sql, params) => (await other.query<Record<string, unknown>>(sql, params)).rows,
    drop: async () => {
      await other.end();
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.end();
    },
  };
}
