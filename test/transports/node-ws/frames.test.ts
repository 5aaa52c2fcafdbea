import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/consumers/connection.ts";
import { BINARY, clientFrame, connectRaw, handshakeBytes, readUntil, TEXT } from "../raw-peer.ts";
import { EchoSession, Gate } from "../sessions.ts";
import { connect, startServer } from "../test-server.ts";

describe("frames from a client", () => {
  test("a text frame reaches the consumer as a string, a binary frame as bytes", async () => {
    const received: unknown[] = [];
    class Recording extends EchoSession {
      override websocketReceive(frame: string | Uint8Array): void {
        received.push(frame);
        super.websocketReceive(frame);
      }
    }
    const client = await connect(await startServer(Recording));
    client.sendText("text");
    client.sendBytes(new Uint8Array([0, 255]));
    expect(await client.receiveText()).toBe("text");
    expect([...(await client.receiveBytes())]).toEqual([0, 255]);
    expect(received[0]).toBe("text");
    expect(received[1]).toBeInstanceOf(Uint8Array);
  });

  test("1.5 frames that are sent right behind the handshake are answered after it, and none is lost", async () => {
    const accept = new Gate();
    class Slow extends EchoSession {
      override websocketConnect = (): Promise<void> => accept.opened;
    }
    const { port } = await startServer(Slow);
    const socket = await connectRaw(port);
    socket.write(Buffer.concat([Buffer.from(handshakeBytes(port)), clientFrame(TEXT, "first")]), () => {
      socket.write(clientFrame(TEXT, "second"), () => accept.open());
    });
    expect(await readUntil(socket, "second")).toContain("\x81\x05first\x81\x06second");
  });

  test("a frame above maxFrameBytes closes with 1009, one of exactly that size does not", async () => {
    const server = await startServer(EchoSession, { maxFrameBytes: 1000 });
    const client = await connect(server);
    client.sendText("x".repeat(1000));
    expect(await client.receiveText()).toHaveLength(1000);
    client.sendText("x".repeat(1001));
    expect(await client.receiveClose()).toMatchObject({ code: 1009 });
  });

  test("text that is not UTF-8 closes with 1007", async () => {
    const { port } = await startServer();
    const socket = await connectRaw(port);
    socket.write(handshakeBytes(port));
    socket.write(clientFrame(TEXT, new Uint8Array([0xed, 0xa0, 0x80])));
    expect(await readUntil(socket, "\x88\x02\x03\xef")).toContain("\x88\x02\x03\xef");
  });

  test("a frame that breaks RFC 6455 closes with 1002 and harms nobody else", async () => {
    const server = await startServer();
    const other = await connect(server);
    const socket = await connectRaw(server.port);
    socket.write(handshakeBytes(server.port));
    socket.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
    expect(await readUntil(socket, "\x88\x02\x03\xea")).toContain("\x88\x02\x03\xea");
    other.sendText("still here");
    expect(await other.receiveText()).toBe("still here");
  });

  test("a session that throws on a frame is closed with 1011", async () => {
    class Throwing extends EchoSession {
      override websocketReceive(): void {
        throw new TypeError("bug");
      }
    }
    const logged: string[] = [];
    const log = (_details: object, message: string): number => logged.push(message);
    const client = await connect(await startServer(Throwing, { logger: { error: log, warn: log, info: log } }));
    client.sendText("x");
    expect(await client.receiveClose()).toMatchObject({ code: 1011 });
    expect(logged).toEqual(["A consumer failed in websocketReceive."]);
  });

  test("a binary frame may be empty", async () => {
    const { port } = await startServer();
    const socket = await connectRaw(port);
    socket.write(handshakeBytes(port));
    socket.write(Buffer.concat([clientFrame(BINARY, ""), clientFrame(TEXT, "end")]));
    expect(await readUntil(socket, "end")).toContain("\x82\x00\x81\x03end");
  });
});

