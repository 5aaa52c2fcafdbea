import { describe, expect, test } from "vitest";
import { AuthenticationFailed, NotAuthenticated, PermissionDenied, Throttled } from "../../../src/protocol/exceptions.ts";
import { path } from "../../../src/routing/path.ts";
import { connectWebsocket } from "../../../src/testing/websocket-client.ts";
import { connectRaw, handshakeBytes, readUntil, statusOf } from "../raw-peer.ts";
import { secureStatus, startSecureServer } from "../secure-server.ts";
import { EchoSession, Gate, MemoryLogger } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

class Refusing extends EchoSession {
  override async websocketConnect(): Promise<void> {
    throw new PermissionDenied();
  }
}

class Failing extends EchoSession {
  override async websocketConnect(): Promise<void> {
    throw new TypeError("secret detail");
  }
}

describe("1.2 a handshake is refused with an HTTP response and never opens", () => {
  test("1.1 404 when no route matches the path", async () => {
    const server = await startServer();
    await expect(connectWebsocket(`${server.url}/nowhere/`)).rejects.toMatchObject({ status: 404 });
  });

  test("404 when the path's percent-encoding is malformed", async () => {
    const server = await startServer();
    expect(await statusOf(server.port, handshakeBytes(server.port, {}, "/ws/%E0%A4%A"))).toBe(404);
  });

  test("403 when the consumer denies permission, with its message as text", async () => {
    const server = await startServer(Refusing);
    await expect(connect(server)).rejects.toMatchObject({
      status: 403,
      body: "You do not have permission to perform this action.\n",
    });
    expect(server.connections).toBe(0);
  });

  test("401 when authenticate refuses", async () => {
    const refuse = (): never => {
      throw new AuthenticationFailed("The token has expired.");
    };
    const server = await startServer(EchoSession, { authenticate: refuse });
    await expect(connect(server)).rejects.toMatchObject({ status: 401, body: "The token has expired.\n" });
  });

  test("500 with an id that the log has too, and without the error's message, when the consumer fails", async () => {
    const logger = new MemoryLogger();
    const server = await startServer(Failing, { logger, ids: () => "id-1" });
    await expect(connect(server)).rejects.toMatchObject({ status: 500, body: "A server error occurred. Error id: id-1\n" });
    expect(logger.entries).toMatchObject([{ details: { errorId: "id-1", error: { message: "secret detail" } } }]);
  });

  test("500 when the consumer cannot be constructed", async () => {
    class Broken extends EchoSession {
      readonly field = JSON.parse("no json");
    }
    const server = await startServer(Broken, { logger: new MemoryLogger() });
    await expect(connect(server)).rejects.toMatchObject({ status: 500 });
  });

  test("503 when authenticate takes longer than handshakeTimeout", async () => {
    const server = await startServer(EchoSession, { authenticate: () => new Gate<null>().opened, handshakeTimeout: 20 });
    await expect(connect(server)).rejects.toMatchObject({ status: 503, body: "The handshake took too long.\n" });
  });

  test("503 when as many connections are open as maxConnections allows", async () => {
    const server = await startServer(EchoSession, { maxConnections: 1 });
    await connect(server);
    await expect(connect(server)).rejects.toMatchObject({ status: 503 });
  });

  test("503 while handshakes that were given up still run and fill maxConnections, until they have ended", async () => {
    const answers = [new Gate<null>(), new Gate<null>()];
    answers[1]?.open(null);
    let asked = 0;
    const server = await startServer(EchoSession, {
      authenticate: () => answers[Math.min(asked++, 1)]?.opened ?? null,
      maxConnections: 1,
      handshakeTimeout: 20,
    });
    await expect(connect(server)).rejects.toMatchObject({ status: 503, body: "The handshake took too long.\n" });
    await expect(connect(server)).rejects.toMatchObject({ status: 503, body: "The server is full.\n" });
    answers[0]?.open(null);
    await connect(server);
    expect(server.connections).toBe(1);
  });

  test("426 for another protocol or version, naming what is spoken", async () => {
    const { port } = await startServer();
    expect(await statusOf(port, handshakeBytes(port, { Upgrade: "h2c" }))).toBe(426);
    expect(await statusOf(port, handshakeBytes(port, { "Sec-WebSocket-Version": "8" }))).toBe(426);
  });

  test("400 for a malformed handshake", async () => {
    const { port } = await startServer();
    expect(await statusOf(port, handshakeBytes(port, { "Sec-WebSocket-Key": "short" }))).toBe(400);
    expect(await statusOf(port, handshakeBytes(port, { "Sec-WebSocket-Key": null }))).toBe(400);
    expect(await statusOf(port, handshakeBytes(port, { "Sec-WebSocket-Protocol": "a,,b" }))).toBe(400);
  });
});

