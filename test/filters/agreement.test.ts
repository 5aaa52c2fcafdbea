import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { FilterSet } from "../../src/filters/filter-set.ts";
import { FilterSetBackend } from "../../src/filters/filter-set-backend.ts";
import { OrderingFilter } from "../../src/filters/ordering-filter.ts";
import { SearchFilter } from "../../src/filters/search-filter.ts";
import { LOOKUP_NAMES } from "../../src/models/where.ts";
import { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { APIException } from "../../src/protocol/exceptions.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { scopeOf } from "../permissions/scope-of.ts";
import { openLab } from "../serializers/lab.ts";

/** More runs find more: `RESTWAVE_FUZZ_RUNS=20000`. */
const RUNS = Number(process.env.RESTWAVE_FUZZ_RUNS ?? 100);
const TIMEOUT = 20_000 + 50 * RUNS;

const words = fc.constantFrom(
  "a",
  "A",
  "ä",
  "Ä",
  "ß",
  "SS",
  "ς",
  "Σ",
  "i",
  "İ",
  "ı",
  "%",
  "_",
  "\\",
  "'",
  " ",
  "",
  "😀",
  "\uffff",
  "ab",
  "a b",
);
const labels = fc.array(words, { maxLength: 3 }).map((parts) => parts.join(""));
const moments = fc.constantFrom(
  "2024-05-06T05:08:09Z",
  "2024-05-06T05:08:09.000001Z",
  "2024-05-06T05:08:09.100000Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999Z",
);
const VALUES = {
  name: labels,
  quantity: fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 53, 2n ** 53n + 1n, 2n ** 63n - 1n),
  price: fc.constantFrom("0.00", "1.50", "-1.50", "999999.99", "10.00", "9.90"),
  ratio: fc.constantFrom(0, 1.5, -1.5, 1e300, 5e-324, 0.1),
  active: fc.boolean(),
  due: moments,
  day: moments.map((moment) => moment.slice(0, 10)),
  kind: fc.constantFrom("a" as const, "b" as const),
  note: labels,
};
const names = fc.constantFrom(...(Object.keys(VALUES) as (keyof typeof VALUES)[]));

const rows = fc.array(
  fc.record({
    quantity: VALUES.quantity.map(Number).filter(Number.isSafeInteger),
    price: fc.option(VALUES.price),
    ratio: fc.option(VALUES.ratio),
    active: VALUES.active,
    due: fc.option(VALUES.due),
    day: fc.option(VALUES.day),
    kind: VALUES.kind,
    note: VALUES.note,
  }),
  { maxLength: 6 },
);

const anything = fc.oneof(fc.jsonValue(), fc.bigInt(), fc.string({ unit: "binary", maxLength: 3 }));
const filter = names.chain((name) =>
  fc.constantFrom(...LOOKUP_NAMES).chain((lookup) => {
    const one = fc.oneof({ weight: 9, arbitrary: VALUES[name] as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });
    const value = lookup === "in" || lookup === "range" ? fc.array(one, { minLength: 2, maxLength: 2 }) : one;
    return fc.tuple(fc.constant(`${name}__${lookup}`), lookup === "isnull" ? fc.boolean() : value);
  }),
);
const ordering = fc
  .uniqueArray(fc.tuple(fc.constantFrom("", "-"), names), { maxLength: 3, selector: ([, name]) => name })
  .map((keys) => keys.map((key) => key.join("")));
const queries = fc.record(
  { filters: fc.array(filter, { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs)), search: labels, ordering },
  { requiredKeys: [] },
);

class ByTwo extends CursorPagination {
  override readonly pageSize = 2;
  override readonly ordering = "id";
}

describeOnPostgres("lists agree with SQLite", async (on) => {
  const lists = await Promise.all([sqliteFile, on].map(openList));
  afterAll(() => Promise.all(lists.map((list) => list.close())));

  test("in the lookups that columns take", () => {
    expect(lists[1]?.fields).toEqual(lists[0]?.fields);
  });

  test(
    "whatever is filtered, searched and ordered, whole and in pages",
    async () => {
      await fc.assert(
        fc.asyncProperty(rows, queries, async (given, query) => {
          const [sqlite, postgres] = await Promise.all(lists.map((list) => list.ask(given, query)));
          expect(postgres).toEqual(sqlite);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});

/** Items behind all filter backends. */
async function openList(on: Parameters<typeof openLab>[0]) {
  const { Item, tables, empty, close } = await openLab(on);
  class ItemSerializer extends ModelSerializer(Item, { exclude: ["meta"] }) {}
  const isLookup = (name: string): boolean => {
    try {
      return Item.resolver.lookup(name) !== undefined;
    } catch {
      return false;
    }
  };
  const fields = Object.fromEntries(
    Object.keys(VALUES).map((name) => [name, LOOKUP_NAMES.filter((lookup) => isLookup(`${name}__${lookup}`))]),
  );
  const consumer = {
    scope: scopeOf(null),
    getSerializerClass: () => ItemSerializer,
    filterSetClass: FilterSet(Item, { fields: fields as never }),
    searchFields: ["name", "^note", "=kind"],
  };

  async function narrowed(query: MessageArguments) {
    let queryset = Item.objects.orderBy("id");
    for (const Backend of [FilterSetBackend, SearchFilter, OrderingFilter])
      queryset = await new Backend().filterQueryset(queryset, query, consumer);
    return queryset;
  }

  async function pages(query: MessageArguments): Promise<unknown[]> {
    const seen: unknown[] = [];
    for (let args: MessageArguments | null = query; args !== null;) {
      const page = await new ByTwo().paginateQueryset(await narrowed(args), args, consumer);
      seen.push(...(page.rows ?? []));
      args = page.nextArguments === null ? null : { ...query, ...page.nextArguments };
    }
    return seen;
  }

  /** The rows that a client sees, all at once and page by page, or what it did wrong. */
  async function ask(given: readonly object[], query: MessageArguments): Promise<unknown> {
    await empty([tables.items]);
    await Item.objects.bulkCreate(given.map((values, index) => ({ ...values, name: `name ${index}` })));
    try {
      const whole = await (await narrowed(query)).toArray();
      return { whole, paged: await pages(query) };
    } catch (error) {
      if (error instanceof APIException) return { status: error.status, detail: error.detail };
      throw error;
    }
  }
  return { ask, fields, close };
}
