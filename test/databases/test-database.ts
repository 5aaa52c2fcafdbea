import type { Table } from "drizzle-orm";
import type { ChangeLogOptions } from "../../src/models/change-log/change-log.ts";
import type { SqliteDatabase } from "../../src/sqlite.ts";
import type { CreateOptions } from "./create-table.ts";
import type { TableBuilder } from "./table-builder.ts";

/** A database that a suite runs on. */
export interface TestDatabase {
  readonly name: "SQLite" | "PostgreSQL";
  /** Defines its tables. */
  readonly builder: TableBuilder;
  /** A new, empty database that nobody else uses. Close it at the end. */
  open(options?: OpenOptions): Promise<OpenDatabase>;
}

export interface OpenOptions {
  readonly changeLog?: ChangeLogOptions;
}

export interface OpenDatabase {
  /** Typed as SQLite's whatever it is: tests use what all databases have, and drizzle's query builder, which looks alike on both. */
  readonly db: SqliteDatabase;
  /** Makes tables, in this order. */
  create(tables: readonly Table[], options?: CreateOptions): Promise<void>;
  /** Removes all rows of tables, in this order; keys start at 1 again. Joins the present `atomic` block. */
  empty(tables: readonly Table[]): Promise<void>;
  /** What the database says of all its tables and their constraints, to compare. */
  definitions(): Promise<readonly object[]>;
  close(): Promise<void>;
}
