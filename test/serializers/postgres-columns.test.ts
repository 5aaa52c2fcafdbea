import fc from "fast-check";
import { sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import { afterAll, expect, test } from "vitest";
import { LOOKUP_NAMES } from "../../src/models/where.ts";
import { APIException } from "../../src/protocol/exceptions.ts";
import { declareModelSerializer } from "../../src/serializers/declare-model-serializer.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";

/** More runs find more: `RESTWAVE_FUZZ_RUNS=20000`. */
const RUNS = Number(process.env.RESTWAVE_FUZZ_RUNS ?? 40);
const TIMEOUT = 20_000 + 50 * RUNS;

const mood = pg.pgEnum("mood", ["calm", "wild"]);
const COLUMNS = {
  small: pg.smallint(),
  whole: pg.integer(),
  wide: pg.bigint({ mode: "number" }),
  exact: pg.bigint({ mode: "bigint" }),
  single: pg.real(),
  double: pg.doublePrecision(),
  amount: pg.numeric({ precision: 8, scale: 2 }),
  open: pg.numeric(),
  amountNumber: pg.numeric({ mode: "number" }),
  amountBig: pg.numeric({ mode: "bigint" }),
  label: pg.text(),
  short: pg.varchar({ length: 3 }),
  padded: pg.char({ length: 3 }),
  mood: mood(),
  flag: pg.boolean(),
  moment: pg.timestamp({ withTimezone: true }),
  local: pg.timestamp(),
  momentText: pg.timestamp({ withTimezone: true, mode: "string" }),
  localText: pg.timestamp({ mode: "string" }),
  seconds: pg.timestamp({ withTimezone: true, precision: 0, mode: "string" }),
  day: pg.date({ mode: "string" }),
  dayDate: pg.date({ mode: "date" }),
  clock: pg.time(),
  zoned: pg.time({ withTimezone: true }),
  pause: pg.interval(),
  key: pg.uuid(),
  anything: pg.json(),
  binaryJson: pg.jsonb(),
  words: pg.text().array(),
  numbers: pg.integer().array(),
  address: pg.inet(),
  network: pg.cidr(),
  hardware: pg.macaddr(),
  place: pg.point(),
};
const things = pg.pgTable("thing", { id: pg.integer().primaryKey().generatedAlwaysAsIdentity(), ...COLUMNS });

/** Values of one type, sent to all others, and what no type takes. */
const SPECIAL: readonly unknown[] = [
  "1",
  "1.50",
  "-0",
  "1e400",
  "NaN",
  "Infinity",
  "calm",
  "2024-05-06",
  "2024-05-06T07:08:09.123456+02:00",
  "07:08:09",
  "1 day",
  "00000000-0000-0000-0000-00000000000a",
  "127.0.0.1",
  "10.0.0.0/8",
  "08:00:2b:01:02:03",
  "a\0b",
  "\ud800",
  "abcd",
  2 ** 15,
  2 ** 31,
  2n ** 63n,
  1e39,
  1e308,
  { "\0": 1 },
  ["\0"],
  ["\ud800"],
  ["a", null],
  [1, 2 ** 31],
  [[1], [2]],
  [1, 2],
];
const wire = fc.oneof(fc.jsonValue(), fc.bigInt(), fc.double(), fc.string({ unit: "binary" }), fc.constantFrom(...SPECIAL));

const FIELDS: Readonly<Record<string, readonly (keyof typeof COLUMNS)[]>> = {
  IntegerField: ["small", "whole", "wide"],
  BigIntegerField: ["exact", "amountBig"],
  FloatField: ["single", "double", "amountNumber"],
  DecimalField: ["amount", "open"],
  CharField: ["label", "short", "padded", "zoned", "pause", "address", "network", "hardware"],
  ChoiceField: ["mood"],
  BooleanField: ["flag"],
  DateTimeField: ["moment", "local", "momentText", "localText", "seconds", "dayDate"],
  DateField: ["day"],
  TimeField: ["clock"],
  UUIDField: ["key"],
  JSONField: ["anything", "binaryJson", "words", "numbers", "place"],
};

const FILLED = {
  small: 1,
  whole: 1,
  wide: 1,
  exact: 1n,
  single: 1.5,
  double: 1.5,
  amount: "1.50",
  open: "1.5",
  amountNumber: 1.5,
  amountBig: 1n,
  label: "a",
  short: "abc",
  padded: "a",
  mood: "calm" as const,
  flag: true,
  key: "00000000-0000-0000-0000-00000000000a",
  moment: new Date(1),
  local: new Date(1),
  momentText: "2024-05-06T07:08:09Z",
  localText: "2024-05-06T07:08:09Z",
  day: "2024-05-06",
  dayDate: new Date(0),
  clock: "07:08:09",
  zoned: "07:08:09+02",
  pause: "1 day",
  anything: [1],
  binaryJson: { a: null },
  words: ["a"],
  numbers: [1],
  address: "127.0.0.1",
  network: "10.0.0.0/8",
  hardware: "08:00:2b:01:02:03",
  place: [1, 2] as [number, number],
};

describeOnPostgres("columns of PostgreSQL", async (on) => {
  const { db, create, close } = await on.open();
  await db.execute(sql`CREATE TYPE mood AS ENUM ('calm', 'wild')`);
  await create([things]);
  const Thing = db.model(things);
  afterAll(close);

  test.each(Object.keys(COLUMNS))(
    "%s: whatever a client sends is stored and shown again alike, or a 400 on its field",
    async (name) => {
      class ThingSerializer extends ModelSerializer(Thing, { fields: [name as keyof typeof COLUMNS] }) {}
      await fc.assert(
        fc.asyncProperty(wire, async (value) => {
          const serializer = new ThingSerializer({ data: { [name]: value } });
          try {
            await serializer.isValid({ raiseException: true });
            await serializer.save();
          } catch (error) {
            expect(error).toBeInstanceOf(APIException);
            expect(error).toMatchObject({ status: 400, detail: { [name]: expect.any(Array) } });
            return;
          }
          const row = await Thing.objects.orderBy("-id").first();
          expect(await new ThingSerializer({ instance: row! }).toData()).toEqual(await serializer.toData());
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );

  const names = Object.keys(COLUMNS).flatMap((name) => [name, ...LOOKUP_NAMES.map((lookup) => `${name}__${lookup}`)]);

  test("are filtered and ordered by, or a 400, whatever a client sends", async () => {
    await Thing.objects.create(FILLED);
    const condition = fc.tuple(fc.constantFrom(...names), fc.oneof(wire, fc.array(wire, { minLength: 2, maxLength: 2 })));
    const orderings = fc.constantFrom(...Object.keys(COLUMNS).flatMap((name) => [name, `-${name}`]));
    await fc.assert(
      fc.asyncProperty(condition, orderings, async ([name, value], ordering) => {
        try {
          await Thing.objects
            .filterUntrusted({ [name]: value })
            .orderByUntrusted([ordering])
            .toArray();
        } catch (error) {
          expect(error).toBeInstanceOf(APIException);
          expect(error).toMatchObject({ status: 400 });
        }
      }),
      { numRuns: RUNS * 10 },
    );
  });

  test.each(Object.entries(FIELDS))("become a %s: %j", (type, names) => {
    const { schema } = declareModelSerializer(Thing, { fields: "__all__" });
    for (const name of names) expect(schema).toContainEqual(expect.objectContaining({ name, type }));
  });
});
