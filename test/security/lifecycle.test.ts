import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import {
  action,
  type ActionContext,
  AsyncAPIConsumer,
  type ConsumerClass,
  Multiplexer,
  PermissionDenied,
  type RestwaveServer,
} from "../../src/index.ts";
import { connectWebsocket, HandshakeRefused, type WebsocketClient } from "../../src/testing.ts";
import { connectRaw, handshakeBytes } from "../transports/raw-peer.ts";
import { Gate, MemoryLogger } from "../transports/sessions.ts";
import { connect, onCleanup, startServer } from "../transports/test-server.ts";

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

async function statusOf(server: RestwaveServer): Promise<number> {
  try {
    await connectWebsocket(`${server.url}/ws/`);
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

/** Counts what its connections begin and end. */
class Counts {
  connected = 0;
  disconnected = 0;
  started = 0;
  aborted = 0;
  streaming = 0;
  finalised = 0;
}

/** Requests that end only when their client does. */
function countingConsumer(counts: Counts): ConsumerClass {
  return class extends AsyncAPIConsumer {
    override async connect() {
      counts.connected += 1;
    }
    override async disconnect() {
      counts.disconnected += 1;
    }
    wait = action({ detached: true }, (_input, { signal }: ActionContext) => {
      counts.started += 1;
      return new Promise<null>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          counts.aborted += 1;
          reject(new Error("aborted"));
        });
      });
    });
    count = action(async function* (_input, { signal }: ActionContext) {
      counts.streaming += 1;
      try {
        for (let n = 0; !signal.aborted; n += 1) {
          yield "x".repeat(500);
          await setImmediate();
        }
      } finally {
        counts.finalised += 1;
      }
    });
    hello = action(() => "hello");
  };
}

async function expectHello(client: WebsocketClient): Promise<void> {
  client.sendJson({ action: "hello", request_id: "alive" });
  expect(await client.receiveJson()).toMatchObject({ response_status: 200, data: "hello", request_id: "alive" });
}

describe("500 clients that vanish with requests and streams under way", () => {
  test.each([
    ["plain", (consumer: ConsumerClass) => consumer, (frame: object) => frame, 1],
    [
      "multiplexed",
      (consumer: ConsumerClass) => Multiplexer({ a: consumer, b: consumer }),
      (payload: object) => ({ stream: "a", payload }),
      2,
    ],
  ] as const)(
    "%s: leave no session, request, generator or timer behind, and another client notices nothing",
    async (_name, consumerOf, frameOf, sessions) => {
      const counts = new Counts();
      const logger = new MemoryLogger();
      const server = await startServer(consumerOf(countingConsumer(counts)), { logger });
      const bystander = await connect(server);
      const before = timers();
      const clients: WebsocketClient[] = [];
      for (let batch = 0; batch < 10; batch += 1) {
        clients.push(...(await Promise.all(Array.from({ length: 50 }, () => connectWebsocket(`${server.url}/ws/`)))));
      }
      for (const client of clients) {
        client.sendJson(frameOf({ action: "wait", request_id: 1 }));
        client.sendJson(frameOf({ action: "count", request_id: 2 }));
      }
      await until(() => counts.started === 500 && counts.streaming === 500);
      expect(server.connections).toBe(501);
      for (const client of clients) client.socket.terminate();
      await until(() => server.connections === 1 && counts.finalised === 500 && counts.disconnected === 500 * sessions);
      expect(counts).toEqual({
        connected: 501 * sessions,
        disconnected: 500 * sessions,
        started: 500,
        aborted: 500,
        streaming: 500,
        finalised: 500,
      });
      expect(timers()).toBeLessThanOrEqual(before);
      expect(logger.entries).toEqual([]);
      bystander.sendJson(frameOf({ action: "hello", request_id: 1 }));
      expect(await bystander.receiveText()).toContain('"data":"hello"');
    },
  );
});

