import { expect, test } from "vitest";
import { matchesMessage, type MessageMatcher } from "../../../src/testing/fault-proxy/message-matcher.ts";

const text = '{"action":"create","data":{"id":1,"tags":["a"]},"big":18446744073709551616}';

test.each<[string, MessageMatcher, boolean]>([
  ["a part of the text", '"create"', true],
  ["the empty text", "", true],
  ["what is not in the text", "delete", false],
  ["an expression", /"id":\d/, true],
  ["an expression that does not fit", /^create/, false],
  ["members that are equal, however deep", { action: "create", data: { id: 1, tags: ["a"] } }, true],
  ["an integer that only bigint can hold", { big: 2n ** 64n }, true],
  ["a member that differs", { action: "create", data: { id: 1 } }, false],
  ["a member that is missing", { request_id: 1 }, false],
  ["a function that says yes", (message) => JSON.stringify(Object.keys(Object(message))).includes("data"), true],
  ["a function that says no", () => false, false],
])("a message is found by %s: %s is %s", (_title, matcher, expected) => {
  expect(matchesMessage(matcher, text)).toBe(expected);
});

test("an expression that remembers its place finds every message", () => {
  const matcher = /create/g;
  expect([matchesMessage(matcher, text), matchesMessage(matcher, text)]).toEqual([true, true]);
});

test("text that is not JSON, and JSON without members, is passed over", () => {
  for (const other of ["create", "{", "null", "1", '"action"']) expect(matchesMessage({ action: "create" }, other)).toBe(false);
  const asked: unknown[] = [];
  matchesMessage((message) => asked.push(message) > 0, "create");
  expect(asked).toEqual([]);
});
