import { describe } from "vitest";
import { describeWith, services } from "../services.ts";
import type { Engine } from "./domain-tables.ts";

/** Defines a suite for each database; PostgreSQL's is skipped, with a printed line, where there is none. */
export function describeOnEngines(title: string, define: (engine: Engine) => void): void {
  describe(`${title}, on SQLite`, () => define("sqlite"));
  describeOnPostgres(title, () => define("postgres"));
}

export function describeOnPostgres(title: string, define: () => void): void {
  describeWith(services.postgres, `${title}, on PostgreSQL`, define);
}
