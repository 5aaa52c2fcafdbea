/**
 * The log's own tables. `restwave_change` holds one entry per changed row: the offset is the order of commits, since one connection writes at a time;
 * `closes` marks the last entry of a transaction. `restwave_layout` tells which columns the rows of an entry hold. `restwave_replaced` is empty
 * but while a row is written: it holds the rows that a REPLACE is about to remove without telling any trigger.
 */
export const sqliteLogTables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS restwave_meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS restwave_layout (id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, columns TEXT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS restwave_change ("offset" INTEGER PRIMARY KEY, layout INTEGER NOT NULL, op TEXT NOT NULL, old TEXT, new TEXT,
  at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)), closes INTEGER)`,
  `CREATE TABLE IF NOT EXISTS restwave_replaced (layout INTEGER NOT NULL, old TEXT)`,
  `INSERT OR IGNORE INTO restwave_meta (key, value) VALUES ('epoch', lower(hex(randomblob(8)))), ('pruned', 0)`,
];

/** Marks the newest entry as the end of its transaction; does nothing when it is marked already. */
export const markLogEnd = `UPDATE restwave_change SET closes = 1 WHERE "offset" = (SELECT max("offset") FROM restwave_change) AND closes IS NULL`;
