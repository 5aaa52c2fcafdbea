import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Position } from "../../../src/models/change-log/position.ts";
import type { PostgresDatabase } from "../../../src/postgres.ts";
import { describeWith, services } from "../../services.ts";
import { collector, logServer, type LogServer } from "./postgres-setup.ts";

describeWith(services.postgres, "the change log's retention on PostgreSQL", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterEach(() => server.dispose());
  afterAll(() => server.drop());

  async function observedTeams(changeLog: { maxRows?: number; maxAge?: number } = {}) {
    const { database, Team } = await server.open({ changeLog });
    database.changes.observe(Team);
    await database.changes.ready();
    const feed = collector(database);
    await database.changes.ready();
    return { database, Team, feed };
  }

  const write = (count: number) =>
    server.server.query(`INSERT INTO team (name) SELECT gen_random_uuid() FROM generate_series(1, $1)`, [count]);
  const entries = async (): Promise<number> =>
    Number((await server.server.query("SELECT count(*) AS n FROM restwave.change"))[0]?.n);

  /** Prunes until so many entries are left: transactions of other databases of the server delay it. */
  async function pruneTo(database: PostgresDatabase, left: number): Promise<void> {
    while ((await entries()) > left) await database.changes.prune();
    expect(await entries()).toBe(left);
  }

  /**
   * A position that waits for no transaction. One that does, be it of another database of the server, is not served any more when that
   * transaction may have been pruned.
   */
  async function settledPosition(database: PostgresDatabase): Promise<Position> {
    for (;;) {
      const position = await database.changes.position();
      if (position.toString().split(":").length === 2) return position;
    }
  }

  test("by rows keeps the newest; who has not seen what went is told that it cannot be told", async () => {
    const { database } = await observedTeams({ maxRows: 10 });
    const old = await database.changes.position();
    for (let round = 0; round < 20; round += 1) await write(1);
    const middle = (await database.changes.since(old))!;
    const kept = await settledPosition(database);
    for (let round = 0; round < 10; round += 1) await write(1);
    await pruneTo(database, 10);
    expect(await database.changes.since(old)).toBeNull();
    expect(await database.changes.since(middle[10]!.position)).toBeNull();
    expect(await database.changes.since(kept)).toHaveLength(10);
    expect(await database.changes.since(await settledPosition(database))).toEqual([]);
    expect(await database.changes.prune()).toBe(0);
  });

  test("by age removes in steps, and keeps what is younger", async () => {
    const { database } = await observedTeams({ maxAge: 60_000 });
    await write(2500);
    for (let round = 0; round < 5; round += 1) await write(100);
    await server.server.query("UPDATE restwave.change SET at = at - interval '2 minutes'");
    const position = await settledPosition(database);
    await write(7);
    await pruneTo(database, 7);
    expect((await database.changes.since(position))?.[0]?.changes).toHaveLength(7);
  });

  test("never removes what is still to be committed, nor anything that came after that began", async () => {
    const { database, feed } = await observedTeams({ maxRows: 1 });
    const slow = await server.connect();
    const before = await settledPosition(database);
    await slow.query("BEGIN; INSERT INTO team (name) VALUES ('slow')");
    for (let round = 0; round < 20; round += 1) await write(1);
    await feed.until(() => feed.given.length === 20);
    await database.changes.prune();
    expect(await database.changes.since(before)).toHaveLength(20);
    await slow.query("COMMIT");
    await feed.until(() => feed.given.length === 21);
    expect(feed.given.at(-1)?.changes[0]?.after).toMatchObject({ name: "slow" });
    await pruneTo(database, 1);
    expect(await database.changes.since(before)).toBeNull();
  });

  test("does not lose a reader that waited for a transaction which rolled back", async () => {
    const { database, feed } = await observedTeams({ maxRows: 1 });
    const slow = await server.connect();
    await slow.query("BEGIN; INSERT INTO team (name) VALUES ('slow')");
    for (let round = 0; round < 5; round += 1) await write(1);
    await feed.until(() => feed.given.length === 5);
    await slow.query("ROLLBACK");
    await database.changes.caughtUp(await settledPosition(database));
    await pruneTo(database, 1);
    await write(1);
    await feed.until(() => feed.given.length >= 6);
    expect(feed.given.flatMap(({ lost }) => lost)).toEqual([]);
  });

  test("works beside writers, readers and other pruners, and nobody misses anything", async () => {
    const { database, feed } = await observedTeams({ maxRows: 50 });
    const { database: other } = await server.openAgain({ changeLog: { maxRows: 50 } });
    const writers = await Promise.all([1, 2, 3, 4].map(() => server.connect()));
    const writing = { isOver: false };
    const prune = async (changes: typeof other.changes): Promise<void> => {
      while (!writing.isOver) await changes.prune();
    };
    const pruning = [prune(database.changes), prune(other.changes)];
    await Promise.all(
      writers.map(async (writer) => {
        for (let round = 0; round < 100; round += 1) await writer.query("INSERT INTO team (name) VALUES (gen_random_uuid())");
      }),
    );
    writing.isOver = true;
    await Promise.all(pruning);
    await feed.until(() => feed.given.length >= 400 || feed.given.some(({ lost }) => lost.length > 0));
    const pks = feed.given.flatMap(({ changes }) => changes.map(({ pk }) => pk));
    const isWhole = feed.given.every(({ lost }) => lost.length === 0);
    if (isWhole) expect(new Set(pks).size).toBe(400);
    expect(new Set(pks).size).toBe(pks.length);
    await pruneTo(database, 50);
  });

  test("a dump that is restored elsewhere begins a log of its own", async () => {
    const { database, Team } = await observedTeams();
    await Team.objects.create({ name: "red" });
    const before = await database.changes.position();
    await server.server.query("UPDATE restwave.life SET server = '1/1'");
    const { database: elsewhere, Team: Again } = await server.openAgain();
    elsewhere.changes.observe(Again);
    const after = await elsewhere.changes.position();
    expect(after.epoch).not.toBe(before.epoch);
    expect(await elsewhere.changes.since(before)).toBeNull();
    expect(await elsewhere.changes.since(after)).toEqual([]);
  });
});
