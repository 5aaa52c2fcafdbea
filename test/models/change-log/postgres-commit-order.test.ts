import { isDeepStrictEqual } from "node:util";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { describeWith, services } from "../../services.ts";
import { collector, fold, logServer, type LogServer } from "./postgres-setup.ts";

// Thousands of statements one after the other, on a machine that has others to serve.
vi.setConfig({ testTimeout: 60_000 });

const SEED = Number(process.env.RESTWAVE_SEED ?? Date.now() % 2 ** 31);

describeWith(services.postgres, "commit order on PostgreSQL", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterEach(() => server.dispose());
  afterAll(() => server.drop());

  async function observedTeams() {
    const { database, Team } = await server.open({ max: 20 });
    database.changes.observe(Team);
    await database.changes.ready();
    return { database, Team };
  }

  const names = (transactions: readonly { readonly changes: readonly { readonly after: unknown }[] }[]) =>
    transactions.map(({ changes }) => changes.map(({ after }) => Reflect.get(Object(after), "name")));

  test("16 transactions that take their log numbers and commit in reverse order are all told as they commit, while one stays open", async () => {
    const { database } = await observedTeams();
    const feed = collector(database);
    await database.changes.ready();
    const start = await database.changes.position();
    const writers = await Promise.all(Array.from({ length: 16 }, () => server.connect()));
    for (const [index, writer] of writers.entries()) {
      await writer.query("BEGIN");
      await writer.query("INSERT INTO team (name) VALUES ($1)", [`team ${index}`]);
    }
    const given = new Set<string>();
    for (let index = 15; index > 0; index -= 1) {
      await writers[index]!.query("COMMIT");
      await feed.until(() => feed.given.length === 16 - index);
      given.add(feed.given.at(-1)!.position.toString());
    }
    expect(names(feed.given)).toEqual(Array.from({ length: 15 }, (_, index) => [`team ${15 - index}`]));
    // A reader that comes late has them in the order of their numbers.
    const late = await database.changes.since(start);
    expect(names(late!)).toEqual(Array.from({ length: 15 }, (_, index) => [`team ${index + 1}`]));
    await writers[0]!.query("COMMIT");
    await feed.until(() => feed.given.length === 16);
    expect(names(feed.given.slice(15))).toEqual([["team 0"]]);
    expect(given.size).toBe(15);
    // From every position exactly the rest follows.
    for (const [index, { position }] of feed.given.entries()) {
      const rest = await database.changes.since(database.changes.parsePosition(position.toString())!);
      expect(new Set(names(rest!).flat())).toEqual(new Set(names(feed.given.slice(index + 1)).flat()));
    }
  });

  test("a reader that is given few transactions at a time gets all of them once, from whatever it had before", async () => {
    const { database } = await observedTeams();
    const start = await database.changes.position();
    const [slow, fast] = [await server.connect(), await server.connect()];
    await slow.query("BEGIN; INSERT INTO team (name) VALUES ('slow 1')");
    for (let index = 0; index < 1500; index += 1) await fast.query("INSERT INTO team (name) VALUES ($1)", [`fast ${index}`]);
    await slow.query("INSERT INTO team (name) VALUES ('slow 2'); COMMIT");
    await fast.query("INSERT INTO team (name) SELECT 'bulk ' || n FROM generate_series(1, 1200) n");
    const all = await database.changes.since(start);
    expect(names(all!)).toEqual([
      ...Array.from({ length: 1500 }, (_, index) => [`fast ${index}`]),
      ["slow 1", "slow 2"],
      Array.from({ length: 1200 }, (_, index) => `bulk ${index + 1}`),
    ]);
    for (const at of [0, 3, 998, 999, 1000, 1499, 1500, 1501]) {
      const rest = await database.changes.since(all![at]!.position);
      expect(names(rest!)).toEqual(names(all!.slice(at + 1)));
      expect(all![at]!.position.includes(all![at]!.id)).toBe(true);
      expect(all![at]!.position.includes(all![at + 1]?.id ?? Number.MAX_SAFE_INTEGER)).toBe(false);
    }
  });

  test("rolled back transactions and savepoints leave nothing, and nobody waits for them", async () => {
    const { database, Team } = await observedTeams();
    const feed = collector(database);
    await database.changes.ready();
    const storm = async (writer: number): Promise<void> => {
      const client = await server.connect();
      for (let round = 0; round < 40; round += 1) {
        const name = `${writer} ${round}`;
        await client.query(`BEGIN; INSERT INTO team (name) VALUES ('lost ${name}'); ROLLBACK`);
        await client.query(`BEGIN; SAVEPOINT a; INSERT INTO team (name) VALUES ('lost ${name}'); ROLLBACK TO a;
          SAVEPOINT b; INSERT INTO team (name) VALUES ('kept ${name}'); SAVEPOINT c; INSERT INTO team (name) VALUES ('lost ${name}'); ROLLBACK TO c;
          RELEASE b; COMMIT`);
        await client.query(
          "BEGIN; UPDATE team SET name = 'none' WHERE false; SAVEPOINT a; DELETE FROM team; ROLLBACK TO a; COMMIT",
        );
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, writer) => storm(writer)));
    await database.changes.caughtUp(await database.changes.position());
    expect(new Set(names(feed.given).flat())).toEqual(new Set((await Team.objects.toArray()).map((row) => row.name)));
    expect(feed.given).toHaveLength(320);
    expect(feed.given.every(({ lost }) => lost.length === 0)).toBe(true);
  });

  test(`changes of the same rows are told in the order of their locks: folding the log gives the table at every position (seed ${SEED})`, async () => {
    const { database, Team } = await observedTeams();
    await server.server.query("INSERT INTO team (name) SELECT 'start ' || n FROM generate_series(1, 5) n");
    const random = fc.sample(fc.integer({ min: 0, max: 2 ** 30 }), { seed: SEED, numRuns: 4000 });
    const start = await database.snapshot(async () => ({
      at: await database.changes.position(),
      rows: await Team.objects.toArray(),
    }));
    const feed = collector(database);
    await database.changes.ready();
    let count = 0;
    const dice = (): number => random[count++ % random.length]!;
    /** In ascending order, so that few of them end in a deadlock, which takes a second. */
    const writeSomeRows = async (client: pg.Client): Promise<void> => {
      for (let id = 1 + (dice() % 5); id <= 5; id += 1 + (dice() % 3)) {
        const statement = [
          `UPDATE team SET name = 'v${count}' WHERE id = ${id}`,
          `DELETE FROM team WHERE id = ${id}`,
          `INSERT INTO team (id, name) VALUES (${id}, 'n${count}') ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
        ][dice() % 3]!;
        await client.query(`SAVEPOINT s; ${statement}${dice() % 5 === 0 ? "; ROLLBACK TO s" : ""}`);
      }
    };
    const write = async (): Promise<void> => {
      const client = await server.connect();
      for (let round = 0; round < 40; round += 1) {
        await client.query("BEGIN");
        const end = await writeSomeRows(client).then(
          () => (dice() % 6 === 0 ? "ROLLBACK" : "COMMIT"),
          () => "ROLLBACK",
        );
        await client.query(end);
      }
    };
    const snapshots: { readonly at: string; readonly rows: readonly unknown[] }[] = [];
    const writing = { isOver: false };
    const watch = async (): Promise<void> => {
      while (!writing.isOver) {
        snapshots.push(
          await database.snapshot(async () => ({
            at: String(await database.changes.position()),
            rows: await Team.objects.toArray(),
          })),
        );
      }
    };
    const watching = watch();
    await Promise.all(Array.from({ length: 8 }, write));
    writing.isOver = true;
    await watching;
    await database.changes.caughtUp(await database.changes.position());

    const byId = (rows: readonly unknown[]) => new Map(rows.map((row) => [Reflect.get(Object(row), "id"), row]));
    const table = byId(await Team.objects.toArray());
    const fed = byId(start.rows);
    fold(fed, feed.given, isDeepStrictEqual);
    expect(fed).toEqual(table);
    expect(new Set(feed.given.map(({ id }) => id)).size).toBe(feed.given.length);
    for (const { at, rows } of snapshots.filter((_, index) => index % Math.ceil(snapshots.length / 60) === 0)) {
      const resumed = byId(rows);
      fold(resumed, (await database.changes.since(database.changes.parsePosition(at)!))!, isDeepStrictEqual);
      expect(resumed).toEqual(table);
    }
    expect(snapshots.length).toBeGreaterThan(5);
  });

  test("a snapshot and its position belong together while a writer commits in a tight loop", async () => {
    const { database, Team } = await observedTeams();
    await Team.objects.create({ name: "0" });
    const writer = await server.connect();
    const rounds = { areOver: false };
    const writing = (async () => {
      for (let value = 1; !rounds.areOver; value += 1) await writer.query(`UPDATE team SET name = '${value}' WHERE id = 1`);
    })();
    for (let round = 0; round < 300; round += 1) {
      const { at, seen } = await database.snapshot(async () => {
        const [row] = round % 2 === 0 ? await Team.objects.toArray() : [];
        const position = await database.changes.position();
        const [later] = await Team.objects.toArray();
        if (row !== undefined) expect(later).toEqual(row);
        return { at: position, seen: Number(later!.name) };
      });
      const next = await database.changes.since(at);
      const values = next!.flatMap(({ changes }) => changes.map(({ after }) => Number(after!.name)));
      expect(values).toEqual(values.map((_, index) => seen + 1 + index));
    }
    rounds.areOver = true;
    await writing;
  });

  test("the position inside an open transaction does not count it as seen", async () => {
    const { database, Team } = await observedTeams();
    const inside = await database.atomic(async () => {
      await Team.objects.create({ name: "mine" });
      await server.server.query("INSERT INTO team (name) VALUES ('other')");
      const position = await database.changes.position();
      await database.execute(sql`UPDATE team SET name = 'mine too' WHERE name = 'mine'`);
      return position;
    });
    expect(names((await database.changes.since(inside))!)).toEqual([["mine too"]]);
  });
});
