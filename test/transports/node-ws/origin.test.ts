import { expect, test } from "vitest";
import { isAllowedOrigin } from "../../../src/transports/node-ws/origin.ts";

test("1.3 a client without an Origin header is no browser and may connect", () => {
  expect(isAllowedOrigin(undefined, { host: "example.com", scheme: null }, [])).toBe(true);
});

test("the default port of the page's scheme may be left out on either side", () => {
  expect(isAllowedOrigin("https://example.com", { host: "example.com:443", scheme: null }, [])).toBe(true);
  expect(isAllowedOrigin("http://example.com:80", { host: "example.com", scheme: null }, [])).toBe(true);
  expect(isAllowedOrigin("https://example.com", { host: "example.com:80", scheme: null }, [])).toBe(false);
});

test("host names compare without case", () => {
  expect(isAllowedOrigin("https://Example.com", { host: "EXAMPLE.com", scheme: null }, [])).toBe(true);
});

test("a subdomain, a longer name and an opaque origin are other hosts", () => {
  for (const origin of ["https://a.example.com", "https://example.com.evil", "null", "file://", "", "not a url"]) {
    expect(isAllowedOrigin(origin, { host: "example.com", scheme: null }, [])).toBe(false);
  }
});

test("an opaque origin can be allowed by name, and the star allows everything", () => {
  expect(isAllowedOrigin("null", { host: "example.com", scheme: null }, ["null"])).toBe(true);
  expect(isAllowedOrigin("https://evil.example", { host: undefined, scheme: null }, "*")).toBe(true);
});

test("a request without Host has no own origin", () => {
  expect(isAllowedOrigin("https://example.com", { host: undefined, scheme: null }, [])).toBe(false);
});

test("a known scheme is compared too, and gives the host its default port", () => {
  const secure = { host: "example.com", scheme: "https" } as const;
  expect(isAllowedOrigin("https://example.com", secure, [])).toBe(true);
  expect(isAllowedOrigin("https://example.com:443", secure, [])).toBe(true);
  expect(isAllowedOrigin("http://example.com", secure, [])).toBe(false);
  expect(isAllowedOrigin("http://example.com:443", secure, [])).toBe(false);
  expect(isAllowedOrigin("http://example.com", secure, ["http://example.com"])).toBe(true);
});
