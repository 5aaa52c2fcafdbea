import { describe, test } from "vitest";
import { describeWith, services } from "../services.ts";
import { postgresSchema } from "./postgres-schema.ts";
import { sqliteFile } from "./sqlite-file.ts";
import type { TestDatabase } from "./test-database.ts";

/** Defines a suite that opens databases while it is defined. */
export type DefineSuite = (on: TestDatabase) => void | Promise<void>;

/**
 * Defines a suite once per database. Where PostgreSQL is absent its part is skipped, and one printed line says so.
 *
 * What may differ, and is therefore asserted nowhere or by `on.name`: the texts of the database's own errors (which no client sees), the
 * order of rows that nobody asked for an order of, and gaps in generated keys (PostgreSQL uses up the key of a row that it refuses).
 */
export function describeOnDatabases(title: string, define: DefineSuite): void {
  describe(`${title} on SQLite`, () => define(sqliteFile));
  describeOnPostgres(title, define);
}

/** Defines a suite on PostgreSQL only. */
export function describeOnPostgres(title: string, define: DefineSuite): void {
  describeWith(services.postgres, `${title} on PostgreSQL`, () => {
    if (services.postgres.available) return define(postgresSchema);
    test("needs PostgreSQL", () => {});
  });
}
