import { expect, test } from "vitest";
import { PermissionDenied } from "../../../src/protocol/exceptions.ts";
import { connectWebsocket } from "../../../src/testing/websocket-client.ts";
import { connectRaw, handshakeBytes, readUntil } from "../raw-peer.ts";
import { EchoSession } from "../sessions.ts";
import { startServer } from "../test-server.ts";

const ROUNDS = 1000;
const AT_ONCE = 50;

async function inBatches(rounds: number, visit: (index: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < rounds; start += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => visit(start + index)));
  }
}

function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return { timers: counts["Timeout"] ?? 0, sockets: (counts["TCPSocketWrap"] ?? 0) + (counts["TCPServerWrap"] ?? 0) };
}

test("1,000 connections that end in every way leave no session, socket, timer or listener", async () => {
  const counted = { connected: 0, disconnected: 0 };
  class Counting extends EchoSession {
    override async websocketConnect(): Promise<void> {
      if (this.connection.scope.query.has("refuse")) throw new PermissionDenied();
      counted.connected += 1;
    }
    override async websocketDisconnect(): Promise<void> {
      counted.disconnected += 1;
    }
  }
  const server = await startServer(Counting);
  const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const before = activeResources();

  await inBatches(ROUNDS, async (index) => {
    if (index % 4 === 0) return expect(connectWebsocket(`${server.url}/ws/?refuse`)).rejects.toMatchObject({ status: 403 });
    if (index % 4 === 1) {
      const socket = await connectRaw(server.port);
      socket.write(handshakeBytes(server.port));
      await readUntil(socket, "\r\n\r\n");
      return void socket.resetAndDestroy();
    }
    const client = await connectWebsocket(`${server.url}/ws/`);
    client.sendText("x");
    expect(await client.receiveText()).toBe("x");
    if (index % 4 === 2) await client.close();
    else client.socket.terminate();
  });

  await expect.poll(() => server.connections).toBe(0);
  expect(counted).toEqual({ connected: 750, disconnected: 750 });
  await expect.poll(() => activeResources().sockets).toBe(before["sockets"]);
  expect(activeResources()["timers"]).toBeLessThanOrEqual(before["timers"] ?? 0);
  expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(listeners);
});
