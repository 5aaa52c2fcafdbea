import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Database } from "../models/database.ts";
import { CliError } from "./cli-error.ts";

const MAX_DEPTH = 8;

/** Imports a module of the application and finds the databases behind what it exports: databases, models, routes, or lists of them. */
export async function loadApplication(file: string, cwd: string): Promise<readonly Database[]> {
  const path = resolve(cwd, file);
  if (!existsSync(path))
    throw new CliError(`Expected the path of a module of your application, got "${file}", which does not exist.`, 2);
  const found = new Set<Database>();
  collect(await load(path, file), found, MAX_DEPTH, new Set());
  if (found.size > 0) return [...found];
  throw new CliError(`"${file}" exports no database, model or routes. Name the module that does.`, 2);
}

async function load(path: string, file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot import "${file}": ${reason}${hint(path, error)}`, 1, error);
  }
}

function hint(path: string, error: unknown): string {
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (!isTypeScript || (code !== "ERR_UNKNOWN_FILE_EXTENSION" && !(error instanceof SyntaxError))) return "";
  return (
    `\nThis Node.js (${process.version}) does not run that TypeScript. Run it under tsx (node --import tsx node_modules/restwave/dist/restwave.js ...), ` +
    "use Node.js 22.18 or later, or name the compiled JavaScript."
  );
}

function collect(value: unknown, found: Set<Database>, depth: number, seen: Set<unknown>): void {
  if (depth === 0 || value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
  seen.add(value);
  if (isDatabase(value)) return void found.add(value);
  const inner = Array.isArray(value) || isNamespace(value) ? Object.values(value) : reachable(value);
  for (const one of inner) collect(one, found, depth - 1, seen);
}

/** What a model, a queryset, a route or a consumer class leads to. */
function reachable(value: object): unknown[] {
  const target: unknown = Reflect.get(value, "target");
  const queryset = queried(value) ?? queried(Reflect.get(value, "prototype"));
  return [Reflect.get(value, "database"), Reflect.get(value, "model"), target, queryset];
}

function queried(value: unknown): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, "queryset") : undefined;
}

function isNamespace(value: object): boolean {
  return Reflect.get(value, Symbol.toStringTag) === "Module" || Object.getPrototypeOf(value) === Object.prototype;
}

/** By what it can do: the application may have loaded another copy of this package. */
function isDatabase(value: object): value is Database {
  return "changes" in value && "statements" in value && "models" in value && Array.isArray(value.models);
}
