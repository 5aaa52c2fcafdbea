export { openSqlite, type OpenSqliteOptions } from "./models/adapters/sqlite/open-sqlite.ts";
export type { ChangeLogOptions } from "./models/change-log/change-log.ts";
export { SqliteDatabase } from "./models/adapters/sqlite/sqlite-database.ts";
export { date, dateTime, decimal, time, uuid } from "./models/adapters/sqlite/sqlite-column-types.ts";
export { belongsTo, manyToMany } from "./models/relations.ts";
export { not, Q } from "./models/q.ts";