test("a malformed handshake reaches no code of the application", async () => {
  let asked = 0;
  const server = await startServer(EchoSession, {
    authenticate: () => {
      asked += 1;
      return null;
    },
  });
  await statusOf(server.port, handshakeBytes(server.port, { "Sec-WebSocket-Key": "short" }));
  expect(asked).toBe(0);
});

test("a consumer that accepts after the time-out is ended", async () => {
  const accept = new Gate();
  const ended = new Gate<number>();
  class Slow extends EchoSession {
    override websocketConnect = (): Promise<void> => accept.opened;
    override websocketDisconnect = async (code: number): Promise<void> => ended.open(code);
  }
  const server = await startServer(Slow, { handshakeTimeout: 20 });
  await expect(connect(server)).rejects.toMatchObject({ status: 503 });
  accept.open();
  expect(await ended.opened).toBe(1006);
  expect(server.connections).toBe(0);
});

test("nothing of the application runs for a client that left while it was authenticated", async () => {
  const asked = new Gate();
  const answer = new Gate<null>();
  let constructed = 0;
  class Counting extends EchoSession {
    readonly number = (constructed += 1);
  }
  const authenticate = (): Promise<null> => {
    asked.open();
    return answer.opened;
  };
  const server = await startServer(Counting, { authenticate, handshakeTimeout: 20 });
  await expect(connect(server)).rejects.toMatchObject({ status: 503 });
  answer.open(null);
  await server.close();
  expect(constructed).toBe(0);
});

test("a refusal that knows how long to wait says so in Retry-After", async () => {
  class Throttling extends EchoSession {
    override async websocketConnect(): Promise<void> {
      throw new Throttled(3);
    }
  }
  const { port } = await startServer(Throttling);
  const socket = await connectRaw(port);
  socket.write(handshakeBytes(port));
  const response = await readUntil(socket, "seconds.\n");
  expect(response).toContain("HTTP/1.1 429 Too Many Requests\r\n");
  expect(response).toContain("\r\nRetry-After: 3\r\n");
});

test("several Cookie headers are one list", async () => {
  class Cookies extends EchoSession {
    override async websocketConnect(): Promise<void> {
      this.connection.send(JSON.stringify(this.connection.scope.cookies));
    }
  }
  const { port } = await startServer(Cookies);
  const socket = await connectRaw(port);
  socket.write(handshakeBytes(port, { Cookie: "a=1\r\nCookie: b=2" }));
  expect(await readUntil(socket, "}")).toContain('{"a":"1","b":"2"}');
});

test("authenticate fills the scope's user and session", async () => {
  class WhoAmI extends EchoSession {
    override async websocketConnect(): Promise<void> {
      const { user, session } = this.connection.scope;
      if (user === null) throw new NotAuthenticated();
      this.connection.send(JSON.stringify({ user, session }));
    }
  }
  const server = await startServer(WhoAmI, {
    authenticate: async ({ query, cookies }) => {
      const id = query.get("user");
      return id === null ? null : { user: { id }, session: { theme: cookies["theme"] } };
    },
  });
  const client = await connectWebsocket(`${server.url}/ws/?user=7`, { headers: { cookie: "theme=dark%20blue" } });
  expect(await client.receiveJson()).toEqual({ user: { id: "7" }, session: { theme: "dark blue" } });
  await client.close();
  await expect(connect(server)).rejects.toMatchObject({ status: 401 });
});

