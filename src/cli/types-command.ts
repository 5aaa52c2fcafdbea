import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { callsOfContract, callsOfDocument, type DeclaredCalls } from "../contracts/declared-call.ts";
import { typeDeclaration } from "../contracts/type-declaration.ts";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";
import { contractOfModule } from "./contract-of-module.ts";
import { parseOptions } from "./parse-options.ts";

const USAGE = `Usage: restwave types [--url URL | --routes MODULE] [--out FILE] [--database URL]

Declares in TypeScript what a server serves, for clients that do not have its code: createClient<Api>("wss://...").

  --url URL        the /asyncapi.json of a server
  --routes MODULE  the file of the application that exports its routing table (default: what package.json says as restwave.routes, else
                   src/routing.ts, src/routes.ts, routing.ts or routes.ts)
  --out FILE       where to write it (default: the standard output)
  --database URL   sets DATABASE_URL before MODULE is loaded
`;

/** `restwave types`: a declaration for clients outside of the server's repository. */
export const typesCommand: Command = {
  name: "types",
  summary: "declares the types of an API for its clients",
  usage: USAGE,
  async run(args, io) {
    const { url, routes, out, database } = parseOptions(args, { texts: ["url", "routes", "out", "database"] }, USAGE).texts;
    const text = typeDeclaration(await callsFrom(url, routes, database, io));
    if (out === undefined) return io.out(text);
    await writeFile(resolve(io.cwd, out), text);
    io.out(`Wrote ${out}.\n`);
  },
};

async function callsFrom(
  url: string | undefined,
  routes: string | undefined,
  database: string | undefined,
  io: CommandIo,
): Promise<DeclaredCalls> {
  if (url !== undefined && routes === undefined) return callsOfDocument(await fetchDocument(url));
  if (url === undefined) return callsOfContract(await contractOfModule({ routes, database }, io));
  throw new CliError(`Expected --url or --routes, got both.\n\n${USAGE}`, 2);
}

async function fetchDocument(url: string): Promise<unknown> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.json();
    throw new CliError(`Expected the AsyncAPI document of a server at ${url}, got HTTP status ${response.status}.`);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot read the AsyncAPI document at ${url}: ${reason}`, 1, error);
  }
}
