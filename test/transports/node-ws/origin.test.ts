import { expect, test } from "vitest";
import { isAllowedOrigin } from "../../../src/transports/node-ws/origin.ts";

test("a client without an Origin header is no browser and may connect", () => {
  expect(isAllowedOrigin(undefined, "example.com", [])).toBe(true);
});

test("the default port of the page's scheme may be left out on either side", () => {
  expect(isAllowedOrigin("https://example.com", "example.com:443", [])).toBe(true);
  expect(isAllowedOrigin("http://example.com:80", "example.com", [])).toBe(true);
  expect(isAllowedOrigin("https://example.com", "example.com:80", [])).toBe(false);
});

test("host names compare without case", () => {
  expect(isAllowedOrigin("https://Example.com", "EXAMPLE.com", [])).toBe(true);
});

test("a subdomain, a longer name and an opaque origin are other hosts", () => {
  for (const origin of ["https://a.example.com", "https://example.com.evil", "null", "file://", "", "not a url"]) {
    expect(isAllowedOrigin(origin, "example.com", [])).toBe(false);
  }
});

test("an opaque origin can be allowed by name, and the star allows everything", () => {
  expect(isAllowedOrigin("null", "example.com", ["null"])).toBe(true);
  expect(isAllowedOrigin("https://evil.example", undefined, "*")).toBe(true);
});

test("a request without Host has no own origin", () => {
  expect(isAllowedOrigin("https://example.com", undefined, [])).toBe(false);
});
