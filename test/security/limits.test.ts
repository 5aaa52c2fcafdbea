import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { action, AsyncAPIConsumer, attach, type Connection, Multiplexer, rePath, UserRateThrottle } from "../../src/index.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { clientFrame, connectRaw, handshakeBytes, readUntil, TEXT } from "../transports/raw-peer.ts";
import { connect, onCleanup, startServer } from "../transports/test-server.ts";
import { EchoSession, Gate, MemoryLogger } from "../transports/sessions.ts";

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
const PING = 0x9;

/** An echo server whose own end of the first socket the test can look at. */
async function serverWithSocket(limits: object): Promise<{ port: number; serverSocket: () => Socket }> {
  const httpServer = createServer();
  const sockets: Socket[] = [];
  httpServer.on("connection", (socket: Socket) => sockets.push(socket));
  const attached = attach(httpServer, { routes: [rePath(/^ws\/$/, EchoSession)], drainTimeout: 100, ...limits });
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  onCleanup(async () => {
    await attached.close();
    httpServer.closeAllConnections();
    httpServer.close();
  });
  return { port: (httpServer.address() as AddressInfo).port, serverSocket: () => sockets[0]! };
}

describe("what one connection can make the server keep is capped", () => {
  test("a client that pings without reading the pongs is cut off before much waits for it", async () => {
    const { port, serverSocket } = await serverWithSocket({});
    const client = await connectRaw(port);
    client.write(handshakeBytes(port));
    await readUntil(client, "\r\n\r\n");
    client.pause();
    const socket = serverSocket();
    const flood = Buffer.concat(Array(8 * KIBIBYTE).fill(clientFrame(PING, "x".repeat(125))));
    const gone = once(socket, "close");
    let most = 0;
    for (let sent = 0; sent < 48 * MEBIBYTE && !socket.destroyed; sent += flood.length) {
      if (!client.write(flood)) await Promise.race([once(client, "drain").catch(() => []), gone]);
      most = Math.max(most, socket.writableLength);
    }
    await gone;
    expect(most).toBeLessThan(2 * MEBIBYTE);
  });
});

describe("one connection cannot keep the others waiting", () => {
  test("a stream whose items are always ready lets the event loop go around", async () => {
    class Busy extends AsyncAPIConsumer {
      fill = action(async function* () {
        const turn = new Gate();
        setImmediate(() => turn.open());
        for (let n = 0; n < 20_000 && !turn.isOpen; n += 1) yield n;
        return turn.isOpen;
      });
    }
    const client = await connect(await startServer(Busy));
    client.sendJson({ action: "fill", request_id: 1 });
    let answer = { response_status: 206, data: false };
    while (answer.response_status === 206) answer = (await client.receiveJson()) as typeof answer;
    expect(answer).toMatchObject({ response_status: 200, data: true });
  });

  test("4.7 requests beyond the cap are answered 429 at once, and another connection has a cap of its own", async () => {
    const gate = new Gate();
    class Waiting extends AsyncAPIConsumer {
      wait = action({ detached: true }, () => gate.opened);
      hello = action(() => "hello");
    }
    const server = await startServer(Waiting, { maxInFlight: 5 });
    const [hostile, other] = [await connect(server), await connect(server)];
    for (let n = 1; n <= 50; n += 1) hostile.sendJson({ action: "wait", request_id: n });
    for (let n = 6; n <= 50; n += 1) expect(await hostile.receiveJson()).toMatchObject({ request_id: n, response_status: 429 });
    other.sendJson({ action: "hello", request_id: 1 });
    expect(await other.receiveJson()).toMatchObject({ response_status: 200, data: "hello" });
    gate.open();
    for (let n = 1; n <= 5; n += 1) expect(await hostile.receiveJson()).toMatchObject({ request_id: n, response_status: 200 });
    hostile.sendJson({ action: "hello", request_id: 51 });
    expect(await hostile.receiveJson()).toMatchObject({ request_id: 51, response_status: 200 });
  });

  test("requests that wait for an action's name count as under way", async () => {
    const gate = new Gate();
    class Slow extends AsyncAPIConsumer {
      override async getActionName(content: Record<string, unknown>) {
        await gate.opened;
        return super.getActionName(content);
      }
    }
    const client = await connect(await startServer(Slow, { maxInFlight: 2 }));
    for (const id of [1, 2, 3]) client.sendJson({ action: "none", request_id: id });
    expect(await client.receiveJson()).toMatchObject({ request_id: 3, response_status: 429 });
    gate.open();
    for (const id of [1, 2]) expect(await client.receiveJson()).toMatchObject({ request_id: id, response_status: 405 });
  });

  test("a throttle counts a user over all connections and leaves others alone", async () => {
    class Twice extends UserRateThrottle {
      override readonly rate = "2/hour";
    }
    class Throttled extends AsyncAPIConsumer {
      override throttleClasses = [Twice];
      hello = action(() => "hello");
    }
    const server = await startServer(Throttled, { authenticate: ({ query }) => ({ user: { id: Number(query.get("user")) } }) });
    const ask = async (user: number) => {
      const client = await connectWebsocket(`${server.url}/ws/?user=${user}`);
      onCleanup(() => client.close());
      client.sendJson({ action: "hello", request_id: 1 });
      return ((await client.receiveJson()) as { response_status: number }).response_status;
    };
    expect([await ask(1), await ask(1), await ask(1), await ask(2)]).toEqual([200, 200, 429, 200]);
  });
});

