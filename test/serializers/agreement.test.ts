import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { AnyModel } from "../../src/models/model.ts";
import { APIException } from "../../src/protocol/exceptions.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { openLab } from "./lab.ts";

/** More runs find more: `RESTWAVE_FUZZ_RUNS=20000`. */
const RUNS = Number(process.env.RESTWAVE_FUZZ_RUNS ?? 100);
const TIMEOUT = 20_000 + 50 * RUNS;

type Lab = Awaited<ReturnType<typeof openLab>>;

const text = (maxLength: number) => fc.string({ unit: "binary", maxLength });
const anything = fc.oneof(
  fc.jsonValue(),
  text(5),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  fc.constantFrom("", " ", "null", "0", "-0", "1e5", "1.0", "Infinity", "٣", "😀", "\ud800", "a\0b", "'"),
);
const moments = fc.oneof(
  fc
    .tuple(
      fc.date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true }),
      fc.constantFrom("", ".1", ".120", ".123456", ".000001", ".999999"),
      fc.constantFrom("Z", "+02:00", "-11:30", ""),
    )
    .map(([date, fraction, zone]) => `${date.toISOString().slice(0, 19)}${fraction}${zone}`),
  fc.constantFrom(
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-01:00",
    "2024-02-29 24:00",
    "2024-03-31T02:30:00",
    "2016-12-31T23:59:60Z",
    "infinity",
    "epoch",
    "now",
    "0000-01-01T00:00:00Z",
  ),
);
const days = fc.oneof(
  moments.map((moment) => moment.slice(0, 10)),
  fc.constantFrom("2024-5-6", "2023-02-29", "today", "0000-12-31"),
);
const clocks = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 86_399 }), fc.constantFrom("", ".5", ".123456", ".000000"))
    .map(([second, fraction]) => `${new Date(second * 1000).toISOString().slice(11, 19)}${fraction}`),
  fc.constantFrom("24:00:00", "23:59:60", "7:08", "07:08", "allballs"),
);
/** jsonb is another value than what was sent where texts have a null character or half a pair, or numbers an exponent. */
const json = fc
  .jsonValue({ stringUnit: "grapheme" })
  .filter((value) => !/\\u0000|\\ud[89a-f]|\de[+-]|-0/i.test(JSON.stringify(value)) && !isNegativeZero(value));
const isNegativeZero = (value: unknown): boolean =>
  Object.is(value, -0) || (typeof value === "object" && value !== null && Object.values(value).some(isNegativeZero));

const partly = <T>(values: fc.Arbitrary<T>) => fc.oneof({ weight: 30, arbitrary: values }, { weight: 1, arbitrary: anything });
const items = fc.record(
  {
    name: partly(text(22)),
    quantity: partly(
      fc.oneof(fc.integer(), fc.bigInt({ min: -(2n ** 63n) - 1n, max: 2n ** 63n }), fc.constantFrom("7", true, 1.5)),
    ),
    price: partly(
      fc.oneof(
        fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => (cents / 100).toFixed(2)),
        fc.double(),
      ),
    ),
    ratio: partly(
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(5e-324, 1.7976931348623157e308, -0)),
    ),
    active: partly(fc.constantFrom(true, false, "yes", "off", 1, 0)),
    due: partly(fc.option(moments)),
    day: partly(fc.option(days)),
    kind: partly(fc.constantFrom("a", "b", "c")),
    note: partly(text(60)),
    meta: json,
  },
  { requiredKeys: ["name"] },
);
const clocked = fc.record({ at: partly(fc.option(moments)), clock: partly(fc.option(clocks)) }, { requiredKeys: [] });
const keyed = fc.record({
  id: partly(
    fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => `{${id.toUpperCase()}}`),
      fc.bigInt({ min: 0n, max: 2n ** 128n }),
    ),
  ),
  name: partly(text(60)),
});

interface RowSerializer {
  new (options: { readonly data: unknown }): {
    isValid(options: { readonly raiseException: boolean }): Promise<boolean>;
    save(): Promise<object>;
    toData(): Promise<object>;
  };
  representMany(rows: readonly object[]): Promise<object[]>;
}

/** What becomes of data that a client sends: the errors; or the answer, the row when it is read again, and the columns by whose value it is found. */
async function outcome(Serializer: RowSerializer, model: AnyModel, data: object): Promise<unknown> {
  try {
    await model.objects.delete();
    const serializer = new Serializer({ data });
    await serializer.isValid({ raiseException: true });
    await serializer.save();
    const rows = await model.objects.toArray();
    return { answer: await serializer.toData(), again: await Serializer.representMany(rows), found: await foundBy(model, rows) };
  } catch (error) {
    if (error instanceof APIException) return { status: error.status, detail: error.detail };
    throw error;
  }
}

async function foundBy(model: AnyModel, [row]: readonly object[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of model.columns.values()) {
    const value: unknown = Reflect.get(Object(row), name);
    if (kind !== "json" && name !== "id" && (await model.objects.filterUntrusted({ [name]: value }).exists())) found.push(name);
  }
  return found;
}

describeOnPostgres("serializers agree with SQLite", async (on) => {
  const labs = [await openLab(sqliteFile), await openLab(on)] as const;
  afterAll(() => Promise.all(labs.map((lab) => lab.close())));

  async function expectAgreement(pick: (lab: Lab) => readonly [RowSerializer, AnyModel], data: object): Promise<void> {
    const [sqlite, postgres] = await Promise.all(labs.map((lab) => outcome(...pick(lab), data)));
    expect(postgres).toEqual(sqlite);
  }

  test(
    "on columns of every kind",
    async () => {
      const made = new Map(labs.map((lab) => [lab, [ModelSerializer(lab.Item, { exclude: ["id"] }), lab.Item] as const]));
      await fc.assert(
        fc.asyncProperty(items, (data) => expectAgreement((lab) => made.get(lab)!, data)),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );

  test(
    "on moments and times of day",
    async () => {
      const made = new Map(labs.map((lab) => [lab, [ModelSerializer(lab.Moment, { exclude: ["id"] }), lab.Moment] as const]));
      await fc.assert(
        fc.asyncProperty(clocked, (data) => expectAgreement((lab) => made.get(lab)!, data)),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );

  test(
    "on keys that clients choose",
    async () => {
      const options = { fields: "__all__", extraKwargs: { id: { readOnly: false } } } as const;
      const made = new Map(labs.map((lab) => [lab, [ModelSerializer(lab.UuidThing, options), lab.UuidThing] as const]));
      await fc.assert(
        fc.asyncProperty(keyed, (data) => expectAgreement((lab) => made.get(lab)!, data)),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});
