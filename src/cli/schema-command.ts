import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { asyncApiDocument } from "../contracts/async-api-document.ts";
import { openApiDocument } from "../contracts/open-api-document.ts";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";
import { contractOfModule } from "./contract-of-module.ts";
import { parseOptions } from "./parse-options.ts";

const USAGE = `Usage: restwave schema [--asyncapi FILE] [--openapi FILE] [OPTIONS]

Writes what the routes serve as documents: AsyncAPI 3.0 for the sockets, OpenAPI 3.1 for HTTP. "-" as FILE is the standard output.

  --routes MODULE     the file of the application that exports its routing table (default: what package.json says as restwave.routes, else
                      src/routing.ts, src/routes.ts, routing.ts or routes.ts)
  --title TEXT        the name of the API
  --api-version TEXT  its version
  --url URL           where it is served
  --prefix PATH       the path below which HTTP serves the resources (default /api/)
  --database URL      sets DATABASE_URL before MODULE is loaded
`;

/** `restwave schema`: the documents of an API, for tools and for a build. */
export const schemaCommand: Command = {
  name: "schema",
  summary: "writes AsyncAPI and OpenAPI documents of the routes",
  usage: USAGE,
  async run(args, io) {
    const names = ["routes", "asyncapi", "openapi", "title", "api-version", "url", "prefix", "database"] as const;
    const {
      routes,
      asyncapi,
      openapi,
      title,
      "api-version": version,
      url,
      prefix,
      database,
    } = parseOptions(args, { texts: names }, USAGE).texts;
    if (asyncapi === undefined && openapi === undefined)
      throw new CliError(`Expected --asyncapi, --openapi or both.\n\n${USAGE}`, 2);
    const contract = await contractOfModule({ routes, database }, io);
    const head = {
      ...(title === undefined ? {} : { title }),
      ...(version === undefined ? {} : { version }),
      ...(url === undefined ? {} : { url }),
      ...(prefix === undefined ? {} : { prefix }),
    };
    if (asyncapi !== undefined) await write(asyncapi, asyncApiDocument(contract, head), io);
    if (openapi !== undefined) await write(openapi, openApiDocument(contract, head), io);
  },
};

async function write(file: string, document: object, io: CommandIo): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (file === "-") return io.out(text);
  await writeFile(resolve(io.cwd, file), text);
  io.out(`Wrote ${file}.\n`);
}
