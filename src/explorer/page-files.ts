import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the built page. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** Does its name change with its content? */
  readonly isHashed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** The files of the page as Vite built them. Nothing can be read but what lies in the folder, by the name that it has there. */
export class PageFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param name with slashes, as `assets/index-D3adB33f.js`. @returns null when there is no such file. */
  async find(name: string): Promise<PageFile | null> {
    if (!(await this.#names()).has(name)) return null;
    const body = await readFile(join(this.#folder, name));
    const hash = createHash("sha256").update(body).digest("base64url").slice(0, 22);
    return {
      body: new Uint8Array(body),
      type: TYPES[extname(name)] ?? "application/octet-stream",
      etag: `"${hash}"`,
      isHashed: /^assets\/.*-[\w-]{8,}\.\w+$/.test(name),
    };
  }

  /** Looked up each time: the page may be built while the server runs, and it has few files. */
  async #names(): Promise<ReadonlySet<string>> {
    const found = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = found.filter((entry) => entry.isFile());
    return new Set(files.map(({ parentPath, name }) => relative(this.#folder, join(parentPath, name)).replaceAll(sep, "/")));
  }
}

/** Where the package has the built page: `dist/explorer-page`, whether this file runs from `dist` or from `src`. */
export function builtPageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, "dist", "explorer-page");
}
