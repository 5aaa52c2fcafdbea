import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DatabaseError } from "../../src/models/errors.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

const FIRST = 'CREATE TABLE "a" ("id" integer PRIMARY KEY);\n--> statement-breakpoint\nINSERT INTO "a" VALUES (1);';
const SECOND = 'INSERT INTO "a" VALUES (2);';

describeWith(services.postgres, "openPostgres", () => {
  let server: TemporaryPostgres;
  let folder: ReturnType<typeof temporaryFolder>;
  const opened: PostgresDatabase[] = [];

  beforeAll(async () => {
    server = await temporaryPostgres();
  });
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    await server.query("DROP TABLE IF EXISTS a; DROP SCHEMA IF EXISTS drizzle CASCADE");
    folder.remove();
  });
  afterAll(() => server.drop());

  async function open(...args: Parameters<typeof openPostgres>): Promise<PostgresDatabase> {
    const database = await openPostgres(...args);
    opened.push(database);
    return database;
  }

  /** A folder as drizzle-kit makes it. */
  function writeMigrations(...texts: readonly string[]): string {
    const migrations = folder.path("migrations");
    mkdirSync(`${migrations}/meta`, { recursive: true });
    const entries = texts.map((text, index) => {
      const tag = `000${index}_step`;
      writeFileSync(`${migrations}/${tag}.sql`, text);
      return { idx: index, version: "7", when: 1_700_000_000_000 + index, tag, breakpoints: true };
    });
    writeFileSync(`${migrations}/meta/_journal.json`, JSON.stringify({ version: "7", dialect: "postgresql", entries }));
    return migrations;
  }

  const idsOf = async (database: PostgresDatabase) =>
    (await database.execute<{ id: number }>(sql`SELECT id FROM a ORDER BY id`)).map((row) => row.id);

  test("takes the parts of an address too", async () => {
    const { hostname, port, username, password, pathname } = new URL(server.url);
    const database = await open({
      host: hostname,
      port: Number(port),
      user: username,
      password,
      database: pathname.slice(1),
      options: "-c search_path=pg_catalog",
    });
    expect(await database.execute(sql`SELECT 1 AS one, current_schema() AS schema`)).toEqual([{ one: 1, schema: "pg_catalog" }]);
  });

  test("sets up every connection, whatever the address asks for", async () => {
    const database = await open(
      `${server.url}?options=-c%20timezone%3DAsia/Tokyo%20-c%20search_path%3Dpg_catalog&application_name=mine`,
      { max: 3 },
    );
    const settings = await Promise.all(
      [1, 2, 3].map(() =>
        database.execute(sql`SELECT current_setting('timezone') AS zone, current_setting('search_path') AS path,
          current_setting('application_name') AS name, current_setting('statement_timeout') AS timeout`),
      ),
    );
    for (const [row] of settings) expect(row).toEqual({ zone: "UTC", path: "pg_catalog", name: "mine", timeout: "30s" });
  });

  test("refuses a database whose texts are not UTF-8", async () => {
    const name = `${new URL(server.url).pathname.slice(1)}_latin`;
    await server.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`);
    await expect(openPostgres(server.url.replace(/\/[^/]*$/, `/${name}`))).rejects.toThrow(/UTF8, got LATIN1/);
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test("gives a database that hides the server's text of an unknown failure, and counts raw writes only", async () => {
    const database = await open(server.url);
    const failure: unknown = await database.execute(sql`SELECT nope FROM secret_table`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseError);
    expect(String(failure)).not.toMatch(/nope|secret_table/);
    let commits = 0;
    database.onCommit(() => {
      commits += 1;
    });
    await database.execute(sql`CREATE TABLE a (id integer)`);
    await database.execute(sql`WITH x AS (SELECT 1 AS one) SELECT one FROM x`);
    expect(commits).toBe(1);
    await database.execute(sql`/* a comment */ WITH x AS (INSERT INTO a VALUES (1) RETURNING id) SELECT id FROM x`);
    expect(commits).toBe(2);
  });

  describe("with migrations", () => {
    test("applies them once, in order, and later ones after them", async () => {
      expect(await idsOf(await open(server.url, { migrationsFolder: writeMigrations(FIRST) }))).toEqual([1]);
      for (let time = 0; time < 2; time += 1) {
        const again = await open(server.url, { migrationsFolder: writeMigrations(FIRST, SECOND) });
        expect(await idsOf(again)).toEqual([1, 2]);
      }
    });

    test("leaves drizzle-kit's own journal", async () => {
      const database = await open(server.url, { migrationsFolder: writeMigrations(FIRST, SECOND) });
      const rows = await database.execute(sql`SELECT id, hash, created_at FROM drizzle.__drizzle_migrations ORDER BY created_at`);
      expect(rows).toEqual([
        { id: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: 1_700_000_000_000 },
        { id: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: 1_700_000_000_001 },
      ]);
    });

    test("that fail changes nothing", async () => {
      const migrationsFolder = writeMigrations(FIRST, 'INSERT INTO "nope" VALUES (2);');
      await expect(openPostgres(server.url, { migrationsFolder })).rejects.toThrow(/nothing was changed.*nope/);
      expect(await server.query("SELECT to_regclass('a') AS a, to_regnamespace('drizzle') AS journal")).toEqual([
        { a: null, journal: null },
      ]);
    });

    test.each([
      ["a missing folder", () => folder.path("nowhere")],
      ["a folder without a journal", () => folder.path(".")],
    ])("in %s is a clear error", async (_title, path) => {
      await expect(openPostgres(server.url, { migrationsFolder: path() })).rejects.toBeInstanceOf(ImproperlyConfigured);
    });

    test("applies those of processes that start at the same time once", { timeout: 60_000 }, async () => {
      const migrationsFolder = writeMigrations(FIRST, SECOND);
      const script = fileURLToPath(new URL("migrating-postgres.mjs", import.meta.url));
      const processes = [1, 2, 3].map(() => fork(script, [server.url, migrationsFolder], { execArgv: ["--import", "tsx"] }));
      await Promise.all(processes.map((process) => once(process, "message")));
      const done = processes.map((process) => once(process, "message"));
      for (const process of processes) process.send("go");
      expect((await Promise.all(done)).map(([message]) => message)).toEqual(["done", "done", "done"]);
      expect(await idsOf(await open(server.url))).toEqual([1, 2]);
    });
  });
});
