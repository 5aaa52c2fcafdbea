import type { Database } from "../models/database.ts";
import { CliError } from "./cli-error.ts";
import type { CommandIo } from "./command.ts";
import { loadModule } from "./load-module.ts";

const MAX_DEPTH = 8;

/** Imports a module of the application and finds the databases behind what it exports: databases, models, routes, or lists of them. */
export async function loadApplication(file: string, io: CommandIo): Promise<readonly Database[]> {
  const found = databasesIn(await loadModule(file, io));
  if (found.length > 0) return found;
  throw new CliError(`"${file}" exports no database, model or routes. Name the module that does.`, 2);
}

/** The databases behind what a module exports. */
export function databasesIn(exported: unknown): readonly Database[] {
  const found = new Set<Database>();
  collect(exported, found, MAX_DEPTH, new Set());
  return [...found];
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
