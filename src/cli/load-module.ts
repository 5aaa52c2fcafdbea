import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError } from "./cli-error.ts";
import type { CommandIo } from "./command.ts";
import { howToRunTypeScript } from "./typescript-loader.ts";

/** Imports a module of the application. @throws CliError when it does not exist or cannot be imported. */
export async function loadModule(file: string, { cwd, importTypeScript }: CommandIo): Promise<unknown> {
  const path = resolve(cwd, file);
  if (!existsSync(path))
    throw new CliError(`Expected the path of a module of your application, got "${file}", which does not exist.`, 2);
  if (isTypeScript(path)) await importTypeScript?.(cwd);
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot import "${file}": ${reason}${hint(path, error)}`, 1, error);
  }
}

/** Is it a file that Node runs only with help, or not before it can strip types? */
export function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function hint(path: string, error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return isTypeScript(path) && code === "ERR_UNKNOWN_FILE_EXTENSION" ? `\n${howToRunTypeScript()}` : "";
}
