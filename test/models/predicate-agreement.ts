import fc from "fast-check";
import { expect } from "vitest";
import { suits } from "../../src/models/lookup-resolver.ts";
import type { ModelColumn } from "../../src/models/model-column.ts";
import { type AnyModel, Model } from "../../src/models/model.ts";
import { compareCodePoints, compilePredicate } from "../../src/models/predicate.ts";
import { not, Q, type QExpression } from "../../src/models/q.ts";
import { belongsTo } from "../../src/models/relations.ts";
import { LOOKUP_NAMES, type LookupName, TEXT_LOOKUPS } from "../../src/models/where.ts";
import { texts } from "./arbitrary-things.ts";

type AnyQ = QExpression<unknown, PropertyKey>;
type Row = Readonly<Record<string, unknown>>;

/** A model of a table that holds every kind of column, and what its columns may be given; it is emptied and filled again and again. */
export interface Things {
  readonly Thing: AnyModel;
  /** By property key; columns that are not here stay NULL. */
  readonly values: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

interface Case {
  readonly column: ModelColumn;
  readonly lookup: LookupName;
}

/** Every lookup that the model's columns have. */
function allCases({ Thing, values }: Things): Case[] {
  const columns: readonly ModelColumn[] = [...Thing.columns.values()].filter((column) => column.name in values);
  return columns.flatMap((column) =>
    LOOKUP_NAMES.filter((lookup) => suits(column, lookup)).map((lookup) => ({ column, lookup })),
  );
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

/** A value that is likely to meet one of the rows: one of their own, or a new one. */
function valueFor(column: ModelColumn, rows: readonly Row[], { values }: Things): fc.Arbitrary<unknown> {
  const own = rows.map((row) => row[column.name]).filter(isThere);
  const fresh = (values[column.name] ?? fc.constant(1)).filter(isThere);
  const value = own.length === 0 ? fresh : fc.oneof(fc.constantFrom(...own), fresh);
  const isMomentText = column.kind === "datetime" && column.traits.isDate !== true;
  return isMomentText
    ? fc.tuple(value, fc.constantFrom("", "+05:30", "-00:01")).map(([text, zone]) => inZone(String(text), zone))
    : value;
}

/** The same moment, as a clock in another zone shows it; the first and the last days of the calendar stay in UTC. */
function inZone(text: string, zone: string): string {
  if (zone === "" || !/^(?:[1-8]|0[1-9])/.test(text)) return text;
  const minutes = (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const moved = new Date(Date.parse(`${text.slice(0, 19)}Z`) + minutes * 60_000).toISOString();
  return `${moved.slice(0, 19)}${text.slice(19).replace("Z", "")}${zone}`;
}

function needleFor(column: ModelColumn, rows: readonly Row[]): fc.Arbitrary<string> {
  const parts = rows.flatMap((row) => {
    const value = row[column.name];
    return typeof value === "string" ? [value.slice(0, 2), value.slice(-2), value.toUpperCase(), value.toLowerCase()] : [];
  });
  const wildcards = fc.constantFrom("%", "_", "\\", "*", "?", "a%", "");
  return parts.length === 0 ? texts : fc.oneof(fc.constantFrom(...parts), texts, wildcards);
}

function lookupValue({ column, lookup }: Case, rows: readonly Row[], things: Things): fc.Arbitrary<unknown> {
  const value = valueFor(column, rows, things);
  switch (lookup) {
    case "isnull":
      return fc.boolean();
    case "in":
      return fc.array(value, { maxLength: 4 });
    case "range":
      return fc.tuple(value, value);
    case "exact":
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return value;
    default:
      return needleFor(column, rows);
  }
}

/** The table with a relation for each of its columns, as if all were foreign keys. */
function withKeys(Thing: AnyModel): AnyModel {
  const columns: readonly string[] = [...Thing.columns.keys()];
  const relations = Object.fromEntries(columns.map((column) => [relationOf(column), belongsTo(() => Thing, column)]));
  return new Model(Thing.database, Thing.table, { relations });
}

function relationOf(column: string): string {
  return `key_${column}`;
}

/** Both names of a column: its own, and that of its relation, which is compared and not searched. */
function namesFor({ column, lookup }: Case): fc.Arbitrary<string> {
  const names = TEXT_LOOKUPS.has(lookup) ? [column.name] : [column.name, relationOf(column.name)];
  return fc.constantFrom(...names).map((name) => `${name}__${lookup}`);
}

function conditions(cases: readonly Case[], rows: readonly Row[], things: Things): fc.Arbitrary<AnyQ> {
  const single = fc
    .constantFrom(...cases)
    .chain((chosen) => fc.tuple(namesFor(chosen), lookupValue(chosen, rows, things)))
    .map(([name, value]): AnyQ => Q({ [name]: value }));
  const { tree } = fc.letrec<{ tree: AnyQ }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      { arbitrary: single, weight: 4 },
      fc.tuple(tie("tree"), tie("tree")).map(([left, right]): AnyQ => left.and(right)),
      fc.tuple(tie("tree"), tie("tree")).map(([left, right]): AnyQ => left.or(right)),
      tie("tree").map((inner): AnyQ => not(inner)),
    ),
  }));
  return tree;
}

/** Generated rows, generated filters: the database and the in-memory predicate must find the same rows. */
export async function provePredicate(things: Things, numRuns: number): Promise<void> {
  const { Thing } = things;
  const Keyed = withKeys(Thing);
  const cases = allCases(things);
  const scenario = fc
    .array(fc.record(things.values), { minLength: 1, maxLength: 4 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.array(conditions(cases, rows, things), { minLength: 10, maxLength: 20 })));
  await fc.assert(
    fc.asyncProperty(scenario, async ([values, filters]) => {
      await Thing.objects.delete();
      const rows: Row[] = await Thing.objects.bulkCreate(values);
      for (const filter of filters) await expectAgreement(Keyed, rows, filter);
    }),
    { numRuns },
  );
}

/** @param rows all rows of the table. */
export async function expectAgreement(Thing: AnyModel, rows: readonly Row[], filter: object): Promise<void> {
  const queryset = Thing.objects.filter(filter);
  const matches = compilePredicate(Thing, queryset.query.where);
  const told = JSON.stringify(queryset.query.where, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  expect(matches, `${told} is for the database alone`).not.toBeNull();
  const expected = rows.filter((row) => matches?.(row)).map((row) => row["id"]);
  const found = (await queryset.orderBy("id").toArray()).map((row) => Reflect.get(row, "id"));
  expect(found, told).toEqual(expected);
}

/** The database sorts the texts of a column by code point. */
export async function proveTextOrder({ Thing }: Things, name: string, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { maxLength: 8 }), async (labels) => {
      await Thing.objects.delete();
      await Thing.objects.bulkCreate(labels.map((label) => ({ [name]: label })));
      const sorted = (await Thing.objects.orderByUntrusted([name]).toArray()).map((row) => String(Reflect.get(row, name)));
      expect(sorted).toEqual(sorted.toSorted(compareCodePoints));
    }),
    { numRuns },
  );
}
