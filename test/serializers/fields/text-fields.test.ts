import { describe, expect, test } from "vitest";
import { ValidationError } from "../../../src/protocol/exceptions.ts";
import { CharField } from "../../../src/serializers/fields/char-field.ts";
import { EmailField } from "../../../src/serializers/fields/email-field.ts";
import { RegexField } from "../../../src/serializers/fields/regex-field.ts";
import { SlugField } from "../../../src/serializers/fields/slug-field.ts";
import { URLField } from "../../../src/serializers/fields/url-field.ts";
import { UUIDField } from "../../../src/serializers/fields/uuid-field.ts";
import { refused, shown, validated } from "./run-field.ts";

describe("CharField", () => {
  test.each([
    ["  trimmed \u0085\u2003", "trimmed"],
    ["\ufeffkept", "\ufeffkept"],
    [42, "42"],
    [1.5, "1.5"],
    [10n ** 20n, "100000000000000000000"],
    ["é😀", "é😀"],
  ])("takes %s", async (data, value) => {
    expect(await validated(new CharField(), data)).toBe(value);
  });

  test.each([
    [true, "Not a valid string."],
    [JSON.parse("1e999"), "Not a valid string."],
    [-Infinity, "Not a valid string."],
    [[], "Not a valid string."],
    [{}, "Not a valid string."],
    ["", "This field may not be blank."],
    [" \t\n", "This field may not be blank."],
    [null, "This field may not be null."],
    ["a\0b", "Null characters are not allowed."],
    ["a\ud800b", "Surrogate characters are not allowed: U+D800."],
    ["\udc00", "Surrogate characters are not allowed: U+DC00."],
  ])("refuses %j with DRF's text", async (data, message) => {
    expect(await validated(new CharField(), data)).toEqual(refused(message));
  });

  test("counts code points, as Python does", async () => {
    const field = new CharField({ minLength: 2, maxLength: 3 });
    expect(await validated(field, "😀😀😀")).toBe("😀😀😀");
    expect(await validated(field, "😀")).toEqual(refused("Ensure this field has at least 2 characters."));
    expect(await validated(field, "😀😀😀😀")).toEqual(refused("Ensure this field has no more than 3 characters."));
  });

  test("keeps white space and blanks where it is told to", async () => {
    expect(await validated(new CharField({ trimWhitespace: false }), " x ")).toBe(" x ");
    expect(await validated(new CharField({ trimWhitespace: false }), " ")).toBe(" ");
    expect(await validated(new CharField({ allowBlank: true }), "  ")).toBe("");
  });

  test("reports every check that fails, the given ones first", async () => {
    const field = new CharField({
      maxLength: 1,
      validators: [
        async (value) => {
          if (value !== "x") throw new ValidationError("Only x.");
        },
      ],
    });
    expect(await validated(field, "x")).toBe("x");
    expect(await validated(field, "yy")).toEqual(refused("Only x.", "Ensure this field has no more than 1 characters."));
  });

  test("takes messages of its own", async () => {
    const field = new CharField({ maxLength: 2, errorMessages: { max_length: "At most {max_length}!", required: "Please." } });
    expect(await validated(field, "abc")).toEqual(refused("At most 2!"));
  });
});

describe("EmailField", () => {
  test.each([
    "a@b.co",
    "a.b+c@example.com",
    '"test@test"@example.com',
    "x@localhost",
    "x@[127.0.0.1]",
    "x@[::1]",
    "x@exämple.com",
    "A@B.CO",
  ])("takes %s", async (email) => {
    expect(await validated(new EmailField(), email)).toBe(email);
  });

  test.each([
    "x",
    "@b.co",
    "a@",
    "a@b",
    "a b@c.de",
    "a@-b.co",
    "a@b..co",
    "a@b.c-",
    "x@[1.2.3]",
    `${"a".repeat(320)}@b.co`,
    "a@b.co\n.x",
  ])("refuses %j", async (email) => {
    expect(await validated(new EmailField(), email)).toEqual(refused("Enter a valid email address."));
  });
});

describe("URLField", () => {
  test.each([
    "http://example.com",
    "https://example.com:8000/a?b=c#d",
    "ftp://x.org/",
    "http://localhost:1",
    "http://127.0.0.1/",
    "http://[::1]:80/",
    "http://user:pw@example.com/",
    "http://exämple.com/",
  ])("takes %s", async (url) => {
    expect(await validated(new URLField(), url)).toBe(url);
  });

  test.each([
    "example.com",
    "http://",
    "javascript:alert(1)",
    "http://a b.com",
    "http://-x.com",
    "http://x",
    "http://256.1.1.1/",
    "http://[::z]/",
    "http://x.com:999999/",
  ])("refuses %j", async (url) => {
    expect(await validated(new URLField(), url)).toEqual(refused("Enter a valid URL."));
  });
});

describe("SlugField and RegexField", () => {
  test("a slug holds letters, digits, underscores and hyphens", async () => {
    expect(await validated(new SlugField(), "a_B-9")).toBe("a_B-9");
    const message = 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.';
    expect(await validated(new SlugField(), "a b")).toEqual(refused(message));
    expect(await validated(new SlugField(), "é")).toEqual(refused(message));
  });

  test("a pattern is tried afresh on every value, whatever its flags", async () => {
    const field = new RegexField(/^\d+$/g);
    expect(await validated(field, "12")).toBe("12");
    expect(await validated(field, "12")).toBe("12");
    expect(await validated(field, "1x")).toEqual(refused("This value does not match the required pattern."));
  });
});

describe("UUIDField", () => {
  const uuid = "00000000-0000-0000-0000-0000000000aa";

  test.each([
    "00000000-0000-0000-0000-0000000000AA",
    "000000000000000000000000000000aa",
    `{${uuid}}`,
    `urn:uuid:${uuid}`,
    170,
    170n,
  ])("takes %s in its canonical form", async (data) => {
    expect(await validated(new UUIDField(), data)).toBe(uuid);
  });

  test.each(["zzz", "", 1.5, -1, 2n ** 128n, [], {}])("refuses %s", async (data) => {
    expect(await validated(new UUIDField(), data)).toEqual(refused("Must be a valid UUID."));
  });

  test("shows it as it stands in the row", async () => {
    expect(await shown(new UUIDField(), uuid)).toBe(uuid);
  });
});
