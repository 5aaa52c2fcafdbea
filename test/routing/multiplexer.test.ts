import { describe, expect, expectTypeOf, test } from "vitest";
import type { Connection, ConsumerSession } from "../../src/consumers/connection.ts";
import { resolveSettings } from "../../src/consumers/settings.ts";
import { ImproperlyConfigured, NotAuthenticated, PermissionDenied } from "../../src/protocol/exceptions.ts";
import { Multiplexer } from "../../src/routing/multiplexer.ts";
import { WebsocketCommunicator } from "../../src/testing/websocket-communicator.ts";
import { EchoSession, Gate, MemoryLogger } from "../transports/sessions.ts";

class Refusing extends EchoSession {
  override async websocketConnect(): Promise<void> {
    throw new PermissionDenied();
  }
}

class RefusingAnonymous extends EchoSession {
  override async websocketConnect(): Promise<void> {
    throw new NotAuthenticated();
  }
}

class Failing extends EchoSession {
  override async websocketConnect(): Promise<void> {
    throw new TypeError("secret");
  }
}

/** Accepts when the gate opens; refuses when it gives an error. */
function waitingFor(gate: Gate<Error | null>, ended: Gate<number> = new Gate()): typeof EchoSession {
  return class extends EchoSession {
    override async websocketConnect(): Promise<void> {
      const error = await gate.opened;
      if (error !== null) throw error;
    }
    override async websocketDisconnect(code: number): Promise<void> {
      ended.open(code);
    }
  };
}

/** Closes its stream with the code that a frame names. */
class Closing extends EchoSession {
  override websocketReceive(frame: string | Uint8Array): void {
    this.connection.close(JSON.parse(String(frame)).code, "as asked");
    this.connection.send('{"after":"close"}');
  }
}

async function connected(
  streams: Parameters<typeof Multiplexer>[0],
  options: ConstructorParameters<typeof WebsocketCommunicator>[1] = {},
): Promise<WebsocketCommunicator> {
  const communicator = new WebsocketCommunicator(Multiplexer(streams), options);
  expect(await communicator.connect()).toMatchObject({ connected: true });
  return communicator;
}

function errorFrame(
  stream: string | null,
  status: number,
  requestId: unknown = null,
  errors: unknown = expect.any(Array),
): unknown {
  return { stream, payload: { errors, data: null, action: null, response_status: status, request_id: requestId } };
}

test("8.1 a frame goes to the stream that it names and the answer comes from that stream", async () => {
  const communicator = await connected({ users: EchoSession, rooms: EchoSession });
  communicator.sendText('{"stream":"users","payload":{"a":1}}');
  communicator.sendText('{ "other": [], "payload": {"b": 2}, "stream": "rooms" }');
  expect(await communicator.receiveText()).toBe('{"stream":"users","payload":{"a":1}}');
  expect(await communicator.receiveText()).toBe('{"stream":"rooms","payload":{"b": 2}}');
});

test("8.1 a payload passes in both directions as it was written: big integers and spaces stay", async () => {
  const communicator = await connected({ users: EchoSession });
  communicator.sendText('{"stream":"users","payload":{ "n" : 12345678901234567890, "f": 1.0 }}');
  expect(await communicator.receiveText()).toBe('{"stream":"users","payload":{ "n" : 12345678901234567890, "f": 1.0 }}');
});

test("all streams share one scope", async () => {
  const scopes: unknown[] = [];
  class Keeping extends EchoSession {
    override async websocketConnect(): Promise<void> {
      scopes.push(this.connection.scope);
    }
  }
  const communicator = await connected({ a: Keeping, b: Keeping });
  expect(scopes).toEqual([communicator.scope, communicator.scope]);
  expect(scopes[0]).toBe(scopes[1]);
});

