import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  char,
  customType,
  date,
  doublePrecision,
  integer,
  json,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  real,
  text,
  time,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeWith, services } from "../../services.ts";
import { changesOf, inShort } from "./contract.ts";
import { logServer, type LogServer } from "./postgres-setup.ts";

const mood = pgEnum("mood", ["sad", 'it\'s "ok"']);
const bytea = customType<{ data: Buffer; driverData: string }>({
  dataType: () => "bytea",
  fromDriver: (value) => Buffer.from(value.slice(2), "hex"),
  toDriver: (value) => `\\x${value.toString("hex")}`,
});
const things = pgTable("thing", {
  id: integer().primaryKey(),
  big: bigint({ mode: "bigint" }),
  price: numeric({ precision: 20, scale: 4 }),
  free: numeric(),
  ratio: doublePrecision(),
  small: real(),
  flag: boolean(),
  letters: text(),
  fixed: char({ length: 5 }),
  day: date({ mode: "string" }),
  clock: time(),
  moment: timestamp({ withTimezone: true, mode: "string" }),
  local: timestamp({ mode: "string" }),
  stamp: timestamp({ withTimezone: true }),
  key: uuid(),
  loose: json(),
  strict: jsonb(),
  mood: mood(),
  tags: text().array(),
  matrix: integer().array().array(),
  moments: timestamp({ withTimezone: true, mode: "string" }).array(),
  bytes: bytea(),
});
const CREATE_THINGS = `DROP TABLE IF EXISTS thing; DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"');
  CREATE TABLE thing (id integer PRIMARY KEY, big bigint, price numeric(20, 4), free numeric, ratio double precision, small real, flag boolean,
    letters text, fixed char(5), day date, clock time, moment timestamptz, local timestamp, stamp timestamptz, key uuid, loose json, strict jsonb,
    mood mood, tags text[], matrix integer[][], moments timestamptz[], bytes bytea)`;
const ROWS = [
  `(1, 9223372036854775807, 12.5000, 1e-30, 0.1, 0.1, true, 'a"\\\\ü ''𝄞', 'ab', '2024-02-29', '05:08:09.12', '2024-05-06 07:08:09.123456+02',
    '2024-05-06 05:08:09.1', '2024-05-06 05:08:09.123456Z', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"b": 1.0, "a": [1, {"x": "]}"}], "b": 12345678901234567890}',
    '{"b": 1.50, "a": null}', 'sad', ARRAY['x', NULL, 'NULL', 'y"z\\\\', '{,}'], '{{1,2},{3,NULL}}', '{"2024-05-06 07:08:09.5+02",infinity}', '\\x00ff10')`,
  `(2, -9223372036854775808, 'NaN', 123456789012345678901234567890.123456789, '-Infinity', 'NaN', false, '', '', 'infinity', '24:00:00', 'infinity',
    '0044-03-15 00:00:00 BC', '1999-12-31 23:59:59.9999Z', NULL, 'null', '"\\u00e9"', 'it''s "ok"', '{}', '{}', '{}', '\\x')`,
  "(3, 0, -0.0001, 1e40, 1e300, 3.4e38, NULL, E'\\t\\n\\x01', NULL, '0001-01-01', '00:00:00', '-infinity', '12024-01-01', NULL, NULL, '[]', '[]', NULL, NULL, NULL, NULL, NULL)",
  "(4, 1, 1, 1, -0.0, 1.17549435e-38, true, 'x', 'abcde', NULL, NULL, '0044-03-15 00:00:00+00 BC', NULL, NULL, NULL, '\"text\"', '1', NULL, NULL, NULL, NULL, NULL)",
];