test("the scope holds url, path, captured parameters, query, headers, cookies, client and sub-protocols", async () => {
  class Describe extends EchoSession {
    override async websocketConnect(): Promise<void> {
      const {
        type,
        url,
        path: sent,
        pathParams,
        query,
        headers,
        cookies,
        client,
        subprotocols,
        subprotocol,
      } = this.connection.scope;
      const picked = {
        custom: headers.get("x-custom"),
        names: [...headers.keys()].includes("x-custom"),
        address: client.address,
      };
      this.connection.send(
        JSON.stringify({
          type,
          url,
          path: sent,
          pathParams,
          q: query.getAll("a"),
          cookies,
          subprotocols,
          subprotocol,
          ...picked,
          port: client.port > 0,
        }),
      );
    }
  }
  const server = await startServer(EchoSession, { routes: [path("rooms/<int:pk>/<name>/", Describe)] });
  const client = await connectWebsocket(`${server.url}/rooms/3/caf%C3%A9%2Fbar/?a=1&a=2`, {
    headers: { "X-Custom": "yes", cookie: "a=1; b=%7B%7D; bad=%zz" },
    subprotocols: ["other", "restwave.v1"],
  });
  expect(await client.receiveJson()).toEqual({
    type: "websocket",
    url: "/rooms/3/caf%C3%A9%2Fbar/?a=1&a=2",
    path: "/rooms/3/caf%C3%A9%2Fbar/",
    pathParams: { pk: 3, name: "café/bar" },
    q: ["1", "2"],
    cookies: { a: "1", b: "{}", bad: "%zz" },
    subprotocols: ["other", "restwave.v1"],
    subprotocol: "restwave.v1",
    custom: "yes",
    names: true,
    address: "127.0.0.1",
    port: true,
  });
  await client.close();
});

describe("sub-protocols", () => {
  test("1.4 the first one that the client offers and the server speaks is agreed on", async () => {
    const server = await startServer(EchoSession, { subprotocols: ["v1", "v2"] });
    const client = await connect(server, { subprotocols: ["v3", "v2", "v1"] });
    expect(client.subprotocol).toBe("v2");
  });

  test("1.4 a client that offers none gets none", async () => {
    const client = await connect(await startServer());
    expect(client.subprotocol).toBeNull();
  });

  test("1.4 a client whose offers the server does not speak is connected without one", async () => {
    const { port } = await startServer();
    expect(await statusOf(port, handshakeBytes(port, { "Sec-WebSocket-Protocol": "unknown" }))).toBe(101);
  });
});

describe("origins", () => {
  test("1.3 a page of the server's own host may connect", async () => {
    const server = await startServer();
    await connect(server, { origin: `http://127.0.0.1:${server.port}` });
  });

  test("1.3 a page of another host, or of none, is refused with 403", async () => {
    const server = await startServer();
    for (const origin of ["http://evil.example", `http://127.0.0.1:${server.port + 1}`, "null"]) {
      await expect(connect(server, { origin })).rejects.toMatchObject({ status: 403 });
    }
  });

  test("1.3 allowedOrigins widens the rule", async () => {
    const server = await startServer(EchoSession, { allowedOrigins: ["https://app.example", /^https:\/\/\w+\.shop\.example$/g] });
    await connect(server, { origin: "https://app.example" });
    await connect(server, { origin: "https://a.shop.example" });
    await connect(server, { origin: "https://b.shop.example" });
    await expect(connect(server, { origin: "https://app.example.evil.example" })).rejects.toMatchObject({ status: 403 });
  });

  test("1.3 a page of another scheme is refused where the server knows its own: by TLS, or by a trusted X-Forwarded-Proto", async () => {
    const headers = { host: "example.com", "x-forwarded-proto": "https" };
    const trusting = await startServer(EchoSession, { trustProxy: true });
    await connect(trusting, { origin: "https://example.com", headers });
    await expect(connect(trusting, { origin: "http://example.com", headers })).rejects.toMatchObject({ status: 403 });
    await connect(await startServer(), { origin: "http://example.com", headers });
    const { port } = await startSecureServer();
    expect(await secureStatus(port, "https://example.com")).toBe(101);
    expect(await secureStatus(port, "http://example.com")).toBe(403);
  });

  test("X-Forwarded-Host counts only with trustProxy", async () => {
    const options = { origin: "https://public.example", headers: { "x-forwarded-host": "public.example" } };
    await connect(await startServer(EchoSession, { trustProxy: true }), options);
    await expect(connect(await startServer(), options)).rejects.toMatchObject({ status: 403 });
  });
});

test("the client's address is the last entry of X-Forwarded-For, and only with trustProxy", async () => {
  class Address extends EchoSession {
    override async websocketConnect(): Promise<void> {
      this.connection.send(this.connection.scope.client.address);
    }
  }
  const headers = { "x-forwarded-for": "6.6.6.6, 9.9.9.9" };
  const trusting = await connect(await startServer(Address, { trustProxy: true }), { headers });
  expect(await trusting.receiveText()).toBe("9.9.9.9");
  const plain = await connect(await startServer(Address), { headers });
  expect(await plain.receiveText()).toBe("127.0.0.1");
});
