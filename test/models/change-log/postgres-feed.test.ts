import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { describeWith, services } from "../../services.ts";
import { Gate } from "../../transports/sessions.ts";
import { waitingProxy } from "../waiting-proxy.ts";
import { collector, logServer, type LogServer } from "./postgres-setup.ts";

describeWith(services.postgres, "the feed on PostgreSQL", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterEach(() => server.dispose());
  afterAll(() => server.drop());

  async function observedTeams(pollInterval?: number) {
    const { database, Team } = await server.open({ changeLog: pollInterval === undefined ? {} : { pollInterval } });
    database.changes.observe(Team);
    await database.changes.ready();
    const feed = collector(database);
    await database.changes.ready();
    const told = () => feed.given.flatMap(({ changes }) => changes.map(({ after }) => String(after?.name)));
    const listening = async (): Promise<boolean> => (await server.server.query(LISTENING)).length > 0;
    return { database, Team, feed, told, listening };
  }

  const LISTENING =
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT pg_current_snapshot()::text' AND state = 'idle'";
  const OURS = "datname = current_database() AND application_name = 'restwave'";
  const terminate = () => server.server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`);

  /** Asks until it is so. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo()));
  }

  test("notices a foreign commit by its NOTIFY, long before the next look of its own", async () => {
    const { feed, told, listening } = await observedTeams(3_600_000);
    await until(listening);
    await server.psql("INSERT INTO team (name) VALUES ('one')");
    await feed.until(() => told().length === 1);
    await server.psql("INSERT INTO team (name) VALUES ('two')");
    await feed.until(() => told().length === 2);
    expect(told()).toEqual(["one", "two"]);
  });

  test("notices a transaction that left the NOTIFY to another one that ran beside it", async () => {
    const { feed, told, listening } = await observedTeams(3_600_000);
    await until(listening);
    const [quiet, loud] = [await server.connect(), await server.connect()];
    await quiet.query("SET restwave.told = 'yes'; BEGIN; INSERT INTO team (name) VALUES ('quiet')");
    await loud.query("INSERT INTO team (name) VALUES ('loud')");
    await feed.until(() => told().length === 1);
    await quiet.query("COMMIT");
    await feed.until(() => told().length === 2);
    expect(told()).toEqual(["loud", "quiet"]);
  });

  test("loses nothing by a NOTIFY that never comes", async () => {
    const { feed, told } = await observedTeams(20);
    const writer = await server.connect();
    await writer.query("SET restwave.told = 'yes'");
    for (let index = 0; index < 5; index += 1) {
      await writer.query("INSERT INTO team (name) VALUES ($1)", [`quiet ${index}`]);
      await feed.until(() => told().length === index + 1);
    }
    expect(told()).toEqual(["quiet 0", "quiet 1", "quiet 2", "quiet 3", "quiet 4"]);
  });

  test("listens again after its connection was ended, and has what came meanwhile", async () => {
    const { feed, told, listening } = await observedTeams(3_600_000);
    await until(listening);
    await terminate();
    await server.psql("INSERT INTO team (name) VALUES ('one')");
    await feed.until(() => told().length === 1);
    await until(listening);
    await server.psql("INSERT INTO team (name) VALUES ('two')");
    await feed.until(() => told().length === 2);
    expect(told()).toEqual(["one", "two"]);
  });

  test("loses and doubles nothing while all our connections are ended again and again", async () => {
    const { feed, told } = await observedTeams();
    const writing = { isOver: false };
    const write = async (writer: number): Promise<void> => {
      const client = await server.connect();
      for (let index = 0; index < 150; index += 1)
        await client.query("INSERT INTO team (name) VALUES ($1)", [`${writer} ${index}`]);
    };
    const kill = async (): Promise<void> => {
      while (!writing.isOver) {
        await terminate();
        await server.server.query("SELECT pg_sleep(0.02)");
      }
    };
    const killing = kill();
    await Promise.all([1, 2, 3, 4].map(write));
    writing.isOver = true;
    await killing;
    await feed.until(() => told().length >= 600);
    expect(new Set(told()).size).toBe(600);
    expect(told()).toHaveLength(600);
    for (const writer of [1, 2, 3, 4]) {
      const own = told().filter((name) => name.startsWith(`${writer} `));
      expect(own).toEqual(Array.from({ length: 150 }, (_, index) => `${writer} ${index}`));
    }
    expect(feed.given.flatMap(({ lost }) => lost)).toEqual([]);
  });

  test("gives what is committed to a table that came to be observed while a reading was on its way", async () => {
    await (await server.open()).database.close();
    const proxy = await waitingProxy(server.url);
    onTestFinished(() => proxy.close());
    const { database, Team, Member } = await server.openAgainAt(proxy.url, { changeLog: { pollInterval: 3_600_000 } });
    database.changes.observe(Team);
    await database.changes.ready();
    const feed = collector(database);
    await database.changes.ready();
    await until(async () => (await server.server.query(LISTENING)).length > 0);
    const gate = new Gate();
    const users: Promise<void>[] = [];
    const use = async (): Promise<void> => {
      const busy = new Gate();
      users.push(
        database.atomic(async () => {
          await Team.objects.count();
          busy.open();
          await gate.opened;
        }),
      );
      await busy.opened;
    };
    // One more than these listens: the next reading of the log needs a new connection.
    while (users.length < proxy.connected - 1) await use();
    const goOn = proxy.hold();
    await server.server.query("INSERT INTO team (name) VALUES ('one')");
    await expect.poll(() => proxy.waiting).toBe(1);
    gate.open();
    await Promise.all(users);
    database.changes.observe(Member);
    await database.changes.ready();
    const member = await Member.objects.create({ username: "ada" });
    goOn();
    await database.changes.caughtUp(await database.changes.position());
    const changes = feed.given.flatMap((transaction) => transaction.changes.map(({ model, pk }) => [model.name, pk]));
    expect(changes).toEqual([
      ["Team", 1],
      ["Member", member.id],
    ]);
  });

  test("ends its connection with the last listener, and on close", async () => {
    const { database, feed, listening } = await observedTeams();
    await until(listening);
    feed.end();
    await until(async () => !(await listening()));
    const again = collector(database);
    await database.changes.ready();
    await until(listening);
    await database.close();
    await until(async () => !(await listening()));
    again.end();
  });

  test("starts afresh, with everything lost, when the server forgot its unlogged tables in a crash", async () => {
    const { database, Team, feed, told } = await observedTeams(20);
    await Team.objects.create({ name: "before" });
    await feed.until(() => told().length === 1);
    const before = await database.changes.position();
    await server.server.query("TRUNCATE restwave.life");
    await feed.until(() => feed.given.some(({ lost }) => lost.length > 0));
    expect(feed.given.at(-1)?.lost).toEqual([Team]);
    expect(await database.changes.since(before)).toBeNull();
    const after = await database.changes.position();
    expect(after.epoch).not.toBe(before.epoch);
    await Team.objects.create({ name: "after" });
    expect(await database.changes.since(after)).toHaveLength(1);
  });
});