describe("8.2 a frame that no stream takes is answered with an error and the socket stays open", () => {
  test.each<[string, string, unknown]>([
    ["not JSON", "{", errorFrame(null, 400)],
    ["not an object", "[]", errorFrame(null, 400)],
    ["a string", '"x"', errorFrame(null, 400)],
    ["nothing", "", errorFrame(null, 400)],
    ["no stream", '{"payload":{"request_id":7}}', errorFrame(null, 400, 7)],
    ["a stream that is no string", '{"stream":1,"payload":{}}', errorFrame(null, 400)],
    ["no payload", '{"stream":"users"}', errorFrame("users", 400)],
    ["a payload that is no object", '{"stream":"users","payload":[1]}', errorFrame("users", 400)],
    ["an unknown stream", '{"stream":"nobody","payload":{"request_id":"r"}}', errorFrame("nobody", 404, "r")],
    ["an inherited name", '{"stream":"constructor","payload":{}}', errorFrame("constructor", 404)],
    ["__proto__", '{"stream":"__proto__","payload":{}}', errorFrame("__proto__", 404)],
    ["a long name", `{"stream":"${"x".repeat(200)}","payload":{}}`, errorFrame(null, 404)],
    ["a payload that is not JSON", '{"stream":"users","payload":{x}}', errorFrame(null, 400)],
    ["another member that is not JSON", '{"stream":"users","payload":{},"junk":[}}', errorFrame(null, 400)],
    ["a repeated payload that is not JSON", '{"stream":"users","payload":{x},"payload":{}}', errorFrame(null, 400)],
    [
      "an unknown stream and a request_id that cannot be echoed",
      '{"stream":"nobody","payload":{"request_id":{}}}',
      errorFrame("nobody", 404),
    ],
  ])("%s", async (_what, frame, answer) => {
    const communicator = await connected({ users: EchoSession });
    communicator.sendText(frame);
    expect(await communicator.receiveJson()).toEqual(answer);
    communicator.sendText('{"stream":"users","payload":{}}');
    expect(await communicator.receiveText()).toBe('{"stream":"users","payload":{}}');
  });

  test("binary", async () => {
    const communicator = await connected({ users: EchoSession });
    communicator.sendBytes(new Uint8Array([1]));
    expect(await communicator.receiveJson()).toEqual(errorFrame(null, 400));
  });
});

