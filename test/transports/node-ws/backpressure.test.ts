import { expect, test } from "vitest";
import type { Connection } from "../../../src/consumers/connection.ts";
import { clientFrame, connectRaw, handshakeBytes, readUntil, TEXT } from "../raw-peer.ts";
import { EchoSession, Gate } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

const MEBIBYTE = 1024 * 1024;

test("a reader that takes nothing is closed with 4429 once maxBufferedBytes wait for it, and nobody else notices", async () => {
  const ended = new Gate<number>();
  let sent = 0;
  class Flood extends EchoSession {
    override websocketReceive(frame: string | Uint8Array): void {
      if (frame === "flood") this.flood();
      else super.websocketReceive(frame);
    }
    private flood(): void {
      if (ended.isOpen) return;
      this.connection.send("x".repeat(MEBIBYTE));
      sent += MEBIBYTE;
      setImmediate(() => this.flood());
    }
    override async websocketDisconnect(code: number): Promise<void> {
      if (code !== 1000) ended.open(code);
    }
  }
  const server = await startServer(Flood, { maxBufferedBytes: 4 * MEBIBYTE, closeTimeout: 50 });
  const other = await connect(server);
  const slow = await connectRaw(server.port);
  slow.write(handshakeBytes(server.port));
  await readUntil(slow, "\r\n\r\n");
  slow.pause();
  const before = process.memoryUsage().arrayBuffers;
  slow.write(clientFrame(TEXT, "flood"));
  expect(await ended.opened).toBe(4429);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MEBIBYTE);
  expect(sent).toBeGreaterThanOrEqual(4 * MEBIBYTE);
  other.sendText("still here");
  expect(await other.receiveText()).toBe("still here");
});

test("while more than softBufferedBytes wait, nothing is read from the client; once it has read, everything is answered", async () => {
  const taken = new Gate();
  let received = 0;
  class Counting extends EchoSession {
    override websocketReceive(): void {
      received += 1;
      this.connection.send("y".repeat(MEBIBYTE));
      if (received === 201) taken.open();
    }
  }
  const server = await startServer(Counting, { softBufferedBytes: 64 * 1024, maxBufferedBytes: 64 * MEBIBYTE });
  const slow = await connectRaw(server.port);
  slow.write(handshakeBytes(server.port));
  await readUntil(slow, "\r\n\r\n");
  slow.pause();
  for (let index = 0; index < 200; index += 1) slow.write(clientFrame(TEXT, "p".repeat(60_000)));
  const fast = await connect(server);
  fast.sendText("x");
  await fast.receiveText();
  expect(received).toBeLessThan(100);
  let bytes = 0;
  slow.on("data", (chunk) => (bytes += chunk.length));
  slow.resume();
  await taken.opened;
  await expect.poll(() => bytes).toBe(200 * (MEBIBYTE + 10));
});

test("whenWritable is null while the reader keeps up and resolves when it has caught up", async () => {
  const finished = new Gate<number>();
  class Streaming extends EchoSession {
    override websocketReceive(): void {
      void this.stream();
    }
    private async stream(): Promise<void> {
      expect(this.connection.whenWritable?.()).toBeNull();
      let waits = 0;
      for (let index = 0; index < 64; index += 1) {
        this.connection.send("z".repeat(MEBIBYTE));
        const wait = this.connection.whenWritable?.() ?? null;
        if (wait !== null) waits += 1;
        await wait;
      }
      finished.open(waits);
    }
  }
  const server = await startServer(Streaming, { softBufferedBytes: MEBIBYTE, maxBufferedBytes: 4 * MEBIBYTE });
  const client = await connect(server);
  client.sendText("go");
  for (let index = 0; index < 64; index += 1) expect(await client.receiveText()).toHaveLength(MEBIBYTE);
  expect(await finished.opened).toBeGreaterThan(0);
});

test("whenWritable resolves when the connection ends while it waits", async () => {
  const waiting = new Gate();
  const over = new Gate();
  class Waiting extends EchoSession {
    override websocketReceive(): void {
      this.connection.send("z".repeat(32 * MEBIBYTE));
      void this.connection.whenWritable?.()?.then(() => over.open());
      waiting.open();
    }
  }
  const server = await startServer(Waiting, { maxBufferedBytes: 64 * MEBIBYTE });
  const slow = await connectRaw(server.port);
  slow.write(handshakeBytes(server.port));
  await readUntil(slow, "\r\n\r\n");
  slow.pause();
  slow.write(clientFrame(TEXT, "x"));
  await waiting.opened;
  slow.resetAndDestroy();
  await over.opened;
});

test("one frame larger than maxBufferedBytes reaches a reader that keeps up", async () => {
  class Large extends EchoSession {
    override websocketReceive(): void {
      this.connection.send("w".repeat(4 * MEBIBYTE));
    }
  }
  const client = await connect(await startServer(Large, { maxBufferedBytes: MEBIBYTE }));
  client.sendText("x");
  expect(await client.receiveText()).toHaveLength(4 * MEBIBYTE);
});

test("compressed output counts too", async () => {
  const ended = new Gate<number>();
  let used: Connection | null = null;
  class Incompressible extends EchoSession {
    override websocketReceive(): void {
      used = this.connection;
      for (let index = 0; index < 8; index += 1) this.connection.send("v".repeat(MEBIBYTE));
    }
    override async websocketDisconnect(code: number): Promise<void> {
      ended.open(code);
    }
  }
  const server = await startServer(Incompressible, { perMessageDeflate: true, maxBufferedBytes: 4 * MEBIBYTE });
  const client = await connect(server, { perMessageDeflate: true });
  client.sendText("x");
  expect(await ended.opened).toBe(4429);
  expect(used).not.toBeNull();
});
