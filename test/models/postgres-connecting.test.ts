import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { collector } from "./change-log/postgres-setup.ts";
import { endingProxy, type EndingProxy } from "./ending-proxy.ts";
import { createTables, declareModels } from "./postgres-tables.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

describeWith(services.postgres, "a PostgreSQL connection that is ended in the moment in which it is made", () => {
  let server: TemporaryPostgres;
  let proxy: EndingProxy;
  let database: PostgresDatabase;

  beforeAll(async () => {
    server = await temporaryPostgres();
    const made = await openPostgres(server.url);
    await createTables(made);
    await made.close();
  });
  afterAll(() => server.drop());
  beforeEach(async () => {
    // Only a superuser may end a worker of autovacuum.
    proxy = await endingProxy(server.url, () =>
      server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
      ),
    );
    database = await openPostgres(proxy.url, { changeLog: { pollInterval: 3_600_000 } });
  });
  afterEach(async () => {
    await database.close();
    proxy.close();
  });

  test("fails the statement that waited for it, or is made again, and never ends the process", async () => {
    const { Team } = declareModels(database);
    proxy.remaining = 3;
    // What ends one connection ends those beside it, some of them before they have got so far.
    while (proxy.remaining > 0) {
      const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => Team.objects.count()));
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome).toMatchObject({ reason: { status: 503 } });
      }
    }
    await expect.poll(() => Team.objects.count().catch(() => null), { timeout: 10_000 }).toBe(0);
  });

  test("is made again by the change log's watch, which then listens", async () => {
    const { Team } = declareModels(database);
    database.changes.observe(Team);
    await database.changes.ready();
    proxy.remaining = 2;
    const feed = collector(database);
    await database.changes.ready();
    while (proxy.remaining > 0) await server.query("SELECT pg_sleep(0.01)");
    await server.query("INSERT INTO team (name) VALUES ('foreign')");
    await feed.until(() => feed.given.length === 1);
    expect(feed.given[0]?.changes[0]?.after).toMatchObject({ name: "foreign" });
  });
});
