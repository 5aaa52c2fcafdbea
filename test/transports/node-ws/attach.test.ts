import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve as serveHono } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { rePath } from "../../../src/routing/re-path.ts";
import { connectWebsocket } from "../../../src/testing/websocket-client.ts";
import { attach, type AttachOptions, type AttachedServer } from "../../../src/transports/node-ws/attach.ts";
import { connectRaw, handshakeBytes } from "../raw-peer.ts";
import { EchoSession, Gate } from "../sessions.ts";
import { onCleanup } from "../test-server.ts";

const routes = [rePath(/^ws\/$/, EchoSession)];

async function listening(server: Server): Promise<number> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

function attached(server: Server, options: Partial<AttachOptions> = {}): AttachedServer {
  const websockets = attach(server, { routes, drainTimeout: 200, ...options });
  onCleanup(() => websockets.close());
  return websockets;
}

async function expectEcho(port: number): Promise<void> {
  const client = await connectWebsocket(`ws://127.0.0.1:${port}/ws/`);
  client.sendText("echo");
  expect(await client.receiveText()).toBe("echo");
  await client.close();
}

async function expectPage(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/page`, { headers: { connection: "close" } });
  expect(await response.text()).toBe("page");
}

describe("attach serves WebSockets beside the pages of", () => {
  test("Express", async () => {
    const app = express();
    app.get("/page", (_request, response) => void response.send("page"));
    const server = createHttpServer(app);
    attached(server);
    const port = await listening(server);
    await expectEcho(port);
    await expectPage(port);
  });

  test("Fastify", async () => {
    const app = fastify();
    app.get("/page", () => "page");
    attached(app.server);
    await app.listen({ port: 0, host: "127.0.0.1" });
    onCleanup(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    await expectEcho(port);
    await expectPage(port);
  });

  test("Hono", async () => {
    const app = new Hono();
    app.get("/page", (context) => context.text("page"));
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
    attached(server);
    const port = await listening(server);
    await expectEcho(port);
    await expectPage(port);
  });
});

test("1.1 an unknown path is answered 404", async () => {
  const server = createHttpServer();
  attached(server);
  const port = await listening(server);
  await expect(connectWebsocket(`ws://127.0.0.1:${port}/other`)).rejects.toMatchObject({ status: 404 });
});

test("with handleUnknownPaths false another upgrade listener gets the paths without a route", async () => {
  const server = createHttpServer();
  attached(server, { handleUnknownPaths: false });
  const other = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/other") other.handleUpgrade(request, socket, head, (websocket) => websocket.send("from the other"));
  });
  const port = await listening(server);
  const client = await connectWebsocket(`ws://127.0.0.1:${port}/other`);
  expect(await client.receiveText()).toBe("from the other");
  await client.close();
  await expectEcho(port);
});

test("close() ends the WebSockets and leaves the HTTP server as it was", async () => {
  const server = createHttpServer((_request, response) => response.end("page"));
  const listeners = server.listenerCount("upgrade");
  const websockets = attached(server);
  const port = await listening(server);
  const client = await connectWebsocket(`ws://127.0.0.1:${port}/ws/`);
  expect(websockets.connections).toBe(1);
  await websockets.close();
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  expect(server.listenerCount("upgrade")).toBe(listeners);
  await expectPage(port);
});

test("two attached servers share one HTTP server when the first leaves unknown paths alone", async () => {
  const server = createHttpServer();
  attached(server, { handleUnknownPaths: false });
  attached(server, { routes: [rePath(/^second\/$/, EchoSession)], handleUnknownPaths: false });
  const port = await listening(server);
  await expectEcho(port);
  const client = await connectWebsocket(`ws://127.0.0.1:${port}/second/`);
  client.sendText("2");
  expect(await client.receiveText()).toBe("2");
  await client.close();
});

test("a consumer that accepts a client that has left meanwhile is ended, and the connection is never counted", async () => {
  const asked = new Gate();
  const accept = new Gate();
  const ended = new Gate<number>();
  const noticed = new Gate();
  class Slow extends EchoSession {
    override websocketConnect(): Promise<void> {
      asked.open();
      return accept.opened;
    }
    override websocketDisconnect = async (code: number): Promise<void> => ended.open(code);
  }
  const server = createHttpServer();
  server.on("connection", (socket) => socket.on("close", () => noticed.open()));
  const websockets = attached(server, { routes: [rePath(/^ws\/$/, Slow)] });
  const port = await listening(server);
  const socket = await connectRaw(port);
  socket.write(handshakeBytes(port));
  await asked.opened;
  socket.resetAndDestroy();
  await noticed.opened;
  accept.open();
  expect(await ended.opened).toBe(1006);
  expect(websockets.connections).toBe(0);
});
