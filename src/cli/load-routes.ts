import type { Route, Routes } from "../routing/route.ts";
import { CliError } from "./cli-error.ts";
import type { CommandIo } from "./command.ts";
import { databasesIn } from "./load-application.ts";
import { loadModule } from "./load-module.ts";

/** A routing table of the application. */
export interface LoadedRoutes {
  readonly routes: Routes;
  /** Closes the databases that the module has opened. */
  close(): Promise<void>;
}

/** Imports a module of the application and finds the one routing table that it exports. @throws CliError when there is none, or several. */
export async function loadRoutes(file: string, io: CommandIo): Promise<LoadedRoutes> {
  const exported = await loadModule(file, io);
  const tables = Object.entries(Object(exported)).filter((entry): entry is [string, Routes] => isTable(entry[1]));
  const distinct = new Map(tables.map(([name, routes]) => [routes, name]));
  const [found, ...others] = distinct.keys();
  if (found === undefined)
    throw new CliError(`"${file}" exports no routing table: a list of path(...) or rePath(...). Name the module that does.`, 2);
  if (others.length > 0) {
    throw new CliError(
      `Expected "${file}" to export one routing table, got ${[...distinct.values()].join(", ")}. Export one from a module of its own.`,
      2,
    );
  }
  return {
    routes: found,
    close: async () => {
      for (const database of databasesIn(exported)) await database.close();
    },
  };
}

function isTable(value: unknown): value is Routes {
  return Array.isArray(value) && value.length > 0 && value.every(isRoute);
}

function isRoute(value: unknown): value is Route {
  return typeof value === "object" && value !== null && "pattern" in value && "target" in value && "match" in value;
}