describe("connecting", () => {
  test("8.5 the socket opens when the first stream accepts; frames for the others wait until they do", async () => {
    const gate = new Gate<Error | null>();
    const communicator = await connected({ slow: waitingFor(gate), fast: EchoSession });
    communicator.sendText('{"stream":"slow","payload":{"n":1}}');
    communicator.sendText('{"stream":"slow","payload":{"n":2}}');
    communicator.sendText('{"stream":"fast","payload":{"n":3}}');
    expect(await communicator.receiveJson()).toEqual({ stream: "fast", payload: { n: 3 } });
    gate.open(null);
    expect(await communicator.receiveJson()).toEqual({ stream: "slow", payload: { n: 1 } });
    expect(await communicator.receiveJson()).toEqual({ stream: "slow", payload: { n: 2 } });
  });

  test("8.5 frames that waited for a stream that then refuses are answered 404", async () => {
    const gate = new Gate<Error | null>();
    const communicator = await connected({ slow: waitingFor(gate), fast: EchoSession });
    communicator.sendText('{"stream":"slow","payload":{"request_id":1}}');
    gate.open(new PermissionDenied());
    expect(await communicator.receiveJson()).toEqual(errorFrame("slow", 404, 1, ['Stream "slow" is not open.']));
  });

  test("only so many frames wait; one more is answered 429", async () => {
    const settings = { maxInFlight: 1, maxSubscriptions: 1 };
    const communicator = await connected({ slow: waitingFor(new Gate()), fast: EchoSession }, { settings });
    for (const id of [1, 2, 3]) communicator.sendJson({ stream: "slow", payload: { request_id: id } });
    expect(await communicator.receiveJson()).toEqual(errorFrame("slow", 429, 3));
  });

  test("only so much waits; what comes on top is answered 429", async () => {
    const communicator = await connected({ slow: waitingFor(new Gate()), fast: EchoSession });
    const large = "x".repeat(700_000);
    for (const id of [1, 2, 3]) communicator.sendJson({ stream: "slow", payload: { request_id: id, large } });
    expect(await communicator.receiveJson()).toEqual(errorFrame("slow", 429, 3));
  });

  test("8.3 one stream that refuses leaves the others; its frames are answered 404", async () => {
    const communicator = await connected({ no: Refusing, users: EchoSession });
    communicator.sendJson({ stream: "no", payload: { request_id: 5 } });
    expect(await communicator.receiveJson()).toEqual(errorFrame("no", 404, 5));
    communicator.sendJson({ stream: "users", payload: {} });
    expect(await communicator.receiveJson()).toEqual({ stream: "users", payload: {} });
  });

  test("8.3 when all refuse the socket is refused with the first stream's status", async () => {
    const communicator = new WebsocketCommunicator(Multiplexer({ a: RefusingAnonymous, b: Refusing }));
    expect(await communicator.connect()).toMatchObject({ connected: false, status: 401 });
  });

  test("a stream that fails while it connects is logged with an id and refused", async () => {
    const logger = new MemoryLogger();
    const communicator = await connected({ bad: Failing, good: EchoSession }, { settings: { logger, ids: () => "id-1" } });
    communicator.sendJson({ stream: "bad", payload: {} });
    expect(await communicator.receiveJson()).toEqual(errorFrame("bad", 404));
    expect(logger.entries).toMatchObject([{ details: { errorId: "id-1", stream: "bad", error: { message: "secret" } } }]);
  });

  test("when the only stream fails the socket is refused with 500 and the id that was logged", async () => {
    const settings = { logger: new MemoryLogger(), ids: () => "id-1" };
    const refused = await new WebsocketCommunicator(Multiplexer({ bad: Failing }), { settings }).connect();
    expect(refused).toMatchObject({
      connected: false,
      status: 500,
      error: { message: "A server error occurred. Error id: id-1" },
    });
  });

  test("a stream that closes as the first thing it does is connected and ended once", async () => {
    const told: string[] = [];
    class ClosingAtOnce extends EchoSession {
      override async websocketConnect(): Promise<void> {
        told.push("connect");
        this.connection.close(4001);
      }
      override async websocketDisconnect(code: number): Promise<void> {
        told.push(`disconnect ${code}`);
      }
    }
    const communicator = await connected({ a: ClosingAtOnce });
    expect(await communicator.receiveClose()).toMatchObject({ code: 4001 });
    await communicator.disconnect();
    expect(told).toEqual(["connect", "disconnect 4001"]);
  });
});

