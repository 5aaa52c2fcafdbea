import { expect, test } from "vitest";
import { ImproperlyConfigured } from "../../../src/protocol/exceptions.ts";
import { clientFrame, connectRaw, handshakeBytes, readUntil, TEXT } from "../raw-peer.ts";
import { EchoSession, Gate } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

/** Answers a frame only when the gate opens; says what it was told. */
function working(finish: Gate, told: string[] = []): { Consumer: typeof EchoSession; started: Gate } {
  const started = new Gate();
  class Consumer extends EchoSession {
    private work: Promise<void> = Promise.resolve();
    override websocketReceive(frame: string | Uint8Array): void {
      told.push(String(frame));
      started.open();
      this.work = finish.opened.then(() => super.websocketReceive(frame));
    }
    websocketDrain(): Promise<void> {
      told.push("drain");
      return this.work;
    }
    override async websocketDisconnect(code: number): Promise<void> {
      told.push(`disconnect ${code}`);
    }
  }
  return { Consumer, started };
}

test("close() lets a request under way finish and answer, then closes with 1001", async () => {
  const finish = new Gate();
  const told: string[] = [];
  const { Consumer, started } = working(finish, told);
  const server = await startServer(Consumer, { drainTimeout: 9000 });
  const client = await connect(server);
  client.sendText("work");
  await started.opened;
  const closed = server.close();
  client.sendText("too late");
  finish.open();
  expect(await client.receiveText()).toBe("work");
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  await closed;
  expect(told).toEqual(["work", "drain", "disconnect 1001"]);
  expect(server.connections).toBe(0);
});

test("a request that does not finish is cut off after drainTimeout, and its client still sees 1001", async () => {
  const { Consumer, started } = working(new Gate());
  const server = await startServer(Consumer, { drainTimeout: 100 });
  const client = await connect(server);
  client.sendText("work");
  await started.opened;
  await server.close();
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
});

test("a client that does not answer the close frame is cut off", async () => {
  const server = await startServer(EchoSession, { drainTimeout: 100 });
  const socket = await connectRaw(server.port);
  socket.write(handshakeBytes(server.port));
  await readUntil(socket, "\r\n\r\n");
  await server.close();
  expect(server.connections).toBe(0);
});

test("a session whose end never comes does not hold up close()", async () => {
  class Stuck extends EchoSession {
    override websocketDisconnect = (): Promise<void> => new Gate().opened;
  }
  const server = await startServer(Stuck, { drainTimeout: 100 });
  const client = await connect(server);
  await server.close();
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
});

test("a client that has left is not counted while its session does not end, and its place is free", async () => {
  const told: number[] = [];
  class Stuck extends EchoSession {
    override websocketDisconnect = (code: number): Promise<void> => {
      told.push(code);
      return new Gate().opened;
    };
  }
  const server = await startServer(Stuck, { drainTimeout: 100, maxConnections: 1 });
  for (let client = 0; client < 3; client += 1) {
    await (await connect(server)).close();
    await expect.poll(() => server.connections).toBe(0);
  }
  expect(told).toEqual([1000, 1000, 1000]);
  await server.close();
});

test("close() waits for the sessions of clients that have left before", async () => {
  const finish = new Gate();
  const told: string[] = [];
  class Slow extends EchoSession {
    override async websocketDisconnect(): Promise<void> {
      told.push("left");
      await finish.opened;
      told.push("ended");
    }
  }
  const server = await startServer(Slow, { drainTimeout: 9000 });
  await (await connect(server)).close();
  await expect.poll(() => told).toEqual(["left"]);
  const closed = server.close().then(() => told.push("closed"));
  finish.open();
  await closed;
  expect(told).toEqual(["left", "ended", "closed"]);
});

test("a handshake under way is refused with 503", async () => {
  const asked = new Gate();
  const server = await startServer(EchoSession, {
    authenticate: () => {
      asked.open();
      return new Gate<null>().opened;
    },
  });
  const refused = expect(connect(server)).rejects.toMatchObject({ status: 503 });
  await asked.opened;
  await server.close();
  await refused;
});

test("no new connection is taken once close() was called", async () => {
  const finish = new Gate();
  const { Consumer, started } = working(finish);
  const server = await startServer(Consumer, { drainTimeout: 9000 });
  const client = await connect(server);
  client.sendText("work");
  await started.opened;
  const closed = server.close();
  await expect(connect(server)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  finish.open();
  await closed;
});

test("close() may be called twice", async () => {
  const server = await startServer();
  await Promise.all([server.close(), server.close()]);
  await server.close();
});

test("a failing websocketDrain or websocketDisconnect is logged and harms nobody", async () => {
  const logged: string[] = [];
  const log = (_details: object, message: string): number => logged.push(message);
  class Failing extends EchoSession {
    async websocketDrain(): Promise<void> {
      throw new ImproperlyConfigured("drain");
    }
    override async websocketDisconnect(): Promise<void> {
      throw new ImproperlyConfigured("disconnect");
    }
  }
  const server = await startServer(Failing, { logger: { error: log, warn: log, info: log } });
  const client = await connect(server);
  await server.close();
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  expect(logged).toEqual(["A consumer failed in websocketDrain.", "A consumer failed in websocketDisconnect."]);
});

test("frames of a client that goes away at once are still delivered to the consumer", async () => {
  const { Consumer, started } = working(new Gate());
  const server = await startServer(Consumer);
  const socket = await connectRaw(server.port);
  socket.end(Buffer.concat([Buffer.from(handshakeBytes(server.port)), clientFrame(TEXT, "last words")]));
  await started.opened;
  await expect.poll(() => server.connections).toBe(0);
});
