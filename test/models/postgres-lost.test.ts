import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { OpenPostgresOptions } from "../../src/models/adapters/postgres/open-postgres.ts";
import { DatabaseError, LockTimeout, TransactionError } from "../../src/models/errors.ts";
import { ImproperlyConfigured, ServiceUnavailable } from "../../src/protocol/exceptions.ts";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { createTables, declareModels, emptyTables } from "./postgres-tables.ts";
import { tcpProxy } from "./tcp-proxy.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

/** A promise and the function that fulfils it. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describeWith(services.postgres, "a PostgreSQL server", () => {
  let server: TemporaryPostgres;
  const opened: PostgresDatabase[] = [];

  beforeAll(async () => {
    server = await temporaryPostgres();
    await createTables(await open());
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  afterAll(() => server.drop());

  async function open(options: OpenPostgresOptions = {}, url = server.url): Promise<PostgresDatabase> {
    const database = await openPostgres(url, options);
    opened.push(database);
    return database;
  }

  /** With one member. A limit that is to be met by a test is not met by what comes before it: a busy machine takes its time for that. */
  async function filled(options: OpenPostgresOptions = {}, url = server.url) {
    const patient = await openPostgres(server.url);
    await emptyTables(patient);
    await declareModels(patient).Member.objects.create({ username: "ada", age: 36 });
    await patient.close();
    const database = await vi.waitFor(() => open(options, url), { timeout: 15_000 });
    return { database, ...declareModels(database) };
  }

  /** The age of the member, without any limit. */
  async function storedAge(): Promise<unknown> {
    return (await server.query("SELECT age FROM member WHERE id = 1"))[0]?.["age"];
  }

  /** Ends every connection but our own. @returns how many there were. */
  async function terminateAll(): Promise<number> {
    // Only a superuser may end a worker of autovacuum.
    const rows = await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    );
    return rows.length;
  }

  /** Resolves when so many statements that contain the text are running (or waiting for a lock). */
  async function running(text: string, count = 1): Promise<void> {
    for (;;) {
      const rows = await server.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'",
        [text],
      );
      if (rows.length >= count) return;
    }
  }

  describe("that ends our connections", () => {
    test("gives 503 to statements in flight, and the next ones find it again", async () => {
      const { database, Member } = await filled();
      for (let round = 0; round < 5; round += 1) {
        const inFlight = [1, 2, 3].map(() => database.execute(sql`SELECT pg_sleep(60)`));
        const outcomes = Promise.allSettled(inFlight);
        await running("pg_sleep", 3);
        expect(await terminateAll()).toBeGreaterThanOrEqual(3);
        for (const outcome of await outcomes) {
          expect(outcome).toMatchObject({ status: "rejected", reason: { status: 503 } });
        }
        expect(await Member.objects.count()).toBe(1);
      }
    });

    test("while they are idle does no harm", async () => {
      const { Member } = await filled();
      await Promise.all([1, 2, 3, 4].map(() => Member.objects.count()));
      await terminateAll();
      const counts = await Promise.allSettled([1, 2, 3, 4].map(() => Member.objects.count()));
      for (const count of counts) if (count.status === "rejected") expect(count.reason).toMatchObject({ status: 503 });
      expect(await Member.objects.count()).toBe(1);
    });

    test("inside an atomic block and a snapshot fails them with 503, and nothing of the block is kept", async () => {
      const { database, Member } = await filled();
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 99 });
        await terminateAll();
        await Member.objects.count();
      });
      await expect(block).rejects.toBeInstanceOf(ServiceUnavailable);
      const snapshot = database.snapshot(async () => {
        await Member.objects.count();
        await terminateAll();
        await Member.objects.count();
      });
      await expect(snapshot).rejects.toBeInstanceOf(ServiceUnavailable);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36 });
    });

    test("between the statements of a block makes its commit fail", async () => {
      const { database, Member } = await filled();
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 99 });
        await terminateAll();
      });
      await expect(block).rejects.toBeInstanceOf(ServiceUnavailable);
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 36 });
    });
  });

  describe("that cannot be reached", () => {
    test("gives 503 at once, and is found again when it is back", async () => {
      const proxy = await tcpProxy(server.url);
      const { database, Member } = await filled({}, proxy.url);
      const inFlight = database.execute(sql`SELECT pg_sleep(60)`);
      const outcome = expect(inFlight).rejects.toBeInstanceOf(ServiceUnavailable);
      await running("pg_sleep");
      await proxy.cut();
      await outcome;
      await expect(Member.objects.count()).rejects.toBeInstanceOf(ServiceUnavailable);
      await expect(database.atomic(() => Member.objects.count())).rejects.toBeInstanceOf(ServiceUnavailable);
      await expect(openPostgres(proxy.url)).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/);
      await proxy.mend();
      expect(await Member.objects.count()).toBe(1);
      await database.close();
      await proxy.cut();
    });

    test("and says nothing gives 503 soon after the statement time-out, on a new connection works again", async () => {
      const proxy = await tcpProxy(server.url);
      const { database, Member } = await filled({ statementTimeout: 1000 }, proxy.url);
      proxy.hang();
      await expect(Member.objects.count()).rejects.toBeInstanceOf(ServiceUnavailable);
      expect(await Member.objects.count()).toBe(1);
      await database.close();
      await proxy.cut();
    });

    test("is 503 when it is opened, and one that refuses is a mistake of the settings", async () => {
      await expect(openPostgres("postgres://restwave:restwave@127.0.0.1:1/x")).rejects.toBeInstanceOf(ServiceUnavailable);
      const nobody = server.url.replace(/\/\/.*@/, "//nobody:secret@");
      const missing = server.url.replace(/\/restwave_[0-9a-f]+/, "/restwave_nowhere");
      for (const url of [nobody, missing, "mysql://x", ""]) {
        const failure: unknown = await openPostgres(url).then(
          (database) => database.close(),
          (error: unknown) => error,
        );
        expect(failure, url).toBeInstanceOf(ImproperlyConfigured);
        expect(String(failure)).not.toMatch(/secret|restwave:/);
      }
      for (const options of [{ max: 0 }, { statementTimeout: 0 }, { lockTimeout: Number.NaN }])
        await expect(openPostgres(server.url, options)).rejects.toBeInstanceOf(ImproperlyConfigured);
    });
  });

  describe("with a limit", () => {
    test("of time for a statement stops it with 503", async () => {
      const { database, Member } = await filled({ statementTimeout: 50 });
      await expect(database.execute(sql`SELECT pg_sleep(60)`)).rejects.toBeInstanceOf(ServiceUnavailable);
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 1 });
        await database.execute(sql`SELECT pg_sleep(60)`);
      });
      await expect(block).rejects.toBeInstanceOf(ServiceUnavailable);
      expect(await storedAge()).toBe(36);
    });

    test("of time for a lock gives up waiting for it with 503", async () => {
      const { database, Member } = await filled({ lockTimeout: 50 });
      const held = gate();
      const done = gate();
      const block = database.atomic(async () => {
        await Member.objects.filter({ id: 1 }).update({ age: 1 });
        held.open();
        await done.opened;
      });
      await held.opened;
      await expect(Member.objects.filter({ id: 1 }).update({ age: 2 })).rejects.toBeInstanceOf(LockTimeout);
      done.open();
      await block;
      expect(await Member.objects.get({ id: 1 })).toMatchObject({ age: 1 });
    });

    test("of connections makes others wait for one", async () => {
      const { database, Member } = await filled({ max: 2 }, `${server.url}?application_name=limited`);
      const done = gate();
      const started = [gate(), gate()];
      const blocks = started.map(({ open: start }) =>
        database.atomic(async () => {
          await Member.objects.count();
          start();
          await done.opened;
        }),
      );
      await Promise.all(started.map((block) => block.opened));
      const waiting = Member.objects.count();
      done.open();
      expect(await waiting).toBe(1);
      await Promise.all(blocks);
      const counts = await Promise.all(Array.from({ length: 50 }, () => Member.objects.count()));
      expect(new Set(counts)).toEqual(new Set([1]));
      const sessions = await server.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'limited'");
      expect(sessions.length).toBeLessThanOrEqual(2);
    });

    test("of time for a connection gives up waiting for one with 503", async () => {
      const { database, Member } = await filled({ max: 1, connectionTimeout: 200 });
      const held = gate();
      const done = gate();
      const block = database.atomic(async () => {
        await Member.objects.count();
        held.open();
        await done.opened;
      });
      await held.opened;
      await expect(Member.objects.count()).rejects.toBeInstanceOf(ServiceUnavailable);
      done.open();
      await block;
    });
  });

  describe("that was closed", () => {
    test("says so to whoever uses it still", async () => {
      const { database, Member } = await filled();
      await expect(database.atomic(() => database.close())).rejects.toBeInstanceOf(TransactionError);
      await database.close();
      await database.close();
      await expect(Member.objects.count()).rejects.toBeInstanceOf(DatabaseError);
      await expect(database.atomic(() => Member.objects.count())).rejects.toBeInstanceOf(DatabaseError);
    });

    test("waits for blocks to end, for as long as for a lock", async () => {
      const { database, Member } = await filled({ lockTimeout: 50 });
      const held = gate();
      const done = gate();
      const block = database.atomic(async () => {
        await Member.objects.count();
        held.open();
        await done.opened;
      });
      await held.opened;
      await expect(database.close()).rejects.toBeInstanceOf(ServiceUnavailable);
      done.open();
      await block;
    });
  });
});
