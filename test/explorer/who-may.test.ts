import { afterEach, describe, expect, test, vi } from "vitest";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { action } from "../../src/consumers/action.ts";
import { IsAdminUser } from "../../src/permissions/is-admin-user.ts";
import { BasePermission } from "../../src/permissions/base-permission.ts";
import { ImproperlyConfigured, NotAuthenticated } from "../../src/protocol/exceptions.ts";
import { path } from "../../src/routing/path.ts";
import { UserRateThrottle } from "../../src/throttling/user-rate-throttle.ts";
import { serve } from "../../src/transports/node-ws/serve.ts";
import type { HandshakeRequest } from "../../src/consumers/authenticate.ts";
import { ask, connect, get, startExplored } from "./start-explored.ts";
import { startServer } from "../transports/test-server.ts";

class EchoConsumer extends AsyncAPIConsumer {
  echo = action((args) => args);
}

const routes = [path("ws/", EchoConsumer)];
const PATHS = ["/explorer/", "/explorer/contract.json", "/explorer/assets/index-D3adB33f.js", "/explorer"];

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("without permission classes", () => {
  test("who is on this machine may open the page, the contract and the inspector", async () => {
    const server = await startExplored({ routes });
    for (const host of [`localhost:${server.port}`, `127.0.0.1:${server.port}`, "[::1]", "LOCALHOST"]) {
      expect((await server.get("/explorer/", { headers: { host } })).status, host).toBe(200);
      expect((await server.get("/explorer/contract.json", { headers: { host } })).status, host).toBe(200);
    }
    const inspector = await server.connect("/explorer/ws/");
    expect(await ask(inspector, "users")).toMatchObject({ status: 405 });
  });

  const strangers: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["a page whose own name leads here (DNS rebinding)", { host: "evil.example:8000" }],
    ["a name that begins as ours does", { host: "localhost.evil.example" }],
    ["an address of the network", { host: "192.168.1.7:8000" }],
    ["two names", { host: "localhost, evil.example" }],
    ["a proxy that says X-Forwarded-For", { "x-forwarded-for": "127.0.0.1" }],
    ["a proxy that says Forwarded", { forwarded: "for=127.0.0.1" }],
    ["a proxy that says X-Forwarded-Host", { "x-forwarded-host": "localhost" }],
    ["a proxy that says Via", { via: "1.1 proxy" }],
    ["a proxy that says X-Real-IP", { "x-real-ip": "127.0.0.1" }],
  ];

  test.each(strangers)("%s gets 404 from all of it", async (_who, headers) => {
    const server = await startExplored({ routes, trustProxy: true });
    for (const each of PATHS) {
      const answer = await server.get(each, { headers });
      expect(answer.status, each).toBe(404);
      expect(answer.text, each).toBe("Not found\n");
    }
    const none = await server.connect("/nothing/", { headers }).catch((refusal: unknown) => refusal);
    await expect(server.connect("/explorer/ws/", { headers })).rejects.toMatchObject({
      status: 404,
      body: Reflect.get(Object(none), "body"),
    });
  });

  test("a peer that is not on this machine gets 404, whatever its Host header says", async () => {
    const { explorer } = await startExplored({ routes });
    const request = () => new Request("http://localhost/explorer/", { headers: { host: "localhost" } });
    const statusFor = async (address: string) => (await explorer.handle(request(), { client: { address, port: 1 } }))?.status;
    for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
      expect(await statusFor(address), address).toBe(200);
    for (const address of ["192.168.1.7", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "128.0.0.1", ""])
      expect(await statusFor(address), address).toBe(404);
    expect((await explorer.handle(request()))?.status).toBe(404);
    const nameless = new Request("http://localhost/explorer/");
    expect((await explorer.handle(nameless, { client: { address: "127.0.0.1", port: 1 } }))?.status).toBe(404);
  });

  test("a development server on the network shows its explorer to this machine only", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const server = await startServer(EchoConsumer, { host: "0.0.0.0" });
    expect((await get(server.port, "/explorer/contract.json")).status).toBe(200);
    expect((await get(server.port, "/explorer/contract.json", { headers: { host: "192.168.1.7" } })).status).toBe(404);
  });
});

test("the application's default permissions, throttles and order are not the inspector's", async () => {
  class Nobody extends BasePermission {
    override canConnect(): boolean {
      return false;
    }
  }
  class Never extends UserRateThrottle {
    override readonly rate = "1/day";
  }
  const defaults = { defaultPermissionClasses: [Nobody], defaultThrottleClasses: [Never], ordered: true };
  const server = await startExplored({ routes, ...defaults });
  await expect(server.connect("/ws/")).rejects.toMatchObject({ status: 403 });
  const inspector = await server.connect("/explorer/ws/");
  inspector.sendJson({ action: "watch", request_id: 1 });
  expect(await inspector.receiveJson()).toMatchObject({ response_status: 206 });
  for (let n = 0; n < 3; n += 1)
    expect(await ask(inspector, "explain_request", { tag: "x", frame: {} })).toMatchObject({ status: 200 });
});

