import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeWith, services } from "../../services.ts";
import { logServer, type LogServer } from "./postgres-setup.ts";

describeWith(services.postgres, "setting up the change log on PostgreSQL", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterEach(() => server.dispose());
  afterAll(() => server.drop());

  test("waits for a long transaction without holding up the writers behind it", async () => {
    const { database, Team } = await server.open();
    const [slow, fast] = [await server.connect(), await server.connect()];
    await slow.query("BEGIN; INSERT INTO team (name) VALUES ('slow')");
    database.changes.observe(Team);
    let isReady = false;
    const ready = database.changes.ready().then(() => {
      isReady = true;
    });
    const waits =
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%log_table%'";
    while ((await server.server.query(waits)).length === 0);
    for (let round = 0; round < 20; round += 1) await fast.query("INSERT INTO team (name) VALUES ($1)", [`fast ${round}`]);
    expect(isReady).toBe(false);
    await slow.query("COMMIT");
    await ready;
    const position = await database.changes.position();
    await fast.query("INSERT INTO team (name) VALUES ('logged')");
    expect(await database.changes.since(position)).toHaveLength(1);
  });

  test("gives up with 503 when the table does not come free, and can be tried again", async () => {
    const { database, Team } = await server.open({ lockTimeout: 300 });
    const slow = await server.connect();
    await slow.query("BEGIN; LOCK TABLE team IN ROW EXCLUSIVE MODE");
    database.changes.observe(Team);
    await expect(database.changes.ready()).rejects.toMatchObject({ status: 503 });
    await slow.query("ROLLBACK");
    await database.changes.ready();
  });

  test("needs no rights to change the schema when all is in place", async () => {
    const { database, Team } = await server.open();
    database.changes.observe(Team);
    await database.changes.ready();
    await server.server.query(`GRANT USAGE ON SCHEMA restwave TO pg_database_owner;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA restwave TO pg_database_owner; GRANT SELECT ON team TO pg_database_owner`);
    const url = new URL(server.url);
    url.searchParams.set("options", "-c role=pg_database_owner");
    const { database: app, Team: Again } = await server.openAgainAt(url.href);
    app.changes.observe(Again);
    await app.changes.ready();
    const position = await app.changes.position();
    await server.server.query("INSERT INTO team (name) VALUES ('red')");
    expect(await app.changes.since(position)).toHaveLength(1);
    await app.changes.markLost(Again);
    expect(await app.changes.since(position)).toHaveLength(2);
    expect(await app.changes.prune()).toBe(0);
  });

  test("repairs triggers that somebody dropped or switched off, and tells that something may be lost", async () => {
    const { database, Team } = await server.open();
    database.changes.observe(Team);
    const position = await database.changes.position();
    await server.server.query("ALTER TABLE team DISABLE TRIGGER restwave_log; DROP TRIGGER restwave_log_truncate ON team");
    await server.server.query("INSERT INTO team (name) VALUES ('unseen')");
    const { database: next, Team: Again } = await server.openAgain();
    next.changes.observe(Again);
    await next.changes.ready();
    expect((await database.changes.since(position))?.flatMap(({ lost }) => lost)).toEqual([Team]);
    await server.server.query("INSERT INTO team (name) VALUES ('seen'); TRUNCATE team CASCADE");
    const told = await database.changes.since(position);
    expect(told?.map(({ changes, lost }) => [changes.length, lost.length])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test("a log that a later version made is left as it is", async () => {
    const { database, Team } = await server.open();
    database.changes.observe(Team);
    await database.changes.ready();
    await server.server.query("COMMENT ON SCHEMA restwave IS 'Restwave change log 99 abc'");
    const { database: older, Team: Again } = await server.openAgain();
    older.changes.observe(Again);
    await older.changes.ready();
    const [row] = await server.server.query("SELECT obj_description('restwave'::regnamespace, 'pg_namespace') AS comment");
    expect(row?.comment).toBe("Restwave change log 99 abc");
  });

  test("two logs in one database know nothing of each other", async () => {
    const { database, Team } = await server.open();
    await server.server.query("DROP SCHEMA IF EXISTS second_log CASCADE");
    const { database: second, Member } = await server.openAgain({ changeLog: { schema: "second_log" } });
    database.changes.observe(Team);
    second.changes.observe(Member);
    const [here, there] = [await database.changes.position(), await second.changes.position()];
    await Team.objects.create({ name: "red" });
    await Member.objects.create({ username: "ada" });
    expect(await database.changes.since(here)).toMatchObject([{ changes: [{ model: Team }] }]);
    expect(await second.changes.since(there)).toMatchObject([{ changes: [{ model: Member }] }]);
    expect(await database.changes.since(there)).toBeNull();
    await server.server.query("DROP SCHEMA second_log CASCADE");
  });

  test.each([["Upper"], ["a b"], ["x".repeat(41)], ["1st"], [""]])("the schema cannot be called %s", async (schema) => {
    await expect(server.openAgain({ changeLog: { schema } })).rejects.toMatchObject({ code: "improperly_configured" });
  });
});
