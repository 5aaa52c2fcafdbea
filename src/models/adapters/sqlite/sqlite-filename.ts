import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";

export const MEMORY = ":memory:";

/**
 * The path that a filename, a `file:` URL or `:memory:` stands for.
 *
 * @throws ImproperlyConfigured when it is empty, no file URL, or in a folder that does not exist.
 */
export function sqliteFilename(given: string): string {
  const path = given.startsWith("file:") ? pathOfUrl(given) : given;
  if (path === MEMORY) return MEMORY;
  if (path === "")
    throw new ImproperlyConfigured('Expected the name of a SQLite file, a "file:" URL or ":memory:", got an empty text.');
  const absolute = resolve(path);
  if (existsSync(dirname(absolute))) return absolute;
  throw new ImproperlyConfigured(
    `Cannot open the SQLite file "${given}": the folder "${dirname(absolute)}" does not exist. Create it first.`,
  );
}

/** `file:data.db` is no path of a URL, but is what drizzle's own configuration takes. */
function pathOfUrl(url: string): string {
  const [location = ""] = url.split("?");
  if (!location.startsWith("file://")) return location.slice("file:".length);
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw new ImproperlyConfigured(`Expected a file URL like "file:///srv/data.db", got "${url}".`, { cause: error });
  }
}
