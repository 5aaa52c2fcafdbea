import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";
import { DevServer } from "./dev-server.ts";
import { entryModule, findModule } from "./find-module.ts";
import { isTypeScript } from "./load-module.ts";
import { openBrowser } from "./open-browser.ts";
import { parseOptions } from "./parse-options.ts";
import { howToRunTypeScript, typeScriptLoader } from "./typescript-loader.ts";

const USAGE = `Usage: restwave dev [ENTRY] [OPTIONS]

Runs your server, and runs it again when a file that it imports has changed. Prints its routes and actions, what is wrong with them, and opens its
explorer. Ctrl+C ends it.

ENTRY is the module that starts the server (default: what package.json says as restwave.entry, else src/server.ts or server.ts). TypeScript is run
by tsx where the project has it, else by Node.js itself.

  --watch PATH   a file or folder to watch besides (default: the folder migrations, where there is one)
  --open         open the explorer in a browser (default: in a terminal, outside of CI)
  --no-open      do not

RESTWAVE_DEV is set to 1 for the server, and NODE_ENV to development unless it is set.
`;

/** `restwave dev`: the server, restarted on change. */
export const devCommand: Command = {
  name: "dev",
  summary: "runs your server, and again when a file changes",
  usage: USAGE,
  async run(args, io) {
    const names = { texts: ["watch"], flags: ["open", "no-open"], positionals: 1 } as const;
    const { texts, flags, positionals } = parseOptions(args, names, USAGE);
    if (flags.has("open") && flags.has("no-open")) throw new CliError("Expected --open or --no-open, got both.", 2);
    const entry = findModule(entryModule, positionals[0], io.cwd);
    const opens = flags.has("open") || (!flags.has("no-open") && io.isTerminal === true && io.env["CI"] === undefined);
    const server = new DevServer({
      entry,
      cwd: io.cwd,
      env: { ...io.env, RESTWAVE_DEV: "1", NODE_ENV: io.env["NODE_ENV"] ?? "development" },
      imports: [...loadersFor(entry, io.cwd), reporter()],
      watch: watchedPaths(texts.watch, io),
      onExplorer: (url) => {
        if (opens) openBrowser(url, io.env);
      },
      print: (text) => io.out(text),
    });
    return runUntilSignal(server);
  },
};

/** Tells of imported files; beside this module, compiled as it is. */
function reporter(): string {
  return import.meta.url.replace(/dev-command(\.[jt]s)$/, "report-imports$1");
}

function loadersFor(entry: string, cwd: string): readonly string[] {
  if (!isTypeScript(entry)) return [];
  const loader = typeScriptLoader(cwd);
  if (loader.by === "nothing") throw new CliError(howToRunTypeScript());
  return loader.by === "tsx" ? [loader.url] : [];
}

function watchedPaths(given: string | undefined, { cwd }: CommandIo): readonly string[] {
  if (given !== undefined && !existsSync(resolve(cwd, given)))
    throw new CliError(`Expected --watch to name a file or folder, got "${given}", which does not exist.`, 2);
  return [given ?? "migrations"].filter((path) => existsSync(resolve(cwd, path)));
}

/** Under `npm run` Ctrl+C comes twice: from the terminal and from npm. Milliseconds. */
const SAME_SIGNAL = 1_000;

/** The first signal ends the server as it wants to be ended, a later one at once. */
async function runUntilSignal(server: DevServer): Promise<number> {
  let first: number | null = null;
  const signal = await new Promise<NodeJS.Signals>((resolveSignal) => {
    const onSignal = (given: NodeJS.Signals): void => {
      first ??= performance.now();
      if (performance.now() - first > SAME_SIGNAL) server.kill();
      resolveSignal(given);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    server.start();
  });
  return server.stop(signal);
}
