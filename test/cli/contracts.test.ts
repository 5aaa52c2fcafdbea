import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listen } from "../../src/transports/node-ws/listen.ts";
import { temporaryFolder } from "../models/temporary-folder.ts";
import { restwave } from "./run-command.ts";

const APPLICATION = new URL("application.ts", import.meta.url).pathname;
const BOARD = new URL("../../examples/board/routing.ts", import.meta.url).pathname;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  // A module is loaded once in a process: each test has its own.
  vi.resetModules();
});
afterEach(() => {
  delete process.env.DATABASE_URL;
  folder.remove();
});

describe("restwave schema", () => {
  test("writes both documents, with what stands at their head", async () => {
    const [asyncapi, openapi] = [folder.path("asyncapi.json"), folder.path("openapi.json")];
    const head = ["--title", "Board", "--api-version", "1.2.3", "--url", "https://example.com"];
    const files = ["--asyncapi", asyncapi, "--openapi", openapi];
    const result = await restwave("schema", "--routes", BOARD, "--database", folder.path("a.db"), ...files, ...head);
    expect(result).toEqual({ code: 0, out: `Wrote ${asyncapi}.\nWrote ${openapi}.\n`, err: "" });
    expect(JSON.parse(readFileSync(asyncapi, "utf8"))).toMatchObject({
      asyncapi: "3.0.0",
      info: { title: "Board", version: "1.2.3" },
    });
    expect(JSON.parse(readFileSync(openapi, "utf8"))).toMatchObject({
      openapi: "3.1.0",
      paths: { "/tasks/{pk}/": { patch: {} } },
    });
  });

  test("writes to the standard output where the file is a hyphen", async () => {
    const { code, out } = await restwave("schema", "--routes", APPLICATION, "--database", folder.path("b.db"), "--openapi", "-");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ openapi: "3.1.0" });
  });
});

test("restwave routes prints paths, resources, actions and permissions", async () => {
  const { code, out, err } = await restwave("routes", "--routes", BOARD, "--database", folder.path("c.db"));
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^\/ws\/\n {2}people \(stream\)\n {4}actions {6}cancel, settle, list, /);
  expect(out).toContain("    permissions  IsAuthenticated\n");
});

describe("restwave types", () => {
  test("declares what the routes serve, or the AsyncAPI document of a server", async () => {
    const fromRoutes = await restwave("types", "--routes", BOARD, "--database", folder.path("e.db"));
    expect(fromRoutes).toMatchObject({ code: 0, err: "", out: expect.stringContaining('export type Api = Routes["/ws/"];') });
    const { contractsHandler } = await import("../../src/contracts.ts");
    const { routes } = await import("../../examples/board/routing.ts");
    const handle = contractsHandler(routes);
    const server = createServer((request, response) => {
      const answer = handle(new Request(`http://localhost${request.url ?? "/"}`));
      void answer.text().then((text) => response.writeHead(answer.status).end(text));
    });
    const port = await listen(server, 0, "127.0.0.1");
    const url = `http://127.0.0.1:${port}`;
    const file = folder.path("api.ts");
    expect(await restwave("types", "--url", `${url}/asyncapi.json`, "--out", file)).toEqual({
      code: 0,
      out: `Wrote ${file}.\n`,
      err: "",
    });
    expect(readFileSync(file, "utf8")).toBe(fromRoutes.out);
    const missing = await restwave("types", "--url", `${url}/nothing.json`);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("got HTTP status 404") });
    server.close();
    server.closeAllConnections();
    expect(await restwave("types", "--url", "http://127.0.0.1:1/asyncapi.json")).toMatchObject({
      code: 1,
      err: expect.stringContaining("Cannot read"),
    });
  });
});

test("restwave routes says so when the application uses another copy of restwave", async () => {
  const { runCli } = await import("../../src/cli/run-cli.ts");
  vi.resetModules();
  process.env.DATABASE_URL = folder.path("d.db");
  const written: string[] = [];
  const io = { out: () => {}, err: (text: string) => void written.push(text), env: process.env, cwd: process.cwd() };
  expect(await runCli(["routes", "--routes", APPLICATION], io)).toBe(1);
  expect(written.join("")).toContain("to be of the same copy of restwave");
});

test.each([
  [["schema"], "Expected --asyncapi, --openapi or both"],
  [["schema", "--openapi", "-"], "Cannot find the module that exports your routes"],
  [["schema", "--routes", APPLICATION], "Expected --asyncapi, --openapi or both"],
  [["schema", "--wrong"], "--wrong"],
  [["types"], "Cannot find the module that exports your routes"],
  [["types", "--url", "http://localhost", "--routes", APPLICATION], "got both"],
  [["routes"], "looked for src/routing.ts"],
  [["routes", "extra"], 'Expected no argument "extra"'],
  [["routes", "--routes", "missing.ts"], "does not exist"],
])("restwave refuses %j with exit code 2 and says why", async (args, reason) => {
  expect(await restwave(...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(reason) });
});

test("restwave routes says so when a module exports no routing table, or several", async () => {
  writeFileSync(folder.path("none.mjs"), "export const routes = [];");
  const route = "{ pattern: 'a/', target: class AConsumer {}, match: () => null }";
  writeFileSync(folder.path("two.mjs"), `export const a = [${route}];\nexport const b = [${route}];`);
  const none = await restwave("routes", "--routes", folder.path("none.mjs"));
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining("exports no routing table") });
  const two = await restwave("routes", "--routes", folder.path("two.mjs"));
  expect(two).toMatchObject({ code: 2, err: expect.stringContaining("got a, b") });
});
