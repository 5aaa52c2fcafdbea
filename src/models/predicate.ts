import { foldCase } from "./fold-case.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";
import { crossesRelations, type Condition, type Where } from "./where.ts";

/** Does a row (with all columns that the conditions name) match? */
export type Predicate = (row: Readonly<Record<string, unknown>>) => boolean;

/**
 * The where tree of a queryset as a function over rows; it agrees with the database on every row.
 *
 * @returns null when only the database can tell: a condition reaches through a relation, or asks for what depends on the database's own rules.
 */
export function compilePredicate(model: AnyModel, where: Where | null): Predicate | null {
  if (where === null) return () => true;
  return crossesRelations(where) || !isPredictable(model, where) ? null : build(model, where);
}

function isPredictable(model: AnyModel, where: Where): boolean {
  switch (where.type) {
    case "nothing":
      return true;
    case "not":
      return isPredictable(model, where.child);
    case "condition":
      return model.database.dialect.isPredictable(model.resolver.lookup(where.name).column, where.lookup);
    default:
      return where.children.every((child) => isPredictable(model, child));
  }
}

function build(model: AnyModel, where: Where): Predicate {
  switch (where.type) {
    case "nothing":
      return () => false;
    case "not": {
      const child = build(model, where.child);
      return (row) => !child(row);
    }
    case "and": {
      const children = where.children.map((child) => build(model, child));
      return (row) => children.every((matches) => matches(row));
    }
    case "or": {
      const children = where.children.map((child) => build(model, child));
      return (row) => children.some((matches) => matches(row));
    }
    case "condition":
      return conditionPredicate(model.resolver.lookup(where.name).column, where);
  }
}

function conditionPredicate(column: ModelColumn, { lookup, value }: Condition): Predicate {
  const read: Predicate extends (row: infer Row) => boolean ? (row: Row) => unknown : never = (row) => row[column.name] ?? null;
  if (lookup === "isnull") return (row) => (read(row) === null) === value;
  const test = tester(column, lookup, value);
  return (row) => {
    const given = read(row);
    return given !== null && test(given);
  };
}

type Tester = (value: unknown) => boolean;

function tester(column: ModelColumn, lookup: Condition["lookup"], value: unknown): Tester {
  const form = comparableForm(column);
  switch (lookup) {
    case "exact":
      return ordered(form, value, (order) => order === 0);
    case "gt":
      return ordered(form, value, (order) => order > 0);
    case "gte":
      return ordered(form, value, (order) => order >= 0);
    case "lt":
      return ordered(form, value, (order) => order < 0);
    case "lte":
      return ordered(form, value, (order) => order <= 0);
    case "in":
      return membership(form, listOf(value));
    case "range": {
      const [low, high] = listOf(value).map((bound, index) =>
        ordered(form, bound, (order) => (index === 0 ? order >= 0 : order <= 0)),
      );
      return (given) => low?.(given) === true && high?.(given) === true;
    }
    default:
      return textTester(lookup, String(value));
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What values are compared by. */
export type Comparable = number | bigint | string;

/** The stored form of a value, which is what the database compares; bytes as hexadecimal digits, which sort as the bytes do. */
export function comparableForm(column: ModelColumn): (value: unknown) => Comparable {
  if (column.traits.comparable !== undefined) return column.traits.comparable;
  return (value) => {
    if (column.kind === "decimal" || column.kind === "float") return Number(value);
    const stored = column.traits.toDriver(value);
    if (stored instanceof Uint8Array) return Buffer.from(stored).toString("hex");
    if (stored instanceof Date) return stored.getTime();
    if (typeof stored === "boolean") return Number(stored);
    return typeof stored === "number" || typeof stored === "bigint" ? stored : String(stored);
  };
}

function ordered(form: (value: unknown) => Comparable, bound: unknown, accepts: (order: number) => boolean): Tester {
  const fixed = form(bound);
  return (value) => accepts(compareValues(form(value), fixed));
}

function membership(form: (value: unknown) => Comparable, values: readonly unknown[]): Tester {
  const members = new Set(values.map((value) => setKey(form(value))));
  return (value) => members.has(setKey(form(value)));
}

/** A number and a bigint of the same value are the same to a database, but not to a Set or a Map. */
export function setKey(value: Comparable): Comparable {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Below, at or above 0, as the database orders the two values. */
export function compareValues(left: Comparable, right: Comparable): number {
  if (typeof left === "string" && typeof right === "string") return compareCodePoints(left, right);
  // NaN equals itself and is above all numbers, where a database can hold it.
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left < right ? -1 : Number(left > right);
}

/** The order of UTF-8 bytes. JavaScript's own is that of UTF-16 units, in which U+1F600 stands before U+FF5E. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a !== b) return weight(a) - weight(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for what lies beyond U+FFFF. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function textTester(lookup: Condition["lookup"], needle: string): Tester {
  if (!lookup.startsWith("i")) return (value) => matchesText(lookup, String(value), needle);
  const folded = foldCase(needle);
  const plain = lookup.slice(1);
  return (value) => matchesText(plain, foldCase(String(value)), folded);
}

function matchesText(lookup: string, text: string, needle: string): boolean {
  switch (lookup) {
    case "exact":
      return text === needle;
    case "startswith":
      return text.startsWith(needle);
    case "endswith":
      return text.endsWith(needle);
    default:
      return text.includes(needle);
  }
}
