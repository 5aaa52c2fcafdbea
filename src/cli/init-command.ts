import { readdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { CliError } from "./cli-error.ts";
import type { Command } from "./command.ts";
import { installPackages, type PackageManager, packageManagerOf, runCommand } from "./package-manager.ts";
import { parseOptions } from "./parse-options.ts";
import { writeProject } from "./write-project.ts";

const USAGE = `Usage: restwave init FOLDER [--no-install]

Makes a project: a SQLite database with one table, its resource, a server, a client with types, a test. It runs at once.

FOLDER is made; it may exist, but must be empty. "." is the folder that you are in.

  --no-install   do not install its packages
`;

/** `restwave init`: a new project. */
export const initCommand: Command = {
  name: "init",
  summary: "makes a new project",
  usage: USAGE,
  async run(args, io) {
    const { flags, positionals } = parseOptions(args, { flags: ["no-install"], positionals: 1 }, USAGE);
    const [given] = positionals;
    if (given === undefined) throw new CliError(`Expected the folder of the new project.\n\n${USAGE}`, 2);
    const folder = resolve(io.cwd, given);
    await demandEmpty(folder, given);
    const files = await writeProject(folder, packageName(folder));
    io.out(`Made ${given}:\n${files.map((file) => `  ${file}\n`).join("")}`);
    const manager = packageManagerOf(io.env["npm_config_user_agent"]);
    const isInstalled = !flags.has("no-install") && (await installPackages(manager, folder));
    io.out(nextSteps(given, manager, isInstalled));
    if (!isInstalled && !flags.has("no-install"))
      throw new CliError(`The project is there, but "${manager} install" failed in it. Run it again, then go on as above.`);
  },
};

/** A folder that was made for it may be a repository already. */
async function demandEmpty(folder: string, given: string): Promise<void> {
  const entries = (await entriesOf(folder, given)).filter((name) => name !== ".git");
  if (entries.length === 0) return;
  const shown = entries.slice(0, 3).join(", ");
  const more = entries.length > 3 ? ` and ${entries.length - 3} more` : "";
  throw new CliError(`Expected "${given}" to be a new or an empty folder, but it holds ${shown}${more}. Choose another name.`, 2);
}

async function entriesOf(folder: string, given: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR")
      throw new CliError(`Expected "${given}" to be a folder, but it is a file. Choose another name.`, 2, error);
    throw error;
  }
}

/** What npm takes as a name. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  return name === "" ? "tasks" : name;
}

function nextSteps(given: string, manager: PackageManager, isInstalled: boolean): string {
  const steps = [
    ...(given === "." ? [] : [`cd ${/\s/.test(given) ? `"${given}"` : given}`]),
    ...(isInstalled ? [] : [`${manager} install`]),
    runCommand(manager, "dev"),
  ];
  const separator = manager === "npm" ? " --" : "";
  return `\nNext:\n\n${steps.map((step) => `  ${step}\n`).join("")}\nThen, in a second terminal:\n\n  ${runCommand(manager, "client")}${separator} "Buy milk"\n\n`;
}
