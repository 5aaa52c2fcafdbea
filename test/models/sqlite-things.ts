import { sql } from "drizzle-orm";
import { blob, integer, numeric, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { date, dateTime, decimal, openSqlite, time, uuid } from "../../src/sqlite.ts";

/** One column of every kind that SQLite's tables can have. */
export const things = sqliteTable("thing", {
  id: integer().primaryKey({ autoIncrement: true }),
  whole: integer(),
  flag: integer({ mode: "boolean" }),
  seconds: integer({ mode: "timestamp" }),
  millis: integer({ mode: "timestamp_ms" }),
  label: text(),
  state: text({ enum: ["open", "closed"] }),
  payload: text({ mode: "json" }),
  ratio: real(),
  loose: numeric(),
  looseNumber: numeric({ mode: "number" }),
  huge: numeric({ mode: "bigint" }),
  bytes: blob({ mode: "buffer" }),
  blobJson: blob({ mode: "json" }),
  blobBig: blob({ mode: "bigint" }),
  price: decimal({ maxDigits: 15, decimalPlaces: 3 }),
  moment: dateTime(),
  day: date(),
  clock: time(),
  key: uuid(),
});

const CREATE = sql`CREATE TABLE thing (id INTEGER PRIMARY KEY AUTOINCREMENT, whole INTEGER, flag INTEGER, seconds INTEGER, millis INTEGER,
  label TEXT, state TEXT, payload TEXT, ratio REAL, loose NUMERIC, "looseNumber" NUMERIC, huge NUMERIC, bytes BLOB, "blobJson" BLOB,
  "blobBig" BLOB, price DECIMAL(15, 3), moment DATETIME, day DATE, clock TIME, key CHAR(36))`;

export async function openThings() {
  const database = await openSqlite(":memory:");
  await database.execute(CREATE);
  return { database, Thing: database.model(things) };
}

export type ThingValues = Partial<typeof things.$inferInsert>;
