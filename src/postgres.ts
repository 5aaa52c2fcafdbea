export { openPostgres, type OpenPostgresOptions } from "./models/adapters/postgres/open-postgres.ts";
export type { PostgresLogOptions } from "./models/adapters/postgres/postgres-change-log-store.ts";
export type { PostgresTarget } from "./models/adapters/postgres/postgres-settings.ts";
export type { AtomicOptions, IsolationLevel } from "./models/adapters/postgres/postgres-transactions.ts";
export { SerializationFailure } from "./models/errors.ts";
export { PostgresDatabase } from "./models/adapters/postgres/postgres-database.ts";
export { bytea } from "./models/adapters/postgres/bytea.ts";
export { belongsTo, manyToMany } from "./models/relations.ts";
export { not, Q } from "./models/q.ts";