describe("with permission classes", () => {
  const authenticate = ({ headers }: HandshakeRequest) => {
    const id = headers.get("x-user");
    return id === null ? null : { user: { id: Number(id), isStaff: id === "1" } };
  };
  const start = () => startExplored({ routes, authenticate }, { permissionClasses: [IsAdminUser] });

  test("whoever they let in may open the page, the contract and the inspector, from anywhere", async () => {
    const server = await start();
    const headers = { "x-user": "1", host: "api.example.com", "x-forwarded-for": "203.0.113.9" };
    for (const each of ["/explorer/", "/explorer/contract.json"])
      expect((await server.get(each, { headers })).status, each).toBe(200);
    const inspector = await server.connect("/explorer/ws/", { headers });
    inspector.sendJson({ action: "watch", request_id: 1 });
    expect(await inspector.receiveJson()).toMatchObject({ response_status: 206, data: { connections: [] } });
  });

  test.each(["2", null])("user %s gets 403 from all of it", async (user) => {
    const server = await start();
    const headers: Record<string, string> = user === null ? {} : { "x-user": user };
    for (const each of PATHS) expect((await server.get(each, { headers })).status, each).toBe(403);
    await expect(server.connect("/explorer/ws/", { headers })).rejects.toMatchObject({ status: 403 });
  });

  test("a permission chooses the status itself, as for any action", async () => {
    class MustLogIn extends BasePermission {
      override hasPermission(): boolean {
        throw new NotAuthenticated();
      }
    }
    const server = await startExplored({ routes }, { permissionClasses: [MustLogIn] });
    expect((await server.get("/explorer/")).status).toBe(401);
    await expect(server.connect("/explorer/ws/")).rejects.toMatchObject({ status: 401 });
  });

  test("an inspector whose user's rights are revoked is closed with 4401", async () => {
    let isStaff = true;
    const server = await startExplored(
      { routes, authenticate: () => ({ user: { id: 1, isStaff } }) },
      { permissionClasses: [IsAdminUser] },
    );
    const inspector = await server.connect("/explorer/ws/");
    inspector.sendJson({ action: "watch", request_id: 1 });
    await inspector.receiveJson();
    await server.revoke(1, { close: false });
    expect(await ask(inspector, "users")).toMatchObject({ status: 405 });
    isStaff = false;
    await server.revoke(1, { close: false });
    expect(await inspector.receiveClose()).toMatchObject({ code: 4401 });
  });
});

describe("pages of other origins", () => {
  test.each([
    ["http://evil.example", 403],
    ["http://localhost:1", 403],
    ["null", 403],
  ])("%s cannot open the inspector, also where it may open the application", async (origin, status) => {
    const server = await startExplored({ routes, allowedOrigins: "*" });
    await expect(server.connect("/explorer/ws/", { origin })).rejects.toMatchObject({ status });
    await server.connect("/ws/", { origin });
  });

  test("its own page can", async () => {
    const server = await startExplored({ routes });
    await server.connect("/explorer/ws/", { origin: `http://127.0.0.1:${server.port}` });
  });

  test("no answer may be read by them, and nothing but reading is answered", async () => {
    const server = await startExplored({ routes });
    for (const each of PATHS) {
      const answer = await server.get(each, { headers: { origin: "http://evil.example" } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(answer.headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect((await server.get(each, { method: "POST" })).status).toBe(405);
      expect((await server.get(each, { method: "OPTIONS" })).status).toBe(405);
    }
  });
});

describe("production", () => {
  test("is refused without permission classes, with what to do", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const options = { routes, port: 0, host: "127.0.0.1", signals: false };
    await expect(serve({ ...options, explorer: true })).rejects.toThrow(ImproperlyConfigured);
    await expect(serve({ ...options, explorer: { users: () => [] } })).rejects.toThrow(/permissionClasses: \[IsAdminUser\]/);
  });

  test("has it behind permission classes", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const server = await startServer(EchoConsumer, { explorer: { permissionClasses: [IsAdminUser] } });
    expect((await get(server.port, "/explorer/")).status).toBe(403);
  });

  test("an empty list of permission classes is refused anywhere", async () => {
    await expect(serve({ routes, port: 0, signals: false, explorer: { permissionClasses: [] } })).rejects.toThrow(
      /at least one permission class/,
    );
  });
});

describe("off", () => {
  const environments: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
    ["nothing is said", { NODE_ENV: "", RESTWAVE_DEV: "" }, false],
    ["a test runs", { NODE_ENV: "test", RESTWAVE_DEV: "" }, false],
    ["it is production", { NODE_ENV: "production", RESTWAVE_DEV: "" }, false],
    ["it is production, started by restwave dev", { NODE_ENV: "production", RESTWAVE_DEV: "1" }, false],
    ["it is development", { NODE_ENV: "development", RESTWAVE_DEV: "" }, true],
    ["restwave dev started it", { NODE_ENV: "", RESTWAVE_DEV: "1" }, true],
  ];

  test.each(environments)("by default where %s: %s, on: %s", async (_when, env, isOn) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const server = await startServer(EchoConsumer);
    expect((await get(server.port, "/explorer/contract.json")).status).toBe(isOn ? 200 : 404);
  });

  test("nothing of it exists: no page, no contract, no socket, no tickets", async () => {
    const server = await startServer(EchoConsumer, { explorer: false, authenticate: () => null });
    for (const each of PATHS) expect((await get(server.port, each)).status, each).toBe(404);
    await expect(connect(server.port, "/explorer/ws/")).rejects.toMatchObject({ status: 404 });
    const client = await connect(server.port, "/ws/?explorer_ticket=whatever&explorer_tag=mine");
    expect(await ask(client, "echo", { value: 1 })).toMatchObject({ status: 200 });
  });
});
