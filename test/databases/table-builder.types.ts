import type { PostgresTableBuilder, TableBuilder } from "./table-builder.ts";

declare const sqlite: TableBuilder;
declare const postgres: PostgresTableBuilder;

/** Compiles only when both types are the same. */
function same<A, B>(_equal: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

const onSqlite = sqlite.table("thing", {
  id: sqlite.id(),
  whole: sqlite.integer(),
  wide: sqlite.wideInteger().notNull().default(0),
  ratio: sqlite.real(),
  flag: sqlite.boolean(),
  label: sqlite.text({ length: 5 }).notNull(),
  state: sqlite.text(),
  payload: sqlite.json(),
  price: sqlite.decimal({ maxDigits: 5, decimalPlaces: 2 }),
  moment: sqlite.dateTime(),
  at: sqlite.timestamp(),
  day: sqlite.date(),
  clock: sqlite.time(),
  key: sqlite.uuid().notNull(),
});

const onPostgres = postgres.table("thing", {
  id: postgres.id(),
  whole: postgres.integer(),
  wide: postgres.wideInteger().notNull().default(0),
  ratio: postgres.real(),
  flag: postgres.boolean(),
  label: postgres.text({ length: 5 }).notNull(),
  state: postgres.text(),
  payload: postgres.json(),
  price: postgres.decimal({ maxDigits: 5, decimalPlaces: 2 }),
  moment: postgres.dateTime(),
  at: postgres.timestamp(),
  day: postgres.date(),
  clock: postgres.time(),
  key: postgres.uuid().notNull(),
});

// The cast in table-builder.ts says nothing false: whichever database a table is for, its rows and what is written are typed alike.
same<keyof TableBuilder, keyof PostgresTableBuilder>(true);
same<typeof onSqlite.$inferSelect, typeof onPostgres.$inferSelect>(true);
same<typeof onSqlite.$inferInsert, typeof onPostgres.$inferInsert>(true);
