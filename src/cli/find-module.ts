import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError } from "./cli-error.ts";

/** A module of an application that a command needs, and where it is looked for. */
export interface WantedModule {
  /** The key below `restwave` in package.json that names it. */
  readonly key: "entry" | "routes";
  /** Names without ending, in order. */
  readonly names: readonly string[];
  /** What it is, for people: "the module that starts your server". */
  readonly what: string;
}

/** The module that starts the server. */
export const entryModule: WantedModule = {
  key: "entry",
  names: ["src/server", "server"],
  what: "the module that starts your server",
};

/** The module that exports the routing table. */
export const routesModule: WantedModule = {
  key: "routes",
  names: ["src/routing", "src/routes", "routing", "routes"],
  what: "the module that exports your routes",
};

const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/** The path of a module: as it was given, as package.json says, or the first that is there. @throws CliError when there is none. */
export function findModule({ key, names, what }: WantedModule, given: string | undefined, cwd: string): string {
  const named = given ?? namedInPackage(key, cwd);
  if (named !== undefined) return existing(named, what, cwd);
  const candidates = names.flatMap((name) => ENDINGS.map((ending) => `${name}${ending}`));
  const found = candidates.find((file) => existsSync(resolve(cwd, file)));
  if (found !== undefined) return found;
  throw new CliError(
    `Cannot find ${what}: looked for ${names.map((name) => `${name}.ts (.mts, .js, .mjs)`).join(", ")} in ${cwd}. ` +
      `Name it, or say so in package.json: "restwave": { "${key}": "path/to/it.ts" }.`,
    2,
  );
}

function existing(file: string, what: string, cwd: string): string {
  if (existsSync(resolve(cwd, file))) return file;
  throw new CliError(`Expected ${what}, got "${file}", which does not exist.`, 2);
}

function namedInPackage(key: string, cwd: string): string | undefined {
  const settings: unknown = Reflect.get(packageOf(cwd), "restwave");
  const named: unknown = typeof settings === "object" && settings !== null ? Reflect.get(settings, key) : undefined;
  return typeof named === "string" ? named : undefined;
}

function packageOf(cwd: string): object {
  const file = join(cwd, "package.json");
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new CliError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, 1, error);
  }
}
