import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";
import { date, dateTime, decimal, time, uuid } from "../../src/sqlite.ts";

interface TextOptions {
  readonly length?: number;
  readonly enum?: readonly [string, ...string[]];
}

interface DecimalOptions {
  readonly maxDigits: number;
  readonly decimalPlaces: number;
}

const sqliteTables = {
  table: sqlite.sqliteTable,
  check: sqlite.check,
  primaryKey: sqlite.primaryKey,
  unique: sqlite.unique,
  /** A primary key that the database makes: 1, 2, 3... */
  id: () => sqlite.integer().primaryKey({ autoIncrement: true }),
  integer: () => sqlite.integer(),
  /** An integer of 64 bits. */
  wideInteger: () => sqlite.integer(),
  real: () => sqlite.real(),
  boolean: () => sqlite.integer({ mode: "boolean" }),
  /** `length`: how many characters at most. */
  text: sqlite.text,
  json: () => sqlite.text({ mode: "json" }),
  decimal: (options: DecimalOptions) => decimal(options),
  /** A moment as a text. */
  dateTime: () => dateTime(),
  /** A moment as a `Date`. */
  timestamp: () => sqlite.integer({ mode: "timestamp_ms" }),
  date: () => date(),
  time: () => time(),
  uuid: () => uuid(),
};

const postgresTables = {
  table: pg.pgTable,
  check: pg.check,
  primaryKey: pg.primaryKey,
  unique: pg.unique,
  id: () => pg.integer().primaryKey().generatedByDefaultAsIdentity(),
  integer: () => pg.integer(),
  wideInteger: () => pg.bigint({ mode: "number" }),
  real: () => pg.doublePrecision(),
  boolean: () => pg.boolean(),
  text: (options: TextOptions = {}) => {
    const { length, enum: choices } = options;
    const config = choices === undefined ? {} : { enum: choices };
    return length === undefined ? pg.text(config) : pg.varchar({ ...config, length });
  },
  json: () => pg.jsonb(),
  decimal: ({ maxDigits, decimalPlaces }: DecimalOptions) => pg.numeric({ precision: maxDigits, scale: decimalPlaces }),
  dateTime: () => pg.timestamp({ withTimezone: true, mode: "string" }),
  timestamp: () => pg.timestamp({ withTimezone: true, mode: "date", precision: 3 }),
  date: () => pg.date({ mode: "string" }),
  time: () => pg.time(),
  uuid: () => pg.uuid(),
};

/** Defines drizzle tables for one database; written once, a fixture's tables are SQLite's or PostgreSQL's. */
export type TableBuilder = typeof sqliteTables;

/** The builders by database; `table-builder.types.ts` proves that they are of one shape as far as tests can see. */
export const tableBuilders = {
  sqlite: sqliteTables,
  // Tables of the two databases have unrelated types in drizzle, though rows and values to write are typed alike. Tests see SQLite's.
  postgres: postgresTables as unknown as TableBuilder,
} as const;

export type PostgresTableBuilder = typeof postgresTables;
