import fc from "fast-check";
import { expect, test } from "vitest";
import { ParseError } from "../../src/protocol/exceptions.ts";
import { readJsonMembers } from "../../src/routing/json-members.ts";

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Each member parsed, or null when the reader refuses the text. */
function readAll(text: string): [string, unknown][] | null {
  try {
    return [...readJsonMembers(text)].map(([name, value]) => [name, JSON.parse(value)]);
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
    return null;
  }
}

function parseAll(text: string): [string, unknown][] | null {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? Object.entries(value as object) : null;
  } catch {
    return null;
  }
}

const byName = (entries: [string, unknown][] | null): unknown => entries?.toSorted(([a], [b]) => (a < b ? -1 : 1)) ?? null;

// Most of its time goes into making ready all the strings that may come.
test("every JSON object is taken apart as JSON.parse would", { timeout: 60_000 }, () => {
  const spaces = fc.constantFrom("", " ", "\n\t", "\r\n ");
  const objects = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
  fc.assert(
    fc.property(objects, spaces, fc.constantFrom(0, 1, 2), (value, space, indent) => {
      const text = `${space}${JSON.stringify(value, null, indent)}${space}`;
      expect(byName(readAll(text))).toEqual(byName(parseAll(text)));
    }),
  );
});

test("what is nearly a JSON object is taken exactly when JSON.parse takes it", () => {
  const tokens = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"b"',
    '"\\"',
    "1",
    "-1.5e3",
    "true",
    "null",
    " ",
    "x",
    '"',
  );
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 12 }), (parts) => {
      const text = `{${parts.join("")}}`;
      expect(byName(readAll(text))).toEqual(byName(parseAll(text)));
    }),
    { numRuns: 3000 },
  );
});

test("a value is given as the text that was sent", () => {
  expect(readJsonMembers('{"n": 12345678901234567890, "s":"\\u00e9\\"", "o" : { "a" : [1, "}"] } }')).toEqual(
    new Map([
      ["n", "12345678901234567890"],
      ["s", '"\\u00e9\\""'],
      ["o", '{ "a" : [1, "}"] }'],
    ]),
  );
});

test("of a repeated name the last value counts", () => {
  expect(readJsonMembers('{"a":1,"\\u0061":2}').get("a")).toBe("2");
});

test("a hundred thousand levels of nesting and a million quotes are read without recursion", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(readJsonMembers(`{"a":${deep}}`).get("a")).toBe(deep);
  const quotes = `"${'\\"'.repeat(1_000_000)}"`;
  expect(readJsonMembers(`{"a":${quotes}}`).get("a")).toHaveLength(quotes.length);
});