describe("a consumer that fails", () => {
  test("in connect() refuses the handshake with 500, or its exception's status, and keeps no session", async () => {
    const logger = new MemoryLogger();
    const failures = [new Error("secret"), new PermissionDenied()];
    class Failing extends AsyncAPIConsumer {
      override async connect() {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
      }
      hello = action(() => "hello");
    }
    const server = await startServer(Failing, { logger });
    expect([await statusOf(server), await statusOf(server)]).toEqual([500, 403]);
    expect(server.connections).toBe(0);
    expect(logger.entries).toHaveLength(1);
    await expectHello(await connect(server));
  });

  test("in disconnect() is logged and gone, and the next client is served", async () => {
    const logger = new MemoryLogger();
    class Failing extends AsyncAPIConsumer {
      override async disconnect() {
        throw new Error("cannot say goodbye");
      }
      hello = action(() => "hello");
    }
    const server = await startServer(Failing, { logger });
    for (let n = 0; n < 20; n += 1) (await connect(server)).socket.terminate();
    await until(() => logger.entries.length === 20);
    await until(() => server.connections === 0);
    await expectHello(await connect(server));
  });

  test("in connect() for ever keeps its place in the line when its client leaves: what still runs is bounded", async () => {
    let begun = 0;
    class Hanging extends AsyncAPIConsumer {
      override connect() {
        begun += 1;
        return new Promise<void>(() => {});
      }
    }
    const server = await startServer(Hanging, { maxConnections: 3, handshakeTimeout: 60_000 });
    const peers = await Promise.all([1, 2, 3].map(() => connectRaw(server.port)));
    for (const peer of peers) peer.write(handshakeBytes(server.port));
    await until(() => begun === 3);
    for (const peer of peers) peer.resetAndDestroy();
    for (let round = 0; round < 5; round += 1) expect(await statusOf(server)).toBe(503);
    expect(begun).toBe(3);
  });

  test("in an action that never ends is told so by its signal, and keeps neither others nor close() waiting", async () => {
    const signals: AbortSignal[] = [];
    class Endless extends AsyncAPIConsumer {
      endless = action((_input, { signal }) => {
        signals.push(signal);
        return new Promise<null>(() => {});
      });
      hello = action(() => "hello");
    }
    const server = await startServer(Endless);
    const leaving = await connect(server);
    leaving.sendJson({ action: "endless", request_id: 1 });
    await until(() => signals.length === 1);
    leaving.socket.terminate();
    await until(() => signals[0]!.aborted);
    await expectHello(await connect(server));
    await server.close();
  });

  test("in a generator's finally after its client has left harms nobody", async () => {
    const logger = new MemoryLogger();
    const ended = new Gate();
    class Failing extends AsyncAPIConsumer {
      stream = action(async function* () {
        try {
          for (;;) {
            yield 1;
            await setImmediate();
          }
        } finally {
          ended.open();
          await Promise.reject(new Error("cannot clean up"));
        }
      });
      hello = action(() => "hello");
    }
    const server = await startServer(Failing, { logger });
    const leaving = await connect(server);
    leaving.sendJson({ action: "stream", request_id: 1 });
    await leaving.receiveText();
    leaving.socket.terminate();
    await ended.opened;
    await until(() => server.connections === 0);
    await expectHello(await connect(server));
  });
});

describe("a logger that fails", () => {
  test("costs no answer and no server", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    onCleanup(async () => lines.mockRestore());
    const broken = (): never => {
      throw new Error("the disk is full");
    };
    class Failing extends AsyncAPIConsumer {
      override async disconnect() {
        throw new Error("cannot say goodbye");
      }
      fail = action(() => broken());
      hello = action(() => "hello");
    }
    const server = await startServer(Failing, { logger: { error: broken, warn: broken, info: broken } });
    const client = await connect(server);
    client.sendJson({ action: "fail", request_id: 1 });
    expect(await client.receiveJson()).toMatchObject({ response_status: 500, request_id: 1 });
    client.socket.terminate();
    await until(() => server.connections === 0);
    await expectHello(await connect(server));
    expect(lines.mock.calls).toEqual([["The logger failed: Error."], ["The logger failed: Error."]]);
  });
});

describe("server.close()", () => {
  test("in the middle of handshakes, requests, streams and vanishing clients resolves and leaves nothing", async () => {
    const counts = new Counts();
    const connecting = new Gate();
    const Counting = countingConsumer(counts);
    let slow = 0;
    class Slow extends (Counting as typeof AsyncAPIConsumer) {
      override async connect() {
        await super.connect();
        if (this.scope.query.has("slow")) {
          slow += 1;
          await connecting.opened;
        }
      }
    }
    const server = await startServer(Slow, { logger: new MemoryLogger() });
    const clients = await Promise.all(Array.from({ length: 60 }, () => connectWebsocket(`${server.url}/ws/`)));
    const late = Array.from({ length: 20 }, () =>
      connectWebsocket(`${server.url}/ws/?slow`).then(
        () => 101,
        (error: HandshakeRefused) => error.status,
      ),
    );
    for (const client of clients) client.sendJson({ action: "wait", request_id: 1 });
    for (const client of clients) client.sendJson({ action: "count", request_id: 2 });
    await until(() => counts.streaming === 60 && slow === 20);
    const closed = server.close();
    for (const client of clients.slice(0, 30)) client.socket.terminate();
    expect(new Set(await Promise.all(late))).toEqual(new Set([503]));
    await closed;
    connecting.open();
    await until(() => counts.disconnected === counts.connected);
    expect(server.connections).toBe(0);
    expect(counts).toMatchObject({ aborted: 60, finalised: 60 });
  });
});
