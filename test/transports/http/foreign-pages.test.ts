import { describe, expect, test } from "vitest";
import { createHttpHandler, type HttpApiOptions } from "../../../src/http.ts";
import { action, AsyncAPIConsumer, path } from "../../../src/index.ts";

class CounterConsumer extends AsyncAPIConsumer {
  add = action(() => ({ added: true }));
}

const OWN = "http://api.example";
const FOREIGN = "https://evil.example";

async function ask(init: RequestInit, options: Partial<HttpApiOptions> = {}): Promise<Response> {
  const api = createHttpHandler({ routes: [path("ws/", CounterConsumer)], ...options });
  const response = await api(new Request(`${OWN}/api/counters/add/`, { method: "POST", ...init }));
  if (response === null) throw new TypeError("Expected an answer.");
  return response;
}

const from = (origin: string, headers: Record<string, string> = {}) => ({ headers: { origin, ...headers } });
const preflight = (origin: string) => ({ method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });

describe("writes of foreign pages", () => {
  test("11.11 are refused, whatever they send", async () => {
    for (const init of [
      from(FOREIGN),
      from("null"),
      from("http://api.example.evil"),
      { headers: { "sec-fetch-site": "cross-site" } },
    ]) {
      const response = await ask(init);
      expect(response.status).toBe(403);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("the server's own pages, and who is no browser, may write", async () => {
    for (const init of [from(OWN), from("https://api.example"), {}, { headers: { "sec-fetch-site": "same-origin" } }])
      expect((await ask(init)).status).toBe(200);
  });

  test("behind a trusted proxy its host and scheme are the server's own", async () => {
    const forwarded = { "x-forwarded-host": "shop.example", "x-forwarded-proto": "https" };
    expect((await ask(from("https://shop.example", forwarded), { trustProxy: true })).status).toBe(200);
    expect((await ask(from("http://shop.example", forwarded), { trustProxy: true })).status).toBe(403);
    expect((await ask(from("https://shop.example", forwarded))).status).toBe(403);
  });

  test("the origins whose pages may open sockets may write, but not read", async () => {
    const response = await ask(from(FOREIGN), { allowedOrigins: [FOREIGN] });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});

describe("CORS", () => {
  const cors = { origins: [FOREIGN] };

  test("11.11 is off by default: a preflight is answered without permission", async () => {
    const response = await ask(preflight(FOREIGN));
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(response.headers.get("vary")).toBe("Accept");
  });

  test("an origin that is named may send and read", async () => {
    const response = await ask(from(FOREIGN), { cors });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe(FOREIGN);
    expect(response.headers.get("access-control-expose-headers")).toContain("Location");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("vary")).toBe("Accept, Origin");
  });

  test("a preflight says which methods and headers are allowed, and for how long", async () => {
    const response = await ask(preflight(FOREIGN), { cors: { ...cors, maxAge: 60, allowedHeaders: ["X-Team"] } });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": FOREIGN,
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Team",
      "access-control-max-age": "60",
    });
  });

  test("an origin that is not named gets nothing, and caches are told", async () => {
    const refused = await ask(from("https://other.example"), { cors });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    expect(refused.headers.get("vary")).toBe("Accept, Origin");
    expect((await ask(preflight("https://other.example"), { cors })).headers.get("access-control-allow-methods")).toBeNull();
  });

  test("an error is readable too", async () => {
    const refusing = () => null;
    const response = await ask(
      { ...from(FOREIGN, { "content-type": "text/plain" }), body: "x" },
      { cors, authenticate: refusing },
    );
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([415, FOREIGN]);
  });

  test("without `credentials` a foreign page cannot write with the user's cookies: a POST without a body needs no preflight", async () => {
    const headers = { cookie: "session=1" };
    expect((await ask(from(FOREIGN, headers), { cors })).status).toBe(403);
    expect((await ask(from(FOREIGN, headers), { cors: { origins: "*" } })).status).toBe(403);
    expect((await ask(from(FOREIGN, { authorization: "Basic eDp5" }), { cors })).status).toBe(403);
    expect((await ask(from(FOREIGN, { authorization: "Bearer x" }), { cors })).status).toBe(200);
    const response = await ask(from(FOREIGN, headers), { cors: { ...cors, credentials: true } });
    expect([response.status, response.headers.get("access-control-allow-credentials")]).toEqual([200, "true"]);
  });

  test("all origins with credentials are a mistake", async () => {
    await expect(ask({}, { cors: { origins: "*", credentials: true } })).rejects.toThrow(/by name/);
    expect((await ask(from(FOREIGN), { cors: { origins: "*" } })).headers.get("access-control-allow-origin")).toBe("*");
  });
});
