import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AllowAny as Everybody } from "../../src/permissions/allow-any.ts";
import { describe, expect, test } from "vitest";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { action } from "../../src/consumers/action.ts";
import { describeRoutes } from "../../src/contracts/describe-routes.ts";
import { builtPageFolder } from "../../src/explorer/page-files.ts";
import { path } from "../../src/routing/path.ts";
import { get, startExplored } from "./start-explored.ts";
import { startServer } from "../transports/test-server.ts";

class EchoConsumer extends AsyncAPIConsumer {
  echo = action((args) => args);
}

const routes = [path("ws/", EchoConsumer)];

describe("the page", () => {
  test("is answered with a policy that lets it load its own files and call its own server, nothing else", async () => {
    const server = await startExplored({ routes });
    const { status, headers, text } = await server.get("/explorer/", { headers: { host: `localhost:${server.port}` } });
    expect(status).toBe(200);
    expect(text).toBe("<!doctype html><title>Page</title>");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://localhost:${server.port} wss://localhost:${server.port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
  });

  test("is found at /explorer too, with its query", async () => {
    const server = await startExplored({ routes });
    expect(await server.get("/explorer?tab=1")).toMatchObject({ status: 308, headers: { location: "/explorer/?tab=1" } });
  });

  test("finds its own way below /explorer/; a file that is not there is 404", async () => {
    const server = await startExplored({ routes });
    expect((await server.get("/explorer/users/3")).text).toContain("<title>Page");
    expect((await server.get("/explorer/assets/gone-12345678.js")).status).toBe(404);
  });

  test("has assets that are kept for ever, since their names change with their content", async () => {
    const server = await startExplored({ routes });
    const { headers, text } = await server.get("/explorer/assets/index-D3adB33f.js");
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    expect(text).toBe("export {};");
  });

  test("is not sent again to who has it, until it changes", async () => {
    const server = await startExplored({ routes });
    const { headers } = await server.get("/explorer/");
    const again = { headers: { "if-none-match": `W/${headers.etag}` } };
    expect(await server.get("/explorer/", again)).toMatchObject({ status: 304, text: "" });
    await writeFile(join(server.folder, "index.html"), "<!doctype html><title>New</title>");
    expect((await server.get("/explorer/", again)).text).toContain("New");
  });

  test("HEAD is answered as GET without a body", async () => {
    const server = await startExplored({ routes });
    const { status, headers, text } = await server.get("/explorer/", { method: "HEAD" });
    expect([status, headers["content-length"], text]).toEqual([200, "34", ""]);
  });

  test.each([
    "/explorer/../secret.txt",
    "/explorer/%2e%2e/secret.txt",
    "/explorer/..%2fsecret.txt",
    "/explorer/..%5csecret.txt",
    "/explorer/assets/..%2f..%2fsecret.txt",
    "/explorer//secret.txt",
    "/explorer/%2fetc%2fpasswd.txt",
    "/explorer/index.html%00.txt",
    "/explorer/%zz.txt",
    "/explorer/assets.js",
  ])("%s leads to no file outside of its folder", async (each) => {
    const server = await startExplored({ routes });
    const { status, text } = await server.get(each);
    expect(status).toBe(404);
    expect(text).not.toContain("not the page's");
  });

  test("says how it is built where it is not", async () => {
    const server = await startExplored({ routes });
    await rm(server.folder, { recursive: true });
    const { status, text, headers } = await server.get("/explorer/");
    expect(status).toBe(503);
    expect(text).toContain("npm run build:explorer");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });

  test("is looked for in the package's dist folder, also when the server runs from source", () => {
    expect(builtPageFolder()).toBe(join(import.meta.dirname, "../../dist/explorer-page"));
  });

  test("a Host header that is no host is not repeated in the policy", async () => {
    const { explorer } = await startExplored({ routes }, { permissionClasses: [Everybody] });
    const request = new Request("http://localhost/explorer/", { headers: { host: "a; script-src *" } });
    const answer = await explorer.handle(request);
    expect(answer?.headers.get("content-security-policy")).toContain("connect-src 'self';");
  });
});

describe("the contract", () => {
  test("is that of the live routes, without the inspector", async () => {
    const server = await startServer(EchoConsumer, { explorer: { title: "Echo", version: "1.2.3" } });
    const { headers, text } = await get(server.port, "/explorer/contract.json");
    expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    expect(JSON.parse(text)).toEqual({
      title: "Echo",
      version: "1.2.3",
      contract: JSON.parse(JSON.stringify(describeRoutes([{ ...path("^ws/$", EchoConsumer), pattern: /^ws\/$/ }]))),
      httpPrefix: null,
      logsInAs: false,
      takesTokens: false,
    });
  });

  test("says where HTTP is, and whether one may log in", async () => {
    const server = await startServer(EchoConsumer, {
      explorer: { users: () => [] },
      httpApi: { prefix: "/v1" },
      authenticateToken: () => null,
    });
    const { text } = await get(server.port, "/explorer/contract.json");
    expect(JSON.parse(text)).toMatchObject({ httpPrefix: "/v1/", logsInAs: true, takesTokens: true });
  });

  test("the inspector is no resource of the HTTP binding", async () => {
    const server = await startServer(EchoConsumer, { explorer: true, httpApi: true });
    expect((await get(server.port, "/api/echos/echo/", { method: "POST" })).status).toBe(200);
    for (const name of ["inspectors", "inspector", "explorer"])
      expect((await get(server.port, `/api/${name}/watch/`, { method: "POST" })).status).toBe(404);
  });
});
