import { describe, expect, test } from "vitest";
import { action, AsyncAPIConsumer, type HandshakeRequest, path, rePath, type RestwaveServer } from "../../src/index.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { connectRaw, handshakeBytes, readUntil } from "../transports/raw-peer.ts";
import { MemoryLogger } from "../transports/sessions.ts";
import { onCleanup, startServer } from "../transports/test-server.ts";

/** Tells what the server has understood of the handshake. */
class Mirror extends AsyncAPIConsumer {
  tell = action(() => {
    const { path: asked, pathParams, query, cookies, headers, subprotocol } = this.scope;
    return { path: asked, pathParams, query: [...query], cookies, header: headers.get("x-test"), subprotocol };
  });
}

interface Mirrored {
  readonly path: string;
  readonly pathParams: Record<string, unknown>;
  readonly query: [string, string][];
  readonly cookies: Record<string, string>;
  readonly header: string | null;
  readonly subprotocol: string | null;
}

const logger = new MemoryLogger();

function start(authenticate: (request: HandshakeRequest) => null = () => null): Promise<RestwaveServer> {
  const routes = [
    path("ws/", Mirror),
    path("ws/rooms/<str:room>/", Mirror),
    path("ws/slugs/<slug:slug>/", Mirror),
    rePath(/^ws\/any\/(?<rest>.*)$/, Mirror),
  ];
  return startServer(Mirror, { routes, authenticate, logger });
}

async function mirror(server: RestwaveServer, target: string, headers: Record<string, string> = {}): Promise<Mirrored> {
  const client = await connectWebsocket(`${server.url}${target}`, { headers });
  onCleanup(() => client.close());
  client.sendJson({ action: "tell" });
  return ((await client.receiveJson()) as { data: Mirrored }).data;
}

async function response(server: RestwaveServer, request: string): Promise<string> {
  const socket = await connectRaw(server.port);
  socket.write(request, "latin1");
  const text = await readUntil(socket, "\r\n\r\n");
  socket.destroy();
  return text;
}

const statusOf = async (server: RestwaveServer, request: string): Promise<number> =>
  Number((await response(server, request)).split(" ")[1]);

describe("nothing of a handshake gets into the response's head", () => {
  test.each(["evil", "restwave.v2", "RESTWAVE.V1", "a,b,c"])(
    "the sub-protocol %j, which the server does not know, is not selected",
    async (protocol) => {
      const head = await response(await start(), handshakeBytes(0, { "Sec-WebSocket-Protocol": protocol }));
      expect(head).toMatch(/^HTTP\/1\.1 101 /);
      expect(head.toLowerCase()).not.toContain("sec-websocket-protocol");
    },
  );

  test.each(["a b", "a,,b", "restwave.v1\tx", "é", "a;b", '"restwave.v1"', ","])(
    "the sub-protocol %j, which is none, is refused with 400",
    async (protocol) => {
      const head = await response(await start(), handshakeBytes(0, { "Sec-WebSocket-Protocol": protocol }));
      expect(head).toMatch(/^HTTP\/1\.1 400 /);
    },
  );

  test.each(["/ws/rooms/a%0d%0aX-Injected:%201%0d%0a/", "/ws/any/%0d%0aSet-Cookie:%20a=b", "/none/%0d%0aX-Injected:%201"])(
    "an encoded line break in the path %j breaks no line",
    async (target) => {
      const head = await response(await start(), handshakeBytes(0, {}, target));
      expect(head).toMatch(/^HTTP\/1\.1 (101|404) /);
      expect(head.toLowerCase()).not.toMatch(/injected|set-cookie/);
    },
  );
});

