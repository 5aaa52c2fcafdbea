import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readMigrationFiles, type MigrationMeta } from "drizzle-orm/migrator";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";

/** The migrations of a drizzle-kit folder, in order. @throws ImproperlyConfigured when the folder or one of its files cannot be read. */
export function readMigrationsFolder(folder: string): MigrationMeta[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new ImproperlyConfigured(`The migrations folder "${folder}" does not exist. Make it with "drizzle-kit generate".`);
  }
  if (!existsSync(join(folder, "meta", "_journal.json"))) {
    throw new ImproperlyConfigured(
      `The folder "${folder}" has no meta/_journal.json. Expected a folder made by "drizzle-kit generate".`,
    );
  }
  try {
    return readMigrationFiles({ migrationsFolder: folder });
  } catch (error) {
    throw new ImproperlyConfigured(
      `The migrations in "${folder}" cannot be read: a file that its journal names is missing or broken.`,
      { cause: error },
    );
  }
}
