import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SEARCH_LENGTH, MAX_SEARCH_TERMS, parseSearchTerms } from "../../src/filters/parse-search-terms.ts";
import { ValidationError } from "../../src/protocol/exceptions.ts";

describe("a search text", () => {
  test.each([
    ["", []],
    ["   ", []],
    ["one", ["one"]],
    ["  one   two\tthree ", ["one", "two", "three"]],
    ["one,two , three,", ["one", "two", "three"]],
    ['"two words" three', ["two words", "three"]],
    ["'two words',three", ["'two words'", "three"]],
    [",'two words',", ["two words"]],
    [String.raw`"say \"hi\""`, ['say "hi"']],
    ['"unclosed term', ['"unclosed', "term"]],
    ["it's", ["it's"]],
    [`a"b c"d`, [`a"b c"d`]],
    ["grüße 😀", ["grüße", "😀"]],
    ['""', []],
  ])("%j is split into %j", (text, terms) => {
    expect(parseSearchTerms(text)).toEqual(terms);
  });

  test.each([undefined, null])("%j is no search", (search) => {
    expect(parseSearchTerms(search)).toEqual([]);
  });

  test.each([5, true, [], ["a"], {}, { $ne: null }, 10n])("%o is a 400", (search) => {
    expect(() => parseSearchTerms(search)).toThrow(expect.objectContaining({ errors: [{ search: ["Not a valid string."] }] }));
  });

  test.each([
    ["too long", "a".repeat(MAX_SEARCH_LENGTH + 1)],
    ["of too many terms", "a ".repeat(MAX_SEARCH_TERMS + 1)],
    ["with a null character", "a\0b"],
    ["with a lone surrogate", "a\ud800"],
  ])("one %s is a 400", (_kind, text) => {
    expect(() => parseSearchTerms(text)).toThrow(ValidationError);
  });

  test("gives bounded, non-empty terms or a 400, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.stringMatching(/^["', \\a]{0,256}$/)), (text) => {
        try {
          const terms = parseSearchTerms(text);
          expect(terms.length).toBeLessThanOrEqual(MAX_SEARCH_TERMS);
          for (const term of terms) expect(term).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(ValidationError);
        }
      }),
    );
  });
});
