import { describe, expect, test } from "vitest";
import { ParseError } from "../../src/protocol/exceptions.ts";
import { parseRequestId } from "../../src/protocol/request-id.ts";

describe("2.2 request_id", () => {
  test.each([null, true, false, 0, -1.5, 12345678901234567890n, "", "x".repeat(128), "é".repeat(64)])(
    "%s is taken as it is",
    (value) => {
      expect(parseRequestId(value)).toBe(value);
    },
  );

  test("left out, it is null", () => {
    expect(parseRequestId(undefined)).toBeNull();
  });

  test.each([[[]], [{}], ["x".repeat(129)], ["é".repeat(65)], [10n ** 200n], [Infinity]])("%s is refused", (value) => {
    expect(() => parseRequestId(value)).toThrow(ParseError);
  });
});
