import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** How a Node process comes to run TypeScript here. */
export type TypeScriptLoader =
  /** By the application's own tsx: `--import url`. */
  | { readonly by: "tsx"; readonly url: string }
  /** By itself. */
  | { readonly by: "node" }
  /** Not at all. */
  | { readonly by: "nothing" };

/** The tsx of the application where it has one, else what Node does by itself. */
export function typeScriptLoader(cwd: string): TypeScriptLoader {
  const url = tsxOf(cwd);
  if (url !== null) return { by: "tsx", url };
  return { by: stripsTypes() ? "node" : "nothing" };
}

/** What to do where nothing runs TypeScript. */
export function howToRunTypeScript(): string {
  return `This Node.js (${process.version}) does not run TypeScript. Install tsx (npm install --save-dev tsx), use Node.js 22.18 or later, or name the compiled JavaScript.`;
}

function tsxOf(cwd: string): string | null {
  try {
    return pathToFileURL(createRequire(join(cwd, "package.json")).resolve("tsx")).href;
  } catch {
    return null;
  }
}

function stripsTypes(): boolean {
  const features: object = process.features;
  return Boolean(Reflect.get(features, "typescript"));
}
