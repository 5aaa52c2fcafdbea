import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeJson, JsonText, parseJson, UnserializableError } from "../../src/protocol/json.ts";
import { ParseError } from "../../src/protocol/exceptions.ts";

describe("parseJson", () => {
  test("an integer beyond 2^53 is a bigint with all its digits, everything else is what JSON.parse gives", () => {
    const text =
      '{"big": 12345678901234567890, "text": "12345678901234567890", "neg": -9007199254740993, "safe": 9007199254740991, "e": 1e300}';
    expect(parseJson(text)).toEqual({
      big: 12345678901234567890n,
      text: "12345678901234567890",
      neg: -9007199254740993n,
      safe: 9007199254740991,
      e: 1e300,
    });
  });

  test("any JSON value survives being written and read", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(encodeJson(parseJson(text))).toBe(text);
      }),
    );
  });

  test("any integer survives being read and written, digit by digit", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        const json = `{"n":${number},"s":${JSON.stringify(text)},"l":[${number}]}`;
        expect(encodeJson(parseJson(json))).toBe(json);
      }),
    );
  });

  test("strings that look like the parser's own marks stay strings", () => {
    expect(parseJson('["#12345678901234567890", "##1", "\\u002312345678901234567890", 12345678901234567890]')).toEqual([
      "#12345678901234567890",
      "##1",
      "#12345678901234567890",
      12345678901234567890n,
    ]);
  });

  test("a megabyte of text around a long number is read", () => {
    const long = 'x\\"'.repeat(400_000);
    expect(parseJson(`{"s":"${long}","n":12345678901234567890}`)).toMatchObject({ n: 12345678901234567890n });
  });

  test.each(["", " ", "{not json", '{"a":1} x', "\ufeff{}", "NaN", "[Infinity]", "{'a':1}", "01", '{"a":12345678901234567890'])(
    "%j is no JSON: ParseError",
    (text) => {
      expect(() => parseJson(text)).toThrow(ParseError);
    },
  );

  test("nesting beyond the limit is a ParseError, brackets in strings do not count", () => {
    expect(() => parseJson("[".repeat(1001) + "]".repeat(1001))).toThrow(ParseError);
    expect(() => parseJson('{"a":'.repeat(10_000) + "1" + "}".repeat(10_000))).toThrow(ParseError);
    expect(parseJson("[".repeat(1000) + "]".repeat(1000))).toBeInstanceOf(Array);
    expect(parseJson(JSON.stringify(['["\\' + "[".repeat(3000)]))).toHaveLength(1);
  });
});

describe("encodeJson", () => {
  test("writes what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(encodeJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  test("NaN and the infinities are null, undefined is left out, a Date is its ISO text", () => {
    expect(encodeJson({ a: NaN, b: [Infinity, -Infinity], c: undefined, d: new Date(0) })).toBe(
      '{"a":null,"b":[null,null],"d":"1970-01-01T00:00:00.000Z"}',
    );
    expect(encodeJson({ a: NaN, b: 1n, c: undefined, d: [undefined] })).toBe('{"a":null,"b":1,"d":[null]}');
    expect(encodeJson(undefined)).toBe("null");
  });

  test("finished JSON is spliced at any depth", () => {
    expect(encodeJson({ count: 1, results: new JsonText("[{}]") })).toBe('{"count":1,"results":[{}]}');
    expect(encodeJson([{ a: { b: new JsonText("7") } }])).toBe('[{"a":{"b":7}}]');
  });

  test("what JSON cannot hold is an error, never silence", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const deep = JSON.parse("[".repeat(5000) + "]".repeat(5000)) as unknown[];
    for (const value of [new Set([1]), { m: new Map() }, [() => 1], Symbol("x"), cycle, { a: 1n, cycle }, [1n, deep]]) {
      expect(() => encodeJson(value)).toThrow(UnserializableError);
    }
  });
});
