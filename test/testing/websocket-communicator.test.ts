import { describe, expect, test } from "vitest";
import { PermissionDenied } from "../../src/protocol/exceptions.ts";
import { path } from "../../src/routing/path.ts";
import { UnexpectedMessage } from "../../src/testing/message-queue.ts";
import { WebsocketCommunicator } from "../../src/testing/websocket-communicator.ts";
import { EchoSession, Gate } from "../transports/sessions.ts";

test("it connects, sends, receives and disconnects", async () => {
  const communicator = new WebsocketCommunicator(EchoSession);
  expect(await communicator.connect()).toEqual({ connected: true, subprotocol: null });
  communicator.sendJson({ n: 1n << 64n });
  expect(await communicator.receiveJson()).toEqual({ n: 1n << 64n });
  communicator.sendText("text");
  expect(await communicator.receiveText()).toBe("text");
  communicator.sendBytes(new Uint8Array([1, 2]));
  expect([...(await communicator.receiveBytes())]).toEqual([1, 2]);
  await communicator.receiveNothing(5);
  await communicator.disconnect();
});

test("messages wait in order until they are received", async () => {
  const communicator = new WebsocketCommunicator(EchoSession);
  await communicator.connect();
  for (const text of ["a", "b", "c"]) communicator.sendText(text);
  expect(await communicator.receiveText()).toBe("a");
  const both = await Promise.all([communicator.receiveText(), communicator.receiveText()]);
  expect(both).toEqual(["b", "c"]);
});

test("the options become the scope", async () => {
  const communicator = new WebsocketCommunicator(EchoSession, {
    path: "/ws/?a=1",
    headers: { "X-Custom": "yes", Cookie: "theme=dark" },
    subprotocols: ["restwave.v1", "other"],
    user: { id: 1 },
    session: { theme: "dark" },
  });
  expect(await communicator.connect()).toEqual({ connected: true, subprotocol: "restwave.v1" });
  const { scope } = communicator;
  expect(scope.path).toBe("/ws/");
  expect(scope.query.get("a")).toBe("1");
  expect(scope.headers.get("x-custom")).toBe("yes");
  expect(scope.cookies).toEqual({ theme: "dark" });
  expect(scope.subprotocols).toEqual(["restwave.v1", "other"]);
  expect(scope).toMatchObject({ user: { id: 1 }, session: { theme: "dark" } });
});

test("a routing table finds the consumer and captures parameters; an unknown path is a 404", async () => {
  const routes = [path("rooms/<int:pk>/", EchoSession)];
  const communicator = new WebsocketCommunicator(routes, { path: "/rooms/3/" });
  expect(await communicator.connect()).toMatchObject({ connected: true });
  expect(communicator.scope.pathParams).toEqual({ pk: 3 });
  expect(await new WebsocketCommunicator(routes, { path: "/x/" }).connect()).toMatchObject({ connected: false, status: 404 });
});

describe("a refused connection is a result with status and error", () => {
  test("an APIException gives its status", async () => {
    class Refusing extends EchoSession {
      override async websocketConnect(): Promise<void> {
        throw new PermissionDenied("Not you.");
      }
    }
    const communicator = new WebsocketCommunicator(Refusing);
    expect(await communicator.connect()).toMatchObject({ connected: false, status: 403, error: { message: "Not you." } });
    await communicator.disconnect();
  });

  test("anything else gives 500", async () => {
    class Failing extends EchoSession {
      override async websocketConnect(): Promise<void> {
        throw new TypeError("bug");
      }
    }
    expect(await new WebsocketCommunicator(Failing).connect()).toMatchObject({ connected: false, status: 500 });
  });
});

describe("the end", () => {
  class Recording extends EchoSession {
    static codes: number[] = [];
    override websocketReceive(): void {
      this.connection.close(4001, "enough");
      this.connection.send("late");
    }
    override async websocketDisconnect(code: number): Promise<void> {
      Recording.codes.push(code);
    }
  }

  test("a consumer that closes is seen with code and reason, ends once, and later sends are lost", async () => {
    Recording.codes = [];
    const communicator = new WebsocketCommunicator(Recording);
    await communicator.connect();
    communicator.sendText("x");
    communicator.sendText("y");
    expect(await communicator.receiveClose()).toEqual({ code: 4001, reason: "enough" });
    await communicator.disconnect();
    expect(Recording.codes).toEqual([4001]);
  });

  test("disconnect gives the consumer the code and waits for its work", async () => {
    const finish = new Gate();
    const told: (number | string)[] = [];
    class Working extends EchoSession {
      override async websocketDisconnect(code: number): Promise<void> {
        told.push(code);
        await finish.opened;
        told.push("finished");
      }
    }
    const communicator = new WebsocketCommunicator(Working);
    await communicator.connect();
    const gone = communicator.disconnect(1001);
    finish.open();
    await gone;
    expect(told).toEqual([1001, "finished"]);
  });

  test("a consumer that closes while it connects is ended once it is connected", async () => {
    const ended = new Gate<number>();
    class Closing extends EchoSession {
      override async websocketConnect(): Promise<void> {
        this.connection.close(4002);
      }
      override async websocketDisconnect(code: number): Promise<void> {
        ended.open(code);
      }
    }
    const communicator = new WebsocketCommunicator(Closing);
    await communicator.connect();
    expect(await communicator.receiveClose()).toMatchObject({ code: 4002 });
    expect(await ended.opened).toBe(4002);
  });
});

describe("an error says what came instead", () => {
  test("nothing", async () => {
    const communicator = new WebsocketCommunicator(EchoSession);
    await communicator.connect();
    await expect(communicator.receiveJson(5)).rejects.toThrow("Expected a text message, but nothing came within 5 ms.");
    communicator.sendText("not missed");
    expect(await communicator.receiveText()).toBe("not missed");
  });

  test("a message", async () => {
    const communicator = new WebsocketCommunicator(EchoSession);
    await communicator.connect();
    communicator.sendText("hello");
    await expect(communicator.receiveNothing()).rejects.toThrow("Expected nothing, but got hello.");
    await expect(communicator.receiveClose()).rejects.toThrow(UnexpectedMessage);
    communicator.sendBytes(new Uint8Array(3));
    await expect(communicator.receiveText()).rejects.toThrow("Expected a text message, but got a binary message of 3 bytes.");
  });

  test("a close", async () => {
    class Closing extends EchoSession {
      override websocketReceive(): void {
        this.connection.close(4001, "enough");
      }
    }
    const communicator = new WebsocketCommunicator(Closing);
    await communicator.connect();
    communicator.sendText("x");
    await expect(communicator.receiveJson()).rejects.toThrow(
      "Expected a text message, but the connection closed with 4001 (enough).",
    );
  });

  test("sending before connect", () => {
    expect(() => new WebsocketCommunicator(EchoSession).sendText("x")).toThrow(
      "The connection is not open. Await connect() first.",
    );
  });

  test("connecting twice", async () => {
    const communicator = new WebsocketCommunicator(EchoSession);
    await communicator.connect();
    await expect(communicator.connect()).rejects.toThrow("connect() was called twice.");
  });
});
