import fc from "fast-check";
import type { ThingValues } from "./sqlite-things.ts";

export const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 });

const EARLIEST = new Date("0001-01-01T00:00:00Z");
const LATEST = new Date("9999-12-31T23:59:59.999Z");

export const moments = fc.date({ min: EARLIEST, max: LATEST, noInvalidDate: true });
const micros = fc.integer({ min: 0, max: 999_999 }).map((count) => (count === 0 ? "" : `.${String(count).padStart(6, "0")}`));
export const momentTexts = fc
  .tuple(moments, fc.oneof(micros, fc.constant("")))
  .map(([date, part]) => `${date.toISOString().slice(0, 19)}${part}Z`);

/** Letters whose cases are not one to one, depend on their place, or are new to Unicode. */
const FOLDING = [
  "Σ",
  "σ",
  "ı",
  "I",
  "i\u0307",
  "ŉ",
  "ǅ",
  "ﬁ",
  "ẞ",
  "ΐ",
  "Ꭰ",
  "ꭰ",
  "ა",
  "Ა",
  "\u1c89",
  "\u{10400}",
  "\u{10d50}",
  "\u0345",
  "ᾳ",
  "K",
];

export const texts = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(
        '"',
        "\\",
        "/",
        "\b",
        "\f",
        "\n",
        "\r",
        "\t",
        "\u007f",
        "\u2028",
        "\u2029",
        "\ufeff",
        "ß",
        "İ",
        "ς",
        "%",
        "_",
        ...FOLDING,
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    ),
  })
  .map((text) => text.replaceAll("\0", "\u0001"));
export const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
export const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), fc.constantFrom(1n, 1000n, 10n ** 9n))
  .map(([units, scale]) => decimalText(units / scale));

function decimalText(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(4, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

export const jsonValues = fc.jsonValue().filter((value) => value !== null);

/** What the columns of SQLite's `thing` may be given, NULL among it. */
export const thingArbitraries = {
  whole: nullable(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }))),
  flag: nullable(fc.boolean()),
  seconds: nullable(moments),
  millis: nullable(moments),
  label: nullable(texts),
  state: nullable(fc.constantFrom("open", "closed")),
  payload: nullable(jsonValues),
  ratio: nullable(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  huge: nullable(int64),
  bytes: nullable(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  blobBig: nullable(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })),
  price: nullable(decimals),
  moment: nullable(momentTexts),
  day: nullable(moments.map((date) => date.toISOString().slice(0, 10))),
  clock: nullable(momentTexts.map((text) => text.slice(11, -1))),
  key: nullable(fc.uuid()),
} as const;

const { payload: _payload, state: _state, ...plain } = thingArbitraries;

/** Rows of `thing` with every kind of value, NULL among them. */
export const thingValues: fc.Arbitrary<ThingValues> = fc.record(plain);
