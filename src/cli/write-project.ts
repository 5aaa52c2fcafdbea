import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "./cli-error.ts";

/** Beside `src` in the repository, and beside `dist` in the package. */
const TEMPLATE = fileURLToPath(new URL("../../templates/init", import.meta.url));
const OWN_PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));

/** Files that a package cannot carry under their own name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["gitignore", ".gitignore"],
  ["package.template.json", "package.json"],
]);

/** Of these, `{{...}}` is filled in. */
const FILLED: ReadonlySet<string> = new Set(["package.json", "README.md"]);

/** Writes the files of a new project. @returns their paths in it, in order. */
export async function writeProject(folder: string, name: string): Promise<readonly string[]> {
  const values = { ...(await versions()), name };
  const written: string[] = [];
  for (const source of await filesBelow(TEMPLATE)) {
    const path = relative(TEMPLATE, source);
    const target = RENAMED.get(path) ?? path;
    const text = await readFile(source, "utf8");
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await writeFile(join(folder, target), FILLED.has(target) ? fill(text, values) : text);
    written.push(target);
  }
  return written.toSorted();
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Of each package what this version of restwave is tested with. */
async function versions(): Promise<Readonly<Record<string, string>>> {
  const own: unknown = JSON.parse(await readFile(OWN_PACKAGE, "utf8"));
  const { version, dependencies, devDependencies } = Object(own);
  return { ...Object(dependencies), ...Object(devDependencies), restwave: `^${String(version)}` };
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(.+?)\}\}/g, (_placeholder, key: string) => {
    const value = values[key];
    if (value === undefined) throw new CliError(`The template asks for "${key}", which is not known.`);
    return value;
  });
}
