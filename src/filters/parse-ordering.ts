import { ValidationError } from "../protocol/exceptions.ts";
import { describeName } from "./describe-name.ts";

/**
 * Reads an ordering: `"-id,name"` or `["-id", "name"]`, where `-` means descending. A field that is named twice counts once.
 *
 * DRF skips unknown fields in silence, so that a misspelt ordering looks like a random order; here it is an error.
 *
 * @param allowed what a client may order by: the name that it uses, and the queryset's name for it.
 * @returns the queryset's keys; empty when nothing was asked for.
 * @throws ValidationError `{ordering: [...]}` for an unknown field or a value of another type.
 */
export function parseOrdering(ordering: unknown, allowed: ReadonlyMap<string, string>): readonly string[] {
  const keys = new Map<string, string>();
  for (const term of termsOf(ordering)) {
    const descending = term.startsWith("-");
    const name = descending ? term.slice(1) : term;
    const path = allowed.get(name) ?? refuseName(name, allowed);
    if (!keys.has(path)) keys.set(path, descending ? `-${path}` : path);
  }
  return [...keys.values()];
}

function termsOf(ordering: unknown): readonly string[] {
  if (ordering === undefined || ordering === null) return [];
  if (typeof ordering === "string") return nonEmpty(ordering.split(","));
  if (Array.isArray(ordering) && ordering.every(isString)) return nonEmpty(ordering);
  return refuse('Expected a string such as "-id,name" or a list of field names.');
}

function nonEmpty(terms: readonly string[]): readonly string[] {
  return terms.map((term) => term.trim()).filter((term) => term !== "");
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function refuseName(name: string, allowed: ReadonlyMap<string, string>): never {
  const choices = [...allowed.keys()].join(", ");
  return refuse(
    `Cannot order by ${describeName(name)}. ${choices === "" ? "This list has a fixed order." : `Choose from: ${choices}.`}`,
  );
}

function refuse(message: string): never {
  throw new ValidationError({ ordering: [message] });
}
