import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CursorSeal } from "../../src/pagination/cursor-seal.ts";

const seal = new CursorSeal("a secret that all servers share");

describe("a sealed text", () => {
  test("opens in its own context, with the same secret, in any process", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (context, text) => {
        expect(new CursorSeal("a secret that all servers share").open(context, seal.seal(context, text))).toBe(text);
      }),
    );
  });

  test("does not open in another context or with another secret", () => {
    const sealed = seal.seal("users", "text");
    expect(seal.open("posts", sealed)).toBeNull();
    expect(seal.open("", sealed)).toBeNull();
    expect(new CursorSeal("another").open("users", sealed)).toBeNull();
    expect(new CursorSeal().open("users", sealed)).toBeNull();
  });

  test("does not open when any one character of it is changed, added or left out", () => {
    const sealed = seal.seal("users", "some text");
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === "A" ? "B" : "A";
      expect(seal.open("users", sealed.slice(0, index) + other + sealed.slice(index + 1))).toBeNull();
      expect(seal.open("users", sealed.slice(0, index) + sealed.slice(index + 1))).toBeNull();
      expect(seal.open("users", `${sealed.slice(0, index)}A${sealed.slice(index)}`)).toBeNull();
    }
  });

  test("does not open for arbitrary strings", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.base64String()), (text) => {
        expect(seal.open("users", text)).toBeNull();
      }),
    );
  });

  test("does not move text between context and content", () => {
    expect(seal.open("a", seal.seal("ab", "c"))).toBeNull();
    expect(seal.seal("a", "bc").slice(0, 22)).not.toBe(seal.seal("ab", "c").slice(0, 22));
  });

  test("does not show the text", () => {
    const sealed = Buffer.from(seal.seal("users", "secret-value"), "base64url");
    expect(sealed.toString("latin1")).not.toContain("secret");
  });
});