describe("closing", () => {
  test("8.4 a stream that closes leaves the others, and later frames to it are answered 404", async () => {
    const communicator = await connected({ a: Closing, b: EchoSession });
    communicator.sendJson({ stream: "a", payload: { code: 4001 } });
    communicator.sendJson({ stream: "a", payload: { request_id: 1 } });
    expect(await communicator.receiveJson()).toEqual(errorFrame("a", 404, 1));
    communicator.sendJson({ stream: "b", payload: {} });
    expect(await communicator.receiveJson()).toEqual({ stream: "b", payload: {} });
  });

  test("8.4 when the last stream closes the socket closes with its code", async () => {
    const communicator = await connected({ a: Closing, b: Closing, no: Refusing });
    communicator.sendJson({ stream: "a", payload: { code: 4001 } });
    communicator.sendJson({ stream: "b", payload: { code: 4002 } });
    expect(await communicator.receiveClose()).toEqual({ code: 4002, reason: "as asked" });
  });

  test("a stream that is still connecting keeps the socket; when it refuses, the socket closes with the last code", async () => {
    const gate = new Gate<Error | null>();
    const communicator = await connected({ a: Closing, slow: waitingFor(gate) });
    communicator.sendJson({ stream: "a", payload: { code: 4001 } });
    await communicator.receiveNothing(20);
    gate.open(new PermissionDenied());
    expect(await communicator.receiveClose()).toMatchObject({ code: 4001 });
  });

  test("every stream that accepted is ended once with the socket's code, also one that accepts after the end", async () => {
    const codes: string[] = [];
    const gate = new Gate<Error | null>();
    const named = (name: string, base = EchoSession): typeof EchoSession =>
      class extends base {
        override async websocketDisconnect(code: number): Promise<void> {
          codes.push(`${name} ${code}`);
        }
      };
    const communicator = await connected({
      open: named("open"),
      closing: named("closing", Closing),
      slow: named("slow", waitingFor(gate)),
      refusing: named("refusing", Refusing),
    });
    communicator.sendJson({ stream: "closing", payload: { code: 4001 } });
    const gone = communicator.disconnect(1001);
    gate.open(null);
    await gone;
    expect(codes.toSorted()).toEqual(["closing 4001", "open 1001", "slow 1001"]);
  });

  test("what a stream sends after it closed is dropped", async () => {
    const communicator = await connected({ a: Closing, b: EchoSession });
    communicator.sendJson({ stream: "a", payload: { code: 1000 } });
    await communicator.receiveNothing(20);
  });

  test("a forbidden close code becomes 1011", async () => {
    const communicator = await connected({ a: Closing });
    communicator.sendJson({ stream: "a", payload: { code: 1005 } });
    expect(await communicator.receiveClose()).toMatchObject({ code: 1011 });
  });

  test("a stream that fails while it ends is logged, and the others end all the same", async () => {
    class Failing extends EchoSession {
      override async websocketDisconnect(): Promise<void> {
        throw new TypeError("bug");
      }
    }
    const ended = new Gate<number>();
    const open = new Gate<Error | null>();
    open.open(null);
    const logger = new MemoryLogger();
    const communicator = await connected({ bad: Failing, good: waitingFor(open, ended) }, { settings: { logger } });
    await communicator.disconnect(1001);
    expect(await ended.opened).toBe(1001);
    expect(logger.entries).toMatchObject([{ message: "A consumer failed in websocketDisconnect.", details: { stream: "bad" } }]);
  });
});

test("websocketDrain waits for every open stream", async () => {
  const finish = new Gate();
  class Busy extends EchoSession {
    websocketDrain = (): Promise<void> => finish.opened;
  }
  const Both = Multiplexer({ busy: Busy, idle: EchoSession });
  const session = new Both(silent());
  await session.websocketConnect();
  let isDrained = false;
  const drained = session.websocketDrain?.().then(() => (isDrained = true));
  await Promise.resolve();
  expect(isDrained).toBe(false);
  finish.open();
  await drained;
  expect(isDrained).toBe(true);
});

/** A connection that nobody listens to. */
function silent(): Connection {
  const { scope } = new WebsocketCommunicator(EchoSession);
  return {
    scope,
    settings: resolveSettings(),
    send: () => {},
    sendBytes: () => {},
    close: () => {},
  };
}

test("a stream cannot send binary frames and is told what to do instead", async () => {
  class Binary extends EchoSession {
    override websocketReceive(): void {
      try {
        this.connection.sendBytes(new Uint8Array(1));
      } catch (error) {
        this.connection.send(JSON.stringify({ error: String(error) }));
      }
    }
  }
  const communicator = await connected({ a: Binary });
  communicator.sendJson({ stream: "a", payload: {} });
  expect(await communicator.receiveText()).toContain('Stream \\"a\\" is multiplexed and cannot carry binary frames.');
});

test("a multiplexer without streams is refused at once", () => {
  expect(() => Multiplexer({})).toThrow(ImproperlyConfigured);
});

test("its class keeps which consumer serves which stream", () => {
  class Users extends EchoSession {}
  class Rooms extends EchoSession {}
  const Both = Multiplexer({ users: Users, rooms: Rooms });
  expectTypeOf(Both.streams).toEqualTypeOf<{ readonly users: typeof Users; readonly rooms: typeof Rooms }>();
  expectTypeOf(Both).toExtend<new (connection: Connection) => ConsumerSession>();
  expect(Both.streams.users).toBe(Users);
});
