import express from "express";
import { describe, expect, test } from "vitest";
import { RestwaveError } from "../../../src/protocol/exceptions.ts";
import { serve } from "../../../src/transports/node-ws/serve.ts";
import { EchoSession, MemoryLogger } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

const pageOf = (port: number, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } });

test("1.1 a client connects to the path of a route, sends, and gets its answer", async () => {
  const client = await connect(await startServer());
  client.sendText("hello");
  expect(await client.receiveText()).toBe("hello");
});

test("the server says its port, its url and how many are connected", async () => {
  const server = await startServer();
  expect(server.url).toBe(`ws://127.0.0.1:${server.port}`);
  expect(server.connections).toBe(0);
  const client = await connect(server);
  expect(server.connections).toBe(1);
  await client.close();
  await expect.poll(() => server.connections).toBe(0);
});

test("a taken port is one clear line", async () => {
  const { port } = await startServer();
  const second = serve({ routes: [], port, host: "127.0.0.1", signals: false });
  await expect(second).rejects.toBeInstanceOf(RestwaveError);
  await expect(second).rejects.toMatchObject({
    code: "address_in_use",
    message: `Port ${port} of 127.0.0.1 is taken. Stop the program that uses it or choose another port.`,
  });
});

test("a host that is not this machine's is one clear line", async () => {
  await expect(serve({ routes: [], port: 8000, host: "203.0.113.1", signals: false })).rejects.toMatchObject({
    code: "listen_failed",
    message: "Port 8000 of 203.0.113.1 cannot be listened on: EADDRNOTAVAIL.",
  });
});

describe("plain HTTP", () => {
  test("GET /healthz is answered 200", async () => {
    const { port } = await startServer();
    const response = await pageOf(port, "/healthz?probe=1");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("ok\n");
  });

  test("everything else is answered 404, the WebSocket's path too", async () => {
    const { port } = await startServer();
    expect((await pageOf(port, "/")).status).toBe(404);
    expect((await pageOf(port, "/ws/")).status).toBe(404);
  });

  test("the http option takes what it does not return false for", async () => {
    const { port } = await startServer(EchoSession, {
      http: async ({ url }, response) => {
        if (url !== "/page") return false;
        response.end("page");
        return true;
      },
    });
    expect(await (await pageOf(port, "/page")).text()).toBe("page");
    expect((await pageOf(port, "/other")).status).toBe(404);
    expect((await pageOf(port, "/healthz")).status).toBe(200);
  });

  test("an Express app fits the http option", async () => {
    const app = express();
    app.get("/page", (_request, response) => void response.send("page"));
    const { port } = await startServer(EchoSession, { http: app });
    expect(await (await pageOf(port, "/page")).text()).toBe("page");
  });

  test("a failing http option is answered 500 with an id that the log has, without its message", async () => {
    const logger = new MemoryLogger();
    const { port } = await startServer(EchoSession, {
      http: () => {
        throw new TypeError("secret");
      },
      logger,
      ids: () => "id-1",
    });
    const response = await pageOf(port, "/");
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("A server error occurred. Error id: id-1\n");
    expect(logger.entries).toMatchObject([{ details: { errorId: "id-1" } }]);
  });

  test("a handler that fails in the middle of its answer is cut off, so that nobody takes it for whole", async () => {
    const { port } = await startServer(EchoSession, {
      http: (_request, response) => {
        response.write("half");
        throw new TypeError("bug");
      },
      logger: new MemoryLogger(),
    });
    await expect(pageOf(port, "/").then((response) => response.text())).rejects.toThrow();
  });
});