describeWith(services.postgres, "the change log's triggers on PostgreSQL", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterEach(() => server.dispose());
  afterAll(() => server.drop());

  async function observed() {
    const contract = await server.open();
    contract.database.changes.observe(contract.Member);
    contract.database.changes.observe(contract.Post);
    contract.database.changes.observe(contract.Team);
    await contract.database.changes.ready();
    return contract;
  }

  const foreign = async (...statements: readonly string[]): Promise<void> => {
    const client = await server.connect();
    for (const statement of statements) await client.query(statement);
  };

  test("rows are as a queryset reads them, whatever the writer's settings", async () => {
    const { database } = await server.open();
    await server.server.query(CREATE_THINGS);
    const Thing = database.model(things);
    database.changes.observe(Thing);
    await database.changes.ready();
    const told = await changesOf({ database } as never, () =>
      foreign(
        "SET timezone = 'Asia/Kolkata'; SET datestyle = 'SQL, DMY'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'escape'; SET extra_float_digits = -10; SET datestyle = 'ISO, YMD'",
        `INSERT INTO thing VALUES ${ROWS.join()}`,
      ),
    );
    expect(told[0]?.lost).toEqual([]);
    expect(told[0]?.changes.map(({ after }) => after)).toEqual(await Thing.objects.orderBy("id").toArray());
  });

  test("TRUNCATE is told as lost, with what it takes along", async () => {
    const contract = await observed();
    const { Member, Post, Team } = contract;
    await Team.objects.create({ name: "red" });
    const told = await changesOf(contract, () => foreign("TRUNCATE team CASCADE"));
    expect(told).toHaveLength(1);
    expect(new Set(told[0]?.lost)).toEqual(new Set([Team, Member, Post]));
  });

  test("rows that COPY loads are told", async () => {
    const contract = await observed();
    const told = await changesOf(contract, () => server.psql("COPY team (id, name) FROM stdin;\n1\tred\n2\tblue\n\\.\n"));
    expect(told.map(({ changes }) => changes.map(({ after }) => after?.name))).toEqual([["red", "blue"]]);
  });

  test("cascades are told in the transaction that caused them", async () => {
    const contract = await observed();
    const { Member, Post } = contract;
    await Member.objects.create({ username: "ada" });
    await Post.objects.bulkCreate([
      { title: "a", authorId: 1 },
      { title: "b", authorId: 1 },
    ]);
    const [told] = await changesOf(contract, () => foreign("DELETE FROM member"));
    expect(told?.changes.map(({ model, pk, after }) => [model.name, pk, after]).toSorted()).toEqual([
      ["Member", 1, null],
      ["Post", 1, null],
      ["Post", 2, null],
    ]);
  });

  test("a role without any right on the log can write", async () => {
    const contract = await observed();
    // The one role that whoever owns a database can become.
    const told = await changesOf(contract, () =>
      foreign(
        "GRANT INSERT ON team TO pg_database_owner; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pg_database_owner",
        "SET ROLE pg_database_owner",
        "INSERT INTO team (name) VALUES ('red')",
      ),
    );
    const direct = foreign(
      "SET ROLE pg_database_owner",
      "INSERT INTO restwave.change (\"table\", operation) VALUES ('public.team', 'lost')",
    );
    await expect(direct).rejects.toThrow("permission denied");
    expect(inShort(told)).toEqual([[["Team", 1, null, { id: 1, name: "red" }]]]);
  });

  test("columns that come and go break no write; a row that lacks one of ours is told as lost", async () => {
    const contract = await observed();
    const { Team } = contract;
    const added = await changesOf(contract, () =>
      foreign("ALTER TABLE team ADD COLUMN extra integer DEFAULT 7", "INSERT INTO team (name) VALUES ('red')"),
    );
    expect(inShort(added)).toEqual([[["Team", 1, null, { id: 1, name: "red" }]]]);
    const dropped = await changesOf(contract, () =>
      foreign("ALTER TABLE team RENAME COLUMN name TO title", "UPDATE team SET title = 'blue'", "DELETE FROM team"),
    );
    expect(dropped.map(({ lost }) => lost)).toEqual([[Team], [Team]]);
    await server.server.query("ALTER TABLE team RENAME COLUMN title TO name; ALTER TABLE team DROP COLUMN extra");
  });

  test("a row that cannot be written as JSON breaks no write", async () => {
    const contract = await server.open();
    await server.server.query(CREATE_THINGS);
    const Thing = contract.database.model(things);
    contract.database.changes.observe(Thing, { exclude: ["strict"] });
    await contract.database.changes.ready();
    const told = await changesOf(contract, () => foreign(`INSERT INTO thing (id, loose) VALUES (1, '"\\u0000"')`));
    expect(told.map(({ lost }) => lost)).toEqual([[Thing]]);
  });

  test("columns that the model does not know are not in the log, if they were there when it was made", async () => {
    const contract = await server.open();
    await server.server.query("ALTER TABLE team ADD COLUMN secret text");
    contract.database.changes.observe(contract.Team);
    await contract.database.changes.ready();
    await foreign("INSERT INTO team (name, secret) VALUES ('red', 'hidden'); UPDATE team SET secret = 'hidden 2'");
    const rows = await server.server.query(
      "SELECT before::text || after::text AS log FROM restwave.change WHERE operation = 'update'",
    );
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.log)).toContain("red");
    expect(String(rows[0]?.log)).not.toContain("hidden");
    await server.server.query("ALTER TABLE team DROP COLUMN secret");
  });

  test("what the application's own triggers write to the same rows comes in the order in which it happened", async () => {
    const contract = await observed();
    await foreign(
      "INSERT INTO team (name) VALUES ('a'), ('b'), ('c')",
      `CREATE OR REPLACE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF pg_trigger_depth() = 1 AND TG_OP = 'UPDATE' THEN UPDATE team SET name = name || '!' WHERE id IN (NEW.id, NEW.id + 1); END IF;
        IF pg_trigger_depth() = 1 AND TG_OP = 'DELETE' THEN INSERT INTO team VALUES (OLD.id, 'again ' || OLD.name); END IF;
        RETURN NULL;
      END $$`,
      "CREATE TRIGGER a_first AFTER UPDATE OR DELETE ON team FOR EACH ROW EXECUTE FUNCTION meddle()",
    );
    try {
      const updated = await changesOf(contract, () => foreign("UPDATE team SET name = upper(name)"));
      expect(updated[0]?.changes.map(({ before, after }) => [before?.name, after?.name]).toSorted()).toEqual([
        ["a", "A!"],
        ["b", "B!!"],
        ["c", "C!!"],
      ]);
      const deleted = await changesOf(contract, () => foreign("DELETE FROM team WHERE id = 1"));
      expect(inShort(deleted)).toEqual([[["Team", 1, { id: 1, name: "A!" }, { id: 1, name: "again A!" }]]]);
    } finally {
      await foreign("DROP FUNCTION meddle CASCADE");
    }
  });

  test("ON CONFLICT, a MERGE and a writing CTE are told row by row", async () => {
    const contract = await observed();
    await foreign("INSERT INTO team (id, name) VALUES (1, 'a'), (2, 'b')");
    const told = await changesOf(contract, () =>
      foreign(
        "INSERT INTO team (id, name) VALUES (1, 'A'), (3, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "MERGE INTO team USING (VALUES (2), (4)) v(id) ON team.id = v.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (4, 'd')",
        "WITH gone AS (DELETE FROM team WHERE id = 3 RETURNING id) INSERT INTO team SELECT id + 2, 'e' FROM gone",
      ),
    );
    const pks = told.map(({ changes }) =>
      changes
        .map(({ pk, before, after }) => [pk, before?.name ?? null, after?.name ?? null])
        .toSorted(([a], [b]) => Number(a) - Number(b)),
    );
    expect(pks).toEqual([
      [
        [1, "a", "A"],
        [3, null, "c"],
      ],
      [
        [2, "b", null],
        [4, null, "d"],
      ],
      [
        [3, "c", null],
        [5, null, "e"],
      ],
    ]);
  });

  test("partitions, also those that come later, and tables that inherit are told as their parent", async () => {
    const { database } = await server.open();
    await server.server
      .query(`DROP TABLE IF EXISTS place CASCADE; CREATE TABLE place (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
      CREATE TABLE place_low PARTITION OF place FOR VALUES FROM (0) TO (10)`);
    const Place = database.model(pgTable("place", { id: integer().primaryKey(), name: text() }));
    database.changes.observe(Place);
    await database.changes.ready();
    await foreign("CREATE TABLE place_high PARTITION OF place FOR VALUES FROM (10) TO (20)");
    const told = await changesOf({ database } as never, () =>
      foreign(
        "INSERT INTO place_low VALUES (1, 'a')",
        "UPDATE place SET id = 11",
        "UPDATE place_high SET name = 'b'",
        "TRUNCATE place_low",
      ),
    );
    expect(told.map(({ changes, lost }) => [...changes.map(({ pk, after }) => [pk, after?.name ?? null]), ...lost])).toEqual([
      [[1, "a"]],
      [
        [1, null],
        [11, "a"],
      ],
      [[11, "b"]],
      [Place],
    ]);
    await database.execute(sql`DROP TABLE place`);
  });

  test("an observed model whose table is missing, or is a view, is a mistake that names it", async () => {
    const { database } = await server.open();
    await server.server.query("CREATE OR REPLACE VIEW team_view AS SELECT * FROM team");
    for (const name of ["team_view", "missing"]) {
      const { database: again } = await server.openAgain();
      again.changes.observe(again.model(pgTable(name, { id: integer().primaryKey() })));
      await expect(again.changes.ready()).rejects.toMatchObject({
        code: "improperly_configured",
        message: expect.stringContaining(name) as string,
      });
    }
    await database.execute(sql`DROP VIEW team_view`);
  });
});
