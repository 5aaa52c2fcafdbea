import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  char,
  customType,
  date,
  doublePrecision,
  inet,
  integer,
  json,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  real,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import fc from "fast-check";
import { bytea, type PostgresDatabase } from "../../src/postgres.ts";
import { int64, jsonValues, moments, momentTexts, nullable, texts } from "./arbitrary-things.ts";

export const states = pgEnum("thing_state", ["open", "closed", "Archived"]);
const upperCased = customType<{ data: string }>({ dataType: () => "text", toDriver: (value) => value.toUpperCase() });

/** One column of every kind that PostgreSQL's tables can have. */
export const things = pgTable("thing", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  small: smallint(),
  whole: integer(),
  wide: bigint({ mode: "number" }),
  huge: bigint({ mode: "bigint" }),
  endless: numeric({ mode: "bigint" }),
  flag: boolean(),
  single: real(),
  ratio: doublePrecision(),
  price: numeric({ precision: 15, scale: 3 }),
  loose: numeric(),
  looseNumber: numeric({ mode: "number" }),
  label: text(),
  short: varchar({ length: 5 }),
  padded: char({ length: 6 }),
  state: states(),
  custom: upperCased(),
  payload: jsonb(),
  document: json(),
  bytes: bytea(),
  moment: timestamp({ withTimezone: true, mode: "string" }),
  local: timestamp({ mode: "string" }),
  at: timestamp({ withTimezone: true }),
  localAt: timestamp(),
  atMillis: timestamp({ withTimezone: true, precision: 3 }),
  day: date(),
  dayDate: date({ mode: "date" }),
  clock: time(),
  key: uuid(),
  address: inet(),
  list: integer().array(),
  names: text().array(),
});

export async function createThings(database: PostgresDatabase): Promise<void> {
  await database.execute(sql`CREATE TYPE thing_state AS ENUM ('open', 'closed', 'Archived')`);
  await database.execute(sql`CREATE TABLE thing (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    small smallint, whole integer, wide bigint, huge bigint, endless numeric, flag boolean, single real, ratio double precision,
    price numeric(15, 3), loose numeric, "looseNumber" numeric, label text, short varchar(5), padded char(6), state thing_state,
    custom text, payload jsonb, document json, bytes bytea, moment timestamptz, local timestamp, at timestamptz, "localAt" timestamp,
    "atMillis" timestamptz(3), day date, "dayDate" date, clock time, key uuid, address inet, list integer[], names text[])`);
}

export type ThingValues = Partial<typeof things.$inferInsert>;

const integers = (bits: number) =>
  fc.oneof(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }), fc.integer({ min: -3, max: 3 }));
const floats = fc.double({ noNaN: true }).map((value) => value + 0);
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 25 }))
  .map(([units, places]) => {
    const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
    const point = digits.length - places;
    const sign = units < 0n ? "-" : "";
    return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  });
const prices = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }).map((units) => {
  const digits = String(units < 0n ? -units : units).padStart(4, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`;
});
const shortTexts = (length: number) => texts.map((value) => Array.from(value).slice(0, length).join(""));
const days = moments.map((moment) => moment.toISOString().slice(0, 10));
const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV4().map((address) => `${address.split(".").slice(0, 3).join(".")}.0/24`),
);

/** What the columns may be given, NULL among it. */
export const thingArbitraries = {
  small: nullable(integers(16)),
  whole: nullable(integers(32)),
  wide: nullable(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }))),
  huge: nullable(int64),
  endless: nullable(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })),
  flag: nullable(fc.boolean()),
  single: nullable(fc.float({ noNaN: true }).map((value) => value + 0)),
  ratio: nullable(floats),
  price: nullable(prices),
  loose: nullable(decimals),
  looseNumber: nullable(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  label: nullable(texts),
  short: nullable(shortTexts(5)),
  padded: nullable(shortTexts(6)),
  state: nullable(fc.constantFrom("open", "closed", "Archived")),
  payload: nullable(jsonValues.filter((value) => !JSON.stringify(value).includes("\\u0000"))),
  document: nullable(jsonValues),
  bytes: nullable(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  moment: nullable(momentTexts),
  local: nullable(momentTexts),
  at: nullable(moments),
  localAt: nullable(moments),
  atMillis: nullable(moments),
  day: nullable(days),
  dayDate: nullable(days.map((day) => new Date(`${day}T00:00:00Z`))),
  clock: nullable(momentTexts.map((text) => text.slice(11, -1))),
  key: nullable(fc.uuid()),
  address: nullable(addresses),
} as const;
