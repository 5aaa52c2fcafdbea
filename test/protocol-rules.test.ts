import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("./", import.meta.url);
const RULE = /^- \*\*(\d+\.\d+)\*\* /gm;
/** A title is the first argument of a call: `test("4.2 ..."`, `it.each(...)("4.2 ..."`. */
const NUMBERED_TITLE = /\(\s*["'`](\d+\.\d+) /g;

function numbersIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, number = ""]) => number);
}

const rules = numbersIn(readFileSync(new URL("../PROTOCOL.md", folder), "utf8"), RULE);
const tests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".test.ts"));
const proven = new Set(tests.flatMap((path) => numbersIn(readFileSync(new URL(path, folder), "utf8"), NUMBERED_TITLE)));

test("the rules of PROTOCOL.md have numbers, and no two the same", () => {
  expect(rules.length).toBeGreaterThan(40);
  expect(rules).toEqual([...new Set(rules)]);
});

test("every rule of PROTOCOL.md has a test with its number in the title", () => {
  expect(rules.filter((rule) => !proven.has(rule))).toEqual([]);
});

test("every number in a test's title is that of a rule", () => {
  expect([...proven].filter((number) => !rules.includes(number))).toEqual([]);
});
