import { createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findChromium, findPostgres, findRedis, verdict, type Service } from "./services.ts";

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

test("a Redis is recognised by its answer to PING", async () => {
  const port = await listen("+PONG\r\n");
  expect(await findRedis({ RESTWAVE_REDIS_URL: `redis://127.0.0.1:${port}` })).toMatchObject({ available: true });
});

test("another server on Redis's port is not taken for one", async () => {
  const port = await listen("HTTP/1.1 400 Bad Request\r\n\r\n");
  expect(await findRedis({ RESTWAVE_REDIS_URL: `redis://127.0.0.1:${port}` })).toMatchObject({ available: false });
});

test("a PostgreSQL that refuses the role or the database is not available", async () => {
  const [willing, unwilling] = [await listen("R\0\0\0\x08\0\0\0\0"), await listen("E\0\0\0\x05\0")];
  expect(await findPostgres({ RESTWAVE_POSTGRES_URL: `postgres://a:b@127.0.0.1:${willing}/c` })).toMatchObject({
    available: true,
  });
  expect(await findPostgres({ RESTWAVE_POSTGRES_URL: `postgres://a:b@127.0.0.1:${unwilling}/c` })).toMatchObject({
    available: false,
  });
});

test("a missing service skips its tests, and fails them where services are required", () => {
  const missing: Service = { name: "Redis", available: false, reason: "", how: "", address: "" };
  expect(verdict(missing, {})).toBe("skip");
  expect(verdict(missing, { RESTWAVE_REQUIRE_SERVICES: "1" })).toBe("fail");
  expect(verdict({ ...missing, available: true }, { RESTWAVE_REQUIRE_SERVICES: "1" })).toBe("run");
});
