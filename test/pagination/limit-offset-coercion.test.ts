import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimitOffsetPagination, WebsocketLimitOffsetPagination } from "../../src/pagination/limit-offset-pagination.ts";
import { APIException, ValidationError } from "../../src/protocol/exceptions.ts";
import { parseJson } from "../../src/protocol/json.ts";

class TwoToFour extends WebsocketLimitOffsetPagination {
  override readonly defaultLimit = 2;
  override readonly maxLimit = 4;
}

const paged = new TwoToFour();
const stock = new LimitOffsetPagination();

describe("limit", () => {
  test.each([
    [undefined, 2],
    [3, 3],
    [4, 4],
    [5, 4],
    [100, 4],
    [1e308, 4],
    [10n ** 400n, 4],
    [0, 2],
    [-1, 2],
    [-(10n ** 30n), 2],
    [0.9, 2],
    [2.9, 2],
    [3.9, 3],
    [true, 1],
    [false, 2],
    ["3", 3],
    [" +3 ", 3],
    ["1_0", 4],
    ["1__0", 2],
    ["_1", 2],
    ["٣", 3],
    ["𝟛", 3],
    ["1٠", 4],
    ["2.5", 2],
    ["3.0", 2],
    ["1e1", 2],
    ["0x3", 2],
    ["abc", 2],
    ["", 2],
    ["-", 2],
    ["3".repeat(5000), 2],
    ["3; DROP TABLE item", 2],
  ])("5.4 a limit of %o is used as %o where the default is 2 and the maximum 4", (limit, used) => {
    expect(paged.getLimit(limit === undefined ? {} : { limit })).toBe(used);
  });

  test.each([[null], [[]], [[1]], [{}], [{ $gt: 0 }], [Number.POSITIVE_INFINITY], [Number.NaN]])(
    "5.4 a limit or an offset of %o is a 400",
    (value) => {
      expect(() => paged.getLimit({ limit: value })).toThrow(
        expect.objectContaining({ status: 400, errors: [{ limit: ["A valid integer is required."] }] }),
      );
      expect(() => paged.getOffset({ offset: value })).toThrow(
        expect.objectContaining({ status: 400, errors: [{ offset: ["A valid integer is required."] }] }),
      );
    },
  );

  test("without a default a limit that is missing or no number leaves the list whole", () => {
    for (const args of [{}, { limit: "abc" }, { limit: 0 }, { limit: -5 }]) expect(stock.getLimit(args)).toBeNull();
  });

  test("without a maximum a limit is at most the largest safe integer", () => {
    for (const limit of [1e308, 2 ** 53, 10n ** 30n, "9".repeat(60)]) {
      expect(stock.getLimit({ limit })).toBe(Number.MAX_SAFE_INTEGER);
    }
  });

  test("a limit from the prototype is no limit", () => {
    expect(paged.getLimit(Object.create({ limit: 3 }))).toBe(2);
  });
});

describe("offset", () => {
  test.each([
    [undefined, 0],
    [0, 0],
    [3, 3],
    [-1, 0],
    ["x", 0],
    ["2", 2],
    [1.7, 1],
    [-0.5, 0],
    [true, 1],
    [1e308, Number.MAX_SAFE_INTEGER],
    [10n ** 30n, Number.MAX_SAFE_INTEGER],
  ])("an offset of %o is used as %o", (offset, used) => {
    expect(paged.getOffset(offset === undefined ? {} : { offset })).toBe(used);
  });
});

test("whatever a client sends, a limit is a whole number from 1 to the maximum or a 400", () => {
  fc.assert(
    fc.property(wireValues, wireValues, (limit, offset) => {
      try {
        const used = paged.getLimit({ limit });
        const start = paged.getOffset({ offset });
        expect(Number.isSafeInteger(used) && Number.isSafeInteger(start)).toBe(true);
        expect(used).toBeGreaterThanOrEqual(1);
        expect(used).toBeLessThanOrEqual(4);
        expect(start).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(APIException);
        expect(error).toBeInstanceOf(ValidationError);
      }
    }),
    { numRuns: 2000 },
  );
});

/** Everything that a frame's key can hold, with numbers in all their spellings. */
const wireValues = fc.oneof(
  fc.json().map((text) => parseJson(text)),
  fc.bigInt(),
  fc.double(),
  fc.integer().map(String),
  fc.stringMatching(/^[ +\-_0-9٠-٩.e]{0,12}$/u),
  fc.string({ unit: "binary" }),
);
