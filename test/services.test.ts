import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  describeWith,
  findBun,
  findChromium,
  findDeno,
  findNode,
  findPostgres,
  findPython,
  findRedis,
  services,
  verdict,
  type Service,
} from "./services.ts";

async function listen(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.end(Buffer.from(answer, "latin1")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

test("Chromium is the executable that RESTWAVE_CHROMIUM names", () => {
  expect(findChromium({ RESTWAVE_CHROMIUM: process.execPath })).toMatchObject({ available: true, address: process.execPath });
});

test("a RESTWAVE_CHROMIUM that is no executable is not replaced by another browser", () => {
  const found = findChromium({ ...process.env, RESTWAVE_CHROMIUM: "/nowhere/chromium" });
  expect(found).toMatchObject({ available: false, reason: "/nowhere/chromium is not executable" });
});

test("Bun and Deno are found where scripts/services.sh has kept them, after what is chosen and what is in PATH", async () => {
  const cache = await mkdtemp(join(tmpdir(), "restwave-cache-"));
  onTestFinished(() => rm(cache, { recursive: true }));
  const env = { PATH: "", XDG_CACHE_HOME: cache };
  expect(findBun(env)).toMatchObject({ available: false, how: expect.stringContaining("scripts/services.sh bun") });
  for (const name of ["bun", "deno"]) {
    await mkdir(join(cache, `restwave-${name}`));
    await symlink(process.execPath, join(cache, `restwave-${name}`, name));
  }
  expect(findBun(env).address).toBe(join(cache, "restwave-bun", "bun"));
  expect(findDeno(env).address).toBe(join(cache, "restwave-deno", "deno"));
  expect(findDeno({ ...env, PATH: join(cache, "restwave-deno"), XDG_CACHE_HOME: "/nowhere" }).available).toBe(true);
  expect(findBun({ ...env, RESTWAVE_BUN: "/nowhere/bun" }).available).toBe(false);
});

test("a Redis is recognised by its answer to PING", async () => {
  const port = await listen("+PONG\r\n");
  expect(await findRedis({ RESTWAVE_REDIS_URL: `redis://127.0.0.1:${port}` })).toMatchObject({ available: true });
});

test("another server on Redis's port is not taken for one", async () => {
  const port = await listen("HTTP/1.1 400 Bad Request\r\n\r\n");
  expect(await findRedis({ RESTWAVE_REDIS_URL: `redis://127.0.0.1:${port}` })).toMatchObject({ available: false });
});

test("a PostgreSQL that refuses the role is not available", async () => {
  const refusal = Buffer.from('SFATAL\0C28000\0Mrole "a" does not exist\0\0', "latin1");
  const head = Buffer.from([0x45, 0, 0, 0, refusal.length + 4]);
  const port = await listen(Buffer.concat([head, refusal]).toString("latin1"));
  expect(await findPostgres({ RESTWAVE_POSTGRES_URL: `postgres://a:b@127.0.0.1:${port}/c` })).toMatchObject({
    available: false,
    reason: `127.0.0.1:${port} says: role "a" does not exist`,
  });
});

test("a place where nothing listens is no PostgreSQL", async () => {
  expect(await findPostgres({ RESTWAVE_POSTGRES_URL: "postgres://a:b@127.0.0.1:1/c" })).toMatchObject({ available: false });
});

describeWith(services.postgres, "a PostgreSQL that is there", () => {
  test("is available to a role that it knows, and not to another", async () => {
    const url = new URL(services.postgres.address);
    expect(await findPostgres({ RESTWAVE_POSTGRES_URL: url.href })).toMatchObject({ available: true, address: url.href });
    url.username = "restwave_nobody";
    expect(await findPostgres({ RESTWAVE_POSTGRES_URL: url.href })).toMatchObject({ available: false, address: "" });
  });
});

test("a missing service skips its tests, and fails them where services are required", () => {
  const missing: Service = { name: "Redis", available: false, reason: "", how: "", address: "" };
  expect(verdict(missing, {})).toBe("skip");
  expect(verdict(missing, { RESTWAVE_REQUIRE_SERVICES: "1" })).toBe("fail");
  expect(verdict({ ...missing, available: true }, { RESTWAVE_REQUIRE_SERVICES: "1" })).toBe("run");
});

test("a Node with a WebSocket is this one, or one that was chosen or kept", () => {
  expect(findNode({}, true).address).toBe(process.execPath);
  const env = { HOME: "/nowhere", PATH: process.env.PATH };
  expect(findNode(env, false)).toMatchObject({ available: false, how: expect.stringContaining("scripts/services.sh node") });
  expect(findNode({ ...env, RESTWAVE_NODE: process.execPath }, false).address).toBe(process.execPath);
});

test("a Python without websockets is none", () => {
  const found = findPython({ ...process.env, RESTWAVE_PYTHON: "/nowhere/python3" });
  expect(found).toMatchObject({ available: false, how: expect.stringContaining("scripts/services.sh python") });
});
