import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect } from "vitest";
import { FaultProxy } from "../../../src/testing/fault-proxy/fault-proxy.ts";
import type { ConsumerClass } from "../../../src/consumers/connection.ts";
import { connectWebsocket, type WebsocketClient } from "../../../src/testing/websocket-client.ts";
import { listen } from "../../../src/transports/node-ws/listen.ts";
import type { RestwaveServer, ServeOptions } from "../../../src/transports/node-ws/serve.ts";
import { EchoSession } from "../../transports/sessions.ts";
import { onCleanup, startServer } from "../../transports/test-server.ts";

/** How a connection ends that was broken off. */
export const BROKEN_OFF = { code: 1006, reason: "" };

/** What came to a server, and how its connections ended. */
export interface SeenByServer {
  readonly frames: (string | Uint8Array)[];
  readonly endings: number[];
}

export interface ProxiedEcho {
  readonly proxy: FaultProxy;
  readonly server: RestwaveServer;
  readonly seen: SeenByServer;
  /** Another client, by way of the proxy. */
  readonly join: () => Promise<WebsocketClient>;
  /** Shows that the server has done all that was to be done: a client past the proxy sends and gets an answer. */
  readonly askDirectly: (text: string) => Promise<void>;
}

/** A real server that answers each frame with the same frame, behind a proxy. */
export async function proxiedEcho(options: Partial<ServeOptions> = {}): Promise<ProxiedEcho> {
  const seen: SeenByServer = { frames: [], endings: [] };
  const server = await startServer(recordingEcho(seen), options);
  const proxy = await startProxy(server.url);
  return {
    proxy,
    server,
    seen,
    join: () => joinAt(proxy.url),
    askDirectly: async (text) => {
      const before = server.connections;
      const client = await joinAt(server.url);
      client.sendText(text);
      await client.receiveText();
      await client.close();
      // The server hears of it later than the client.
      await expect.poll(() => server.connections).toBe(before);
    },
  };
}

function recordingEcho(seen: SeenByServer): ConsumerClass {
  return class extends EchoSession {
    override websocketReceive(frame: string | Uint8Array): void {
      seen.frames.push(frame);
      super.websocketReceive(frame);
    }

    override async websocketDisconnect(code: number): Promise<void> {
      seen.endings.push(code);
    }
  };
}

/** A client at /ws/ that is broken off after the test: a farewell would be waited for on a network that carries nothing. */
export async function joinAt(url: string): Promise<WebsocketClient> {
  const client = await connectWebsocket(`${url}/ws/`);
  onCleanup(async () => client.socket.terminate());
  return client;
}

/** A proxy that is closed after the test. */
export async function startProxy(target: string): Promise<FaultProxy> {
  const proxy = await FaultProxy.start({ target });
  onCleanup(() => proxy.close());
  return proxy;
}

export function portOf(proxy: FaultProxy): number {
  return Number(new URL(proxy.url).port);
}

/** A TCP server that says nothing of its own, and its next connection. */
export async function rawTarget(): Promise<{ readonly url: string; readonly nextSocket: () => Promise<Socket> }> {
  const server = createServer({ allowHalfOpen: true });
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket.on("error", () => {})));
  const port = await listen(server, 0, "127.0.0.1");
  onCleanup(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  let taken = 0;
  return {
    url: `ws://127.0.0.1:${port}`,
    nextSocket: async () => {
      if (sockets.length === taken) await once(server, "connection");
      taken += 1;
      return sockets[taken - 1]!;
    },
  };
}

/** All that comes on a socket, and how it ends. A reset right behind bytes is read as an orderly end. */
export async function untilItEnds(socket: Socket): Promise<{ readonly text: string; readonly ending: string }> {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  const ending = await new Promise<string>((resolve) => {
    socket.once("end", () => resolve("FIN"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  return { text, ending };
}

/** So many bytes of what comes on a socket. */
export async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let read = 0; read < count;) {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      await once(socket, "readable");
      continue;
    }
    chunks.push(chunk);
    read += chunk.length;
  }
  return Buffer.concat(chunks);
}
