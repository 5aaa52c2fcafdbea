import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { ModelColumn } from "../../src/models/model-column.ts";
import { suits } from "../../src/models/lookup-resolver.ts";
import { compareCodePoints, compilePredicate } from "../../src/models/predicate.ts";
import { not, Q, type QExpression } from "../../src/models/q.ts";
import { LOOKUP_NAMES, type LookupName } from "../../src/models/where.ts";
import type { AnyModel } from "../../src/models/model.ts";
import { texts, thingValues } from "./arbitrary-things.ts";
import { openThings, type ThingValues } from "./sqlite-things.ts";

type AnyQ = QExpression<unknown, PropertyKey>;

const { database, Thing: typed } = await openThings();
const Thing: AnyModel = typed;
afterAll(() => database.close());

const columns: readonly ModelColumn[] = [...Thing.columns.values()].filter(
  (column) => column.kind !== "json" && column.name !== "id",
);
const cases = columns.flatMap((column) =>
  LOOKUP_NAMES.filter((lookup) => suits(column, lookup)).map((lookup) => ({ column, lookup })),
);

/** A value that is likely to meet one of the rows: one of their own, or a new one. */
function valueFor(column: ModelColumn, rows: readonly ThingValues[]): fc.Arbitrary<unknown> {
  const own = rows.map((row): unknown => Reflect.get(row, column.name)).filter((value) => value !== null && value !== undefined);
  const fresh = thingValues
    .map((row): unknown => Reflect.get(row, column.name))
    .filter((value) => value !== null && value !== undefined);
  if (
    ![
      "whole",
      "flag",
      "seconds",
      "millis",
      "label",
      "ratio",
      "huge",
      "bytes",
      "blobBig",
      "price",
      "moment",
      "day",
      "clock",
      "key",
    ].includes(column.name)
  ) {
    return fc.constant(column.kind === "string" ? "open" : 1);
  }
  return own.length === 0 ? fresh : fc.oneof(fc.constantFrom(...own), fresh);
}

function needleFor(column: ModelColumn, rows: readonly ThingValues[]): fc.Arbitrary<string> {
  const parts = rows.flatMap((row) => {
    const value: unknown = Reflect.get(row, column.name);
    return typeof value === "string" ? [value.slice(0, 2), value.slice(-2), value.toUpperCase(), value.toLowerCase()] : [];
  });
  return parts.length === 0 ? texts : fc.oneof(fc.constantFrom(...parts), texts);
}

function lookupValue(column: ModelColumn, lookup: LookupName, rows: readonly ThingValues[]): fc.Arbitrary<unknown> {
  const value = valueFor(column, rows);
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

function conditions(rows: readonly ThingValues[]): fc.Arbitrary<AnyQ> {
  const single = fc
    .constantFrom(...cases)
    .chain(({ column, lookup }) =>
      lookupValue(column, lookup, rows).map((value): AnyQ => Q({ [`${column.name}__${lookup}`]: value })),
    );
  const { tree } = fc.letrec<{ tree: AnyQ }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      single,
      fc.tuple(tie("tree"), tie("tree")).map(([left, right]): AnyQ => left.and(right)),
      fc.tuple(tie("tree"), tie("tree")).map(([left, right]): AnyQ => left.or(right)),
      tie("tree").map((inner): AnyQ => not(inner)),
    ),
  }));
  return tree;
}

test("SQLite and the in-memory predicate agree on every row and every lookup", async () => {
  const scenario = fc
    .array(thingValues, { minLength: 1, maxLength: 4 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.array(conditions(rows), { minLength: 10, maxLength: 20 })));
  await fc.assert(
    fc.asyncProperty(scenario, async ([values, filters]) => {
      await Thing.objects.delete();
      const rows = await Thing.objects.bulkCreate(values);
      for (const filter of filters) {
        const queryset = Thing.objects.filter(filter);
        const matches = compilePredicate(Thing, queryset.query.where);
        const expected = rows.filter((row) => matches?.(row)).map((row) => row["id"]);
        const found = (await queryset.orderBy("id").toArray()).map((row) => row["id"]);
        expect(
          found,
          JSON.stringify(queryset.query.where, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)),
        ).toEqual(expected);
      }
    }),
    { numRuns: 150 },
  );
});

test("SQLite sorts texts as compareCodePoints does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { maxLength: 8 }), async (labels) => {
      await Thing.objects.delete();
      await Thing.objects.bulkCreate(labels.map((label) => ({ label })));
      const sorted = (await Thing.objects.orderBy("label").toArray()).map((row) => String(row["label"]));
      expect(sorted).toEqual(sorted.toSorted(compareCodePoints));
    }),
    { numRuns: 50 },
  );
});