describe("every collection of a connection has a cap", () => {
  test("payloads for a stream that is still connecting are kept up to both caps together, the rest is answered 429", async () => {
    const gate = new Gate();
    class Late extends AsyncAPIConsumer {
      override async connect() {
        await gate.opened;
      }
      hello = action(() => "hello");
    }
    class Early extends AsyncAPIConsumer {}
    const limits = { maxInFlight: 3, maxSubscriptions: 1 };
    const client = await connect(await startServer(Multiplexer({ late: Late, early: Early }), limits));
    for (let n = 1; n <= 6; n += 1) client.sendJson({ stream: "late", payload: { action: "hello", request_id: n } });
    for (let n = 5; n <= 6; n += 1)
      expect(await client.receiveJson()).toMatchObject({ payload: { request_id: n, response_status: 429 } });
    gate.open();
    // The consumer has the cap of requests by itself.
    for (const [n, response_status] of [
      [4, 429],
      [1, 200],
      [2, 200],
      [3, 200],
    ])
      expect(await client.receiveJson()).toMatchObject({ payload: { request_id: n, response_status } });
  });

  test("answers that a client does not read stay under the cap, and it is closed with 4429 or held back", async () => {
    const { port, serverSocket } = await serverWithSocket({ softBufferedBytes: 256 * KIBIBYTE });
    const client = await connectRaw(port);
    client.write(handshakeBytes(port));
    await readUntil(client, "\r\n\r\n");
    client.pause();
    const socket = serverSocket();
    const paused = once(socket, "pause");
    const frames = Buffer.concat(Array(64).fill(clientFrame(TEXT, "x".repeat(60_000))));
    let most = 0;
    for (let sent = 0; sent < 64 * MEBIBYTE && !socket.isPaused(); sent += frames.length) {
      if (!client.write(frames)) await Promise.race([once(client, "drain"), paused]);
      most = Math.max(most, socket.writableLength);
    }
    await paused;
    expect(most).toBeLessThan(2 * MEBIBYTE);
  });

  test("5,000 hostile frames leave nothing behind on the server's heap", async () => {
    class Plain extends AsyncAPIConsumer {
      hello = action({ input: z.object({ to: z.string() }) }, () => "hello");
    }
    const connections: Connection[] = [];
    class Watched extends Plain {
      constructor(connection: Connection) {
        super(connection);
        connections.push(connection);
      }
    }
    const client = await connect(await startServer(Watched, { logger: new MemoryLogger(), startChecks: "off" }));
    const flood = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        // 20 MiB of it in all.
        const junk = `${n}-${"j".repeat(2000)}`;
        client.sendText(JSON.stringify({ action: n % 2 ? junk : "hello", request_id: n, [junk]: junk, to: n }));
        if (n % 50 === 49) for (let got = 0; got < 50; got += 1) await client.receiveText();
      }
    };
    await flood(1000);
    const before = heapAfterCollection();
    await flood(5000);
    expect(heapAfterCollection() - before).toBeLessThan(8 * MEBIBYTE);
    expect(connections).toHaveLength(1);
  });
});

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapAfterCollection(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