describe("frames to a client", () => {
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

  test("text of every length class arrives whole, ASCII or not", async () => {
    class Sender extends EchoSession {
      override async websocketConnect(): Promise<void> {
        for (const length of lengths) {
          this.connection.send("a".repeat(length));
          this.connection.send("é".repeat(length));
          this.connection.send("\u{1F30A}".repeat(length));
          this.connection.sendBytes(new Uint8Array(length).fill(200));
        }
      }
    }
    const client = await connect(await startServer(Sender));
    for (const length of lengths) {
      expect(await client.receiveText()).toBe("a".repeat(length));
      expect(await client.receiveText()).toBe("é".repeat(length));
      expect(await client.receiveText()).toBe("\u{1F30A}".repeat(length));
      expect(Buffer.from(await client.receiveBytes()).equals(Buffer.alloc(length, 200))).toBe(true);
    }
  });

  test("what is sent in one tick arrives as separate messages in order, between pongs too", async () => {
    class Burst extends EchoSession {
      override websocketReceive(): void {
        for (let index = 0; index < 1000; index += 1) this.connection.send(index % 7 === 0 ? `é${index}` : String(index));
      }
    }
    const client = await connect(await startServer(Burst));
    client.sendText("go");
    for (let index = 0; index < 10; index += 1) client.socket.ping();
    for (let index = 0; index < 1000; index += 1)
      expect(await client.receiveText()).toBe(index % 7 === 0 ? `é${index}` : String(index));
  });

  test("what the consumer sends while it connects arrives first", async () => {
    class Greeting extends EchoSession {
      override async websocketConnect(): Promise<void> {
        this.connection.send("welcome");
      }
    }
    const client = await connect(await startServer(Greeting));
    client.sendText("hi");
    expect(await client.receiveText()).toBe("welcome");
    expect(await client.receiveText()).toBe("hi");
  });

  test("a lone surrogate is sent as the replacement character, so the text stays valid UTF-8", async () => {
    class Surrogate extends EchoSession {
      override websocketReceive(): void {
        this.connection.send('"\ud800"');
      }
    }
    const client = await connect(await startServer(Surrogate));
    client.sendText("x");
    expect(await client.receiveText()).toBe('"\ufffd"');
  });

  test("with perMessageDeflate frames are compressed, and order and content stay", async () => {
    class Twice extends EchoSession {
      override async websocketConnect(): Promise<void> {
        this.connection.send("early");
      }
    }
    const client = await connect(await startServer(Twice, { perMessageDeflate: { threshold: 0 } }), { perMessageDeflate: true });
    expect(client.socket.extensions).toContain("permessage-deflate");
    for (const text of ["é".repeat(5000), "short", "x".repeat(70_000)]) client.sendText(text);
    client.sendBytes(new Uint8Array([1, 2, 3]));
    expect(await client.receiveText()).toBe("early");
    expect(await client.receiveText()).toBe("é".repeat(5000));
    expect(await client.receiveText()).toBe("short");
    expect(await client.receiveText()).toBe("x".repeat(70_000));
    expect([...(await client.receiveBytes())]).toEqual([1, 2, 3]);
  });
});

describe("closing", () => {
  /** Does with its connection what the test says as soon as a frame comes. */
  function acting(act: (connection: Connection) => void, ended: Gate<number> = new Gate()): typeof EchoSession {
    return class extends EchoSession {
      override websocketReceive(): void {
        act(this.connection);
      }
      override async websocketDisconnect(code: number): Promise<void> {
        ended.open(code);
      }
    };
  }

  test("what was sent before arrives before the close frame, and what is sent after does not", async () => {
    const Consumer = acting((connection) => {
      connection.send("before");
      connection.close(4001, "enough");
      connection.send("after");
      connection.close(4002);
    });
    const client = await connect(await startServer(Consumer));
    client.sendText("x");
    expect(await client.receiveText()).toBe("before");
    expect(await client.receiveClose()).toEqual({ code: 4001, reason: "enough" });
  });

  test("a code that RFC 6455 forbids to send becomes 1011", async () => {
    const client = await connect(await startServer(acting((connection) => connection.close(1006))));
    client.sendText("x");
    expect(await client.receiveClose()).toMatchObject({ code: 1011 });
  });

  test("a reason longer than a close frame holds is cut between characters", async () => {
    const client = await connect(await startServer(acting((connection) => connection.close(4000, "é".repeat(100)))));
    client.sendText("x");
    expect(await client.receiveClose()).toEqual({ code: 4000, reason: "é".repeat(61) });
  });

  test("a consumer that closes while it connects opens and closes with its code", async () => {
    class Closing extends EchoSession {
      override async websocketConnect(): Promise<void> {
        this.connection.send("bye");
        this.connection.close(4003);
      }
    }
    const client = await connect(await startServer(Closing));
    expect(await client.receiveText()).toBe("bye");
    expect(await client.receiveClose()).toMatchObject({ code: 4003 });
  });

  test("the consumer learns the client's code, once", async () => {
    const ended = new Gate<number>();
    const client = await connect(await startServer(acting(() => {}, ended)));
    await client.close(4123);
    expect(await ended.opened).toBe(4123);
  });

  test("the consumer learns 1006 when the client vanishes", async () => {
    const ended = new Gate<number>();
    const client = await connect(await startServer(acting(() => {}, ended)));
    client.socket.terminate();
    expect(await ended.opened).toBe(1006);
  });

  test("sending to a client that has gone is ignored", async () => {
    const ended = new Gate<number>();
    let connection: Connection | null = null;
    const server = await startServer(acting((used) => (connection = used), ended));
    const client = await connect(server);
    client.sendText("x");
    await client.close();
    await ended.opened;
    const gone = connection as Connection | null;
    expect(() => {
      gone?.send("x");
      gone?.sendBytes(new Uint8Array(1));
      gone?.close();
    }).not.toThrow();
    expect(gone).not.toBeNull();
  });
});
