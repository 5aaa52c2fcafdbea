import { FieldError } from "./errors.ts";
import type { LookupResolver, ResolvedLookup } from "./lookup-resolver.ts";
import { INVALID, normalizeValue } from "./normalize-value.ts";
import { allOf, type LookupName, NOTHING, TEXT_LOOKUPS, type Where } from "./where.ts";

/**
 * Turns lookups into a where tree: names resolved, values checked against their columns and brought into their canonical form.
 *
 * @returns null when there are none.
 * @throws FieldError for an unknown name or a value of the wrong type.
 */
export function normalizeLookups(resolver: LookupResolver, lookups: Readonly<Record<string, unknown>>): Where | null {
  const names = Object.keys(lookups);
  const [only] = names;
  if (only !== undefined && names.length === 1) return normalizeLookup(resolver, only, lookups[only]);
  return allOf(names.map((name) => normalizeLookup(resolver, name, lookups[name])));
}

function normalizeLookup(resolver: LookupResolver, name: string, value: unknown): Where {
  const resolved = resolver.lookup(name);
  if (value === undefined) throw new FieldError(name, "Expected a value, got undefined.");
  if (value === null) return isNull(resolver, resolved, name);
  switch (resolved.lookup) {
    case "isnull":
      if (typeof value !== "boolean") throw new FieldError(name, "Expected true or false.");
      return condition(resolved, value);
    case "in":
      return membership(resolved, name, value);
    case "range":
      return range(resolver, resolved, name, value);
    default:
      return comparison(resolver, resolved, name, value);
  }
}

function condition(resolved: ResolvedLookup, value: unknown): Where {
  return {
    type: "condition",
    name: resolved.canonical,
    path: resolved.path,
    column: resolved.column.name,
    lookup: resolved.lookup,
    value,
  };
}

/** The same column under another lookup. */
function related(resolver: LookupResolver, resolved: ResolvedLookup, lookup: LookupName): ResolvedLookup {
  return resolver.lookup(`${resolved.name}__${lookup}`);
}

function isNull(resolver: LookupResolver, resolved: ResolvedLookup, name: string): Where {
  if (resolved.lookup !== "exact" && resolved.lookup !== "iexact")
    throw new FieldError(name, "None of the values of this lookup may be null.");
  return condition(related(resolver, resolved, "isnull"), true);
}

function checked(resolved: ResolvedLookup, name: string, value: unknown): unknown {
  const normal = normalizeValue(resolved.column, value);
  if (normal === INVALID) throw new FieldError(name, `Expected ${EXPECTED[resolved.column.kind]}.`);
  return normal;
}

const EXPECTED = {
  integer: "an integer",
  bigint: "an integer",
  float: "a number",
  decimal: "a decimal number",
  string: "a text without null characters",
  boolean: "true or false",
  datetime: "a date and time in ISO 8601",
  date: "a date as YYYY-MM-DD",
  time: "a time as HH:MM:SS",
  uuid: "a UUID",
  json: "a JSON value",
  binary: "bytes",
} as const;

function membership(resolved: ResolvedLookup, name: string, value: unknown): Where {
  if (!Array.isArray(value)) throw new FieldError(name, "Expected a list of values.");
  const values = value.filter((item) => item !== null).map((item) => checked(resolved, name, item));
  const possible = values.filter((item) => canEqual(resolved, item));
  return possible.length === 0 ? NOTHING : condition(resolved, possible);
}

function range(resolver: LookupResolver, resolved: ResolvedLookup, name: string, value: unknown): Where {
  if (!Array.isArray(value) || value.length !== 2 || value.includes(null))
    throw new FieldError(name, "Expected a list of two values.");
  const [low, high] = value.map((item) => checked(resolved, name, item));
  if (isBindable(resolved, low) && isBindable(resolved, high)) return condition(resolved, [low, high]);
  const parts = [
    comparison(resolver, related(resolver, resolved, "gte"), name, low),
    comparison(resolver, related(resolver, resolved, "lte"), name, high),
  ];
  return allOf(parts) ?? NOTHING;
}

function comparison(resolver: LookupResolver, resolved: ResolvedLookup, name: string, value: unknown): Where {
  // A part of a UUID is no UUID: the text lookups take any text.
  const normal = TEXT_LOOKUPS.has(resolved.lookup) ? needle(name, value) : checked(resolved, name, value);
  if (isBindable(resolved, normal)) return condition(resolved, normal);
  return beyondRange(resolver, resolved, normal);
}

function needle(name: string, value: unknown): string {
  if (typeof value !== "string" || value.includes("\0")) throw new FieldError(name, `Expected ${EXPECTED.string}.`);
  return value.replace(/\p{Surrogate}/gu, "\ufffd");
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Fits the value into what an integer column can be compared with? Other columns take all that was normalized. */
function isBindable(resolved: ResolvedLookup, value: unknown): boolean {
  if (typeof value === "bigint") return (value <= MAX_INT64 && value >= MIN_INT64) || isWide(resolved);
  return resolved.column.kind !== "integer" || typeof value !== "number" || Number.isFinite(value);
}

function isWide({ column }: ResolvedLookup): boolean {
  return column.traits.wide === true || column.traits.unordered === true;
}

function canEqual(resolved: ResolvedLookup, value: unknown): boolean {
  if (!isBindable(resolved, value)) return false;
  return resolved.column.kind !== "integer" || typeof value !== "number" || Number.isInteger(value);
}

/** No integer column holds such a value, but all its values are smaller, or all are larger. */
function beyondRange(resolver: LookupResolver, resolved: ResolvedLookup, value: unknown): Where {
  const isHigh = (typeof value === "bigint" || typeof value === "number") && value > 0;
  const matchesAll = isHigh
    ? resolved.lookup === "lt" || resolved.lookup === "lte"
    : resolved.lookup === "gt" || resolved.lookup === "gte";
  return matchesAll ? condition(related(resolver, resolved, "isnull"), false) : NOTHING;
}