describe("a path", () => {
  test.each([
    "/ws/..",
    "/ws/../ws/x",
    "/ws/%2e%2e/%2e%2e/etc/passwd",
    "/ws/..%2f..%2fetc/passwd",
    "/ws/slugs/..%2f..%2fetc/",
    "/ws/slugs/%2e%2e/",
    "/ws/slugs/a%00b/",
    "/ws%2f",
    "/%77s%2frooms/x/",
    "//ws/",
    "/ws/%zz/",
    "/ws/rooms/%ff/",
    "/ws/rooms/%c0%ae%c0%ae/",
    "/__proto__/",
    "/constructor",
    "/ws/%",
  ])("%j has no route: 404", async (target) => {
    expect(await statusOf(await start(), handshakeBytes(0, {}, target))).toBe(404);
  });

  test("gives its parameters decoded once and whole, dots and slashes as the text that they are", async () => {
    const server = await start();
    expect((await mirror(server, "/ws/rooms/..%2F..%2Fetc%2Fpasswd/")).pathParams).toEqual({ room: "../../etc/passwd" });
    expect((await mirror(server, "/ws/rooms/%252e%252e/")).pathParams).toEqual({ room: "%2e%2e" });
    expect((await mirror(server, "/ws/rooms/__proto__/")).pathParams).toEqual({ room: "__proto__" });
  });

  test.each(["GET http://evil.example/ws/ HTTP/1.1", "GET * HTTP/1.1", "OPTIONS /ws/ HTTP/1.1", "POST /ws/ HTTP/1.1"])(
    "%j opens no socket",
    async (line) => {
      const request = handshakeBytes(0).replace(/^.*/, line);
      expect(await statusOf(await start(), request)).toBeGreaterThanOrEqual(400);
    },
  );
});

describe("names of prototypes", () => {
  test("as cookie, query key and header are ordinary names, and pollute nothing", async () => {
    const server = await start();
    const told = await mirror(server, "/ws/?__proto__=1&constructor=2&__proto__[isAdmin]=3", {
      cookie: "__proto__=4; constructor=5; toString=6",
      __proto__: "7",
    });
    expect(told.query).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
      ["__proto__[isAdmin]", "3"],
    ]);
    expect(Object.entries(told.cookies)).toEqual([
      ["__proto__", "4"],
      ["constructor", "5"],
      ["toString", "6"],
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
  });

  test("are no cookies that a client did not send", async () => {
    const seen: unknown[] = [];
    const server = await start(({ cookies }) => {
      seen.push(cookies["constructor"], cookies["__proto__"], cookies["toString"]);
      return null;
    });
    await mirror(server, "/ws/");
    expect(seen).toEqual([undefined, undefined, undefined]);
  });
});

describe("headers", () => {
  test("of more than Node's limit are refused with 431, and the server goes on", async () => {
    const server = await start();
    expect(await statusOf(server, handshakeBytes(0, { "X-Test": "x".repeat(64 * 1024) }))).toBe(431);
    expect(await statusOf(server, handshakeBytes(0, { Cookie: `a=${"x".repeat(64 * 1024)}` }))).toBe(431);
    expect(await statusOf(server, handshakeBytes(0))).toBe(101);
  });

  test("with bytes that are no ASCII, empty ones and repeated ones are read without failing", async () => {
    const server = await start(({ headers, cookies, query }) => {
      expect([headers.get("x-test"), cookies["a"], query.get("a")]).toBeDefined();
      return null;
    });
    for (const [name, value] of [
      ["X-Test", "\xff\xfe\x80"],
      ["X-Test", ""],
      ["X-Test", "a\tb"],
      ["Cookie", "\xff=\xff; a=%ff; =; ;; a"],
      ["Cookie", "=".repeat(5000)],
      ["Host", "\xff"],
      ["Host", "a b"],
      ["User-Agent", "<script>"],
    ] as const) {
      expect([name, value, await statusOf(server, handshakeBytes(0, { [name]: value }))]).toEqual([name, value, 101]);
    }
  });

  test.each(["a\0b", "a\x01b", "a\x7fb", "a\rb", "a\nX-Next: b\0"])(
    "with the control character in %j are refused with 400",
    async (value) => {
      expect(await statusOf(await start(), handshakeBytes(0, { "X-Test": value }))).toBe(400);
    },
  );

  test("of a repeated query key all values are there and the first counts", async () => {
    const { query } = await mirror(await start(), "/ws/?user=1&user=2&user[]=3&user=");
    expect(query).toEqual([
      ["user", "1"],
      ["user", "2"],
      ["user[]", "3"],
      ["user", ""],
    ]);
    expect(new URLSearchParams(query).get("user")).toBe("1");
  });

  test.each([
    "null",
    "http://evil.example",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1@evil.example",
    "http://evil.example#127.0.0.1",
    "http://evil.example\\@127.0.0.1",
    "file://",
    "javascript:alert(1)",
    "http://",
    "",
    "http://127.0.0.1:1, http://evil.example",
  ])("the origin %j is refused with 403", async (origin) => {
    expect(await statusOf(await start(), handshakeBytes(80, { Origin: origin }))).toBe(403);
  });

  test("none of it is worth a line in the log", () => {
    expect(logger.entries).toEqual([]);
  });
});
