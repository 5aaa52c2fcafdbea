import type { ServerProcess } from "../child.ts";
import { print } from "../table.ts";
import { type Case, CASE_COLUMNS, type CaseTarget, measureCases } from "./cases.ts";
import type { LiveBench } from "./live-bench.ts";
import { hasPostgres, temporaryPostgres } from "./temporary-postgres.ts";

const MOST = 1.35;
const PATHS = { create: "/ws/created/", patch: "/ws/users/" } as const;

type Start = (mode: "plain" | "live") => Promise<ServerProcess>;

/** What the change log costs writes: without it, with it, and with a subscriber to whom nothing matters. */
export async function changelog(bench: LiveBench): Promise<void> {
  const startSqlite: Start = (mode) => bench.startServer("live-server", mode);
  const rows = await measureDatabase(bench, "SQLite", startSqlite, { most: MOST, of: "cpu" });
  if (await hasPostgres()) {
    // The triggers run in PostgreSQL's own processes.
    rows.push(...(await measureDatabase(bench, "PostgreSQL", (mode) => startPostgres(bench, mode), { most: MOST, of: "time" })));
  } else console.log("PostgreSQL is not there: set RESTWAVE_POSTGRES_URL, or run scripts/services.sh postgres.");
  print([["write", ...CASE_COLUMNS], ...rows]);
}

async function startPostgres(bench: LiveBench, mode: string): Promise<ServerProcess> {
  const { url } = bench.keep(await temporaryPostgres());
  return bench.startServerOn(url, "postgres-server", mode);
}

async function measureDatabase(bench: LiveBench, database: string, start: Start, target: CaseTarget): Promise<string[][]> {
  const rows: string[][] = [];
  try {
    const cases: Case[] = [
      { name: "no log", server: await start("plain") },
      { name: "log, nobody listens", server: await start("live") },
      { name: "log, one listens elsewhere", server: await startWatched(bench, start) },
    ];
    for (const scenario of Object.keys(PATHS)) {
      const named = cases.map(({ name, server }) => ({ name: `${database}, ${scenario}, ${name}`, server }));
      rows.push(...(await measureCases(bench, scenario, named, target)));
    }
  } finally {
    await bench.stopAll();
  }
  return rows;
}

/** Somebody watches each of the tables for a name that nobody has. */
async function startWatched(bench: LiveBench, start: Start): Promise<ServerProcess> {
  const server = await start("live");
  for (const path of Object.values(PATHS)) {
    const audience = bench.startAudience();
    await audience.open({ port: server.port, path, protocol: null, sockets: 1 });
    await audience.subscribe({ each: 1, of: "one" });
  }
  return server;
}
