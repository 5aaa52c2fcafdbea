import { existsSync, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Editors write a file in several steps. */
const SETTLE_MS = 80;

/** Code, and what code reads: what else changes beside it (databases, logs) is not the developer's doing. */
const SOURCE = /\.(?:[cm]?[jt]sx?|json|sql)$/;

/** Files that a server has imported, and those that somebody wants watched besides. */
export class WatchedFiles {
  readonly #onChange: (file: string) => void;
  readonly #versions = new Map<string, string>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #folders = new Set<string>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  /** Is every change of code in the folders of these files told of, also of files that were not imported? A start that failed may wait for them. */
  anySource = false;

  /** @param onChange is called with one of the files that changed, once for all that change together. */
  constructor(onChange: (file: string) => void) {
    this.#onChange = onChange;
  }

  /** Watches a file. Those of packages do not change. */
  add(file: string): void {
    if (this.#versions.has(file) || /[\\/]node_modules[\\/]/.test(file)) return;
    this.#versions.set(file, versionOf(file));
    this.#watch(dirname(file));
  }

  /** Watches a file, or whatever is in a folder. */
  addPath(path: string): void {
    if (!statSync(path).isDirectory()) return this.add(resolve(path));
    this.#folders.add(resolve(path));
    this.#watch(resolve(path));
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== "node_modules") this.addPath(join(path, entry.name));
    }
  }

  /** Takes what is there now as what was imported. */
  refresh(): void {
    for (const file of this.#versions.keys()) this.#versions.set(file, versionOf(file));
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder) || !existsSync(folder)) return;
    const watcher = watch(folder, (_event, name) => {
      if (name !== null) this.#note(join(folder, name));
    });
    // A folder that is removed is no longer watched; what was in it is missed at the next start.
    watcher.on("error", () => {
      watcher.close();
      this.#watchers.delete(folder);
    });
    this.#watchers.set(folder, watcher);
  }

  #note(file: string): void {
    if (!this.#isWatched(file)) return;
    this.#changed.add(file);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #isWatched(file: string): boolean {
    if (this.#versions.has(file) || this.#folders.has(dirname(file))) return true;
    return this.anySource && SOURCE.test(file);
  }

  #settle(): void {
    this.#timer = null;
    const files = [...this.#changed];
    this.#changed.clear();
    const changed = files.find((file) => this.#versions.get(file) !== versionOf(file));
    for (const file of files) if (this.#versions.has(file)) this.#versions.set(file, versionOf(file));
    if (changed !== undefined) this.#onChange(changed);
  }
}

/** Changes when the file does; empty when there is none. */
function versionOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
