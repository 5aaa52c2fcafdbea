import { expect, test } from "vitest";
import { connectRaw, handshakeBytes, readUntil, clientFrame, TEXT } from "../raw-peer.ts";
import { EchoSession, Gate } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

const quick = { heartbeatInterval: 40, heartbeatTimeout: 20 };
const patient = { heartbeatInterval: 500, heartbeatTimeout: 500 };
const CLOSE_4408 = "\x11\x38No pong";

function endingWith(ended: Gate<number>): typeof EchoSession {
  return class extends EchoSession {
    override async websocketDisconnect(code: number): Promise<void> {
      ended.open(code);
    }
  };
}

test("a half-open peer that answers no ping is dropped, and its consumer ends with 4408", async () => {
  const ended = new Gate<number>();
  const server = await startServer(endingWith(ended), quick);
  const socket = await connectRaw(server.port);
  socket.write(handshakeBytes(server.port));
  expect(await readUntil(socket, CLOSE_4408)).toContain("\x89\x00");
  expect(await ended.opened).toBe(4408);
  await expect.poll(() => server.connections).toBe(0);
});

test("a client that answers pings stays through many heartbeats", async () => {
  const server = await startServer(EchoSession, patient);
  const client = await connect(server);
  const pings = new Gate();
  let count = 0;
  client.socket.on("ping", () => {
    count += 1;
    if (count === 3) pings.open();
  });
  await pings.opened;
  client.sendText("alive");
  expect(await client.receiveText()).toBe("alive");
});

test("a pong that waits while the whole process is busy counts", async () => {
  const ended = new Gate<number>();
  const server = await startServer(endingWith(ended), quick);
  const client = await connect(server);
  const answered = new Gate();
  client.socket.once("ping", () => {
    // The pong has been written to the kernel; now nobody reads until long after the time-out.
    const until = performance.now() + 100;
    while (performance.now() < until);
    setTimeout(() => answered.open(), 30);
  });
  await answered.opened;
  expect(ended.isOpen).toBe(false);
  client.sendText("alive");
  expect(await client.receiveText()).toBe("alive");
});

test("a frame is a sign of life as good as a pong", async () => {
  const server = await startServer(EchoSession, patient);
  const socket = await connectRaw(server.port);
  socket.write(handshakeBytes(server.port));
  let pings = 0;
  const many = new Gate();
  socket.on("data", (chunk) => {
    if (!chunk.toString("latin1").includes("\x89\x00")) return;
    socket.write(clientFrame(TEXT, "busy"));
    pings += 1;
    if (pings === 3) many.open();
  });
  await many.opened;
  expect(server.connections).toBe(1);
});

test("a reader that takes nothing for a whole heartbeat is closed with 4429", async () => {
  const ended = new Gate<number>();
  class Large extends endingWith(ended) {
    override websocketReceive(): void {
      this.connection.send("x".repeat(32 * 1024 * 1024));
    }
  }
  const server = await startServer(Large, { ...quick, maxBufferedBytes: Infinity, closeTimeout: 20 });
  const slow = await connectRaw(server.port);
  slow.write(handshakeBytes(server.port));
  await readUntil(slow, "\r\n\r\n");
  slow.pause();
  slow.write(clientFrame(TEXT, "x"));
  expect(await ended.opened).toBe(4429);
});

test("a heartbeatInterval of 0 sends no pings", async () => {
  const server = await startServer(EchoSession, { heartbeatInterval: 0 });
  const client = await connect(server);
  client.socket.on("ping", () => client.socket.terminate());
  await client.receiveNothing(60);
});
