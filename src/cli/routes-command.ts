import type { Command } from "./command.ts";
import { contractOfModule } from "./contract-of-module.ts";
import { parseOptions } from "./parse-options.ts";
import { routesText } from "./routes-text.ts";

const USAGE = `Usage: restwave routes [--routes MODULE] [--database URL]

Prints the paths of the routes, and of each resource its name, actions and permissions.

  --routes MODULE  the file of the application that exports its routing table (default: what package.json says as restwave.routes, else
                   src/routing.ts, src/routes.ts, routing.ts or routes.ts)
  --database URL   sets DATABASE_URL before MODULE is loaded
`;

/** `restwave routes`: what is served where, and to whom. */
export const routesCommand: Command = {
  name: "routes",
  summary: "prints paths, resources, actions and permissions",
  usage: USAGE,
  async run(args, io) {
    const { routes, database } = parseOptions(args, { texts: ["routes", "database"] }, USAGE).texts;
    const { resources } = await contractOfModule({ routes, database }, io);
    io.out(routesText(resources));
  },
};
