import type { Contract } from "../contracts/contract.ts";
import { describeRoutes } from "../contracts/describe-routes.ts";
import type { CommandIo } from "./command.ts";
import { findModule, routesModule } from "./find-module.ts";
import { loadRoutes } from "./load-routes.ts";

/** Where the routes are. */
export interface ModuleOptions {
  /** Default: where routes are usually found. */
  readonly routes: string | undefined;
  /** Becomes DATABASE_URL before the module is loaded. */
  readonly database: string | undefined;
}

/** What the routing table of a module of the application serves. */
export async function contractOfModule({ routes: file, database }: ModuleOptions, io: CommandIo): Promise<Contract> {
  if (database !== undefined) io.env.DATABASE_URL = database;
  const loaded = await loadRoutes(findModule(routesModule, file, io.cwd), io);
  try {
    return describeRoutes(loaded.routes);
  } finally {
    await loaded.close();
  }
}
