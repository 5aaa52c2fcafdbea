import { describe, expect, test } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { channelMessage } from "../../src/consumers/channel-message.ts";
import { reply } from "../../src/consumers/reply.ts";
import { InMemoryChannelLayer } from "../../src/layers/in-memory-channel-layer.ts";
import { PermissionDenied } from "../../src/protocol/exceptions.ts";
import { Multiplexer } from "../../src/routing/multiplexer.ts";
import { Gate, MemoryLogger } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";
import { connected } from "./connected.ts";

const room = z.object({ room: z.string() });

class ChatConsumer extends AsyncAPIConsumer {
  join = action({ input: room }, async (input) => {
    await this.groupAdd(input.room);
    return reply(this.channelName);
  });
  leave = action({ input: room }, async (input) => this.groupDiscard(input.room));
  say = action({ input: room.extend({ text: z.string() }) }, async (input) =>
    this.groupSend(input.room, { type: "chat.message", text: input.text }),
  );
  chatMessage = channelMessage("chat.message", async (message) => this.sendJson({ said: message["text"] }));
  checked = channelMessage({ type: "checked", message: z.object({ n: z.number() }) }, ({ n }) => this.sendJson({ n: n + 1 }));
}

async function joined(server: { readonly url: string }, name = "lobby") {
  const client = await connect(server);
  client.sendJson({ action: "join", request_id: 0, room: name });
  expect(await client.receiveJson()).toMatchObject({ response_status: 200 });
  return client;
}

describe("a message to a group", () => {
  test("reaches every connection that is in it, whoever sent it, and nobody else", async () => {
    const server = await startServer(ChatConsumer);
    const [a, b] = [await joined(server), await joined(server)];
    const stranger = await joined(server, "elsewhere");
    a.sendJson({ action: "say", request_id: 1, room: "lobby", text: "hi" });
    expect(await b.receiveJson()).toEqual({ said: "hi" });
    await server.channelLayer.groupSend("elsewhere", { type: "chat.message", text: "from a job" });
    expect(await stranger.receiveJson()).toEqual({ said: "from a job" });
    const own = [await a.receiveJson(), await a.receiveJson()];
    expect(own).toContainEqual({ said: "hi" });
  });

  test("is sent by an HTTP handler of the same server", async () => {
    const layer = new InMemoryChannelLayer();
    const server = await startServer(ChatConsumer, {
      channelLayer: layer,
      http: async (_request, response) => {
        await layer.groupSend("lobby", { type: "chat.message", text: "by http" });
        response.end("sent");
      },
    });
    const client = await joined(server);
    await (await fetch(server.url.replace("ws:", "http:"))).text();
    expect(await client.receiveJson()).toEqual({ said: "by http" });
  });

  test("reaches the connections of another server of the process by the default layer", async () => {
    const [one, two] = [await startServer(ChatConsumer), await startServer(ChatConsumer)];
    const client = await joined(two, "both");
    await one.channelLayer.groupSend("both", { type: "chat.message", text: "x" });
    expect(await client.receiveJson()).toEqual({ said: "x" });
  });

  test("does not reach a connection that has left the group", async () => {
    const server = await startServer(ChatConsumer);
    const client = await joined(server);
    client.sendJson({ action: "leave", request_id: 1, room: "lobby" });
    expect(await client.receiveJson()).toMatchObject({ action: "leave", response_status: 200 });
    await server.channelLayer.groupSend("lobby", { type: "chat.message", text: "gone" });
    client.sendJson({ action: "say", request_id: 2, room: "lobby", text: "gone" });
    expect(await client.receiveJson()).toMatchObject({ action: "say" });
  });

  test("reaches each stream of a multiplexed socket that is in the group", async () => {
    const server = await startServer(Multiplexer({ one: ChatConsumer, two: ChatConsumer }), {
      channelLayer: new InMemoryChannelLayer(),
    });
    const client = await connect(server);
    for (const stream of ["one", "two"]) {
      client.sendJson({ stream, payload: { action: "join", request_id: 1, room: "r" } });
      await client.receiveJson();
    }
    await server.channelLayer.groupSend("r", { type: "chat.message", text: "x" });
    expect([await client.receiveJson(), await client.receiveJson()]).toEqual([
      { stream: "one", payload: { said: "x" } },
      { stream: "two", payload: { said: "x" } },
    ]);
  });
});

describe("a connection's channel", () => {
  test("takes messages that are sent to it alone", async () => {
    const server = await startServer(ChatConsumer);
    const client = await connect(server);
    client.sendJson({ action: "join", request_id: 0, room: "lobby" });
    const { data } = z.object({ data: z.string() }).parse(await client.receiveJson());
    await server.channelLayer.send(data, { type: "checked", n: 1 });
    expect(await client.receiveJson()).toEqual({ n: 2 });
  });

  test("is gone with its groups when the connection ends", async () => {
    const layer = new InMemoryChannelLayer();
    const server = await startServer(ChatConsumer, { channelLayer: layer });
    const clients = [await joined(server), await joined(server)];
    expect([layer.channelCount, layer.groupCount]).toEqual([3, 2]);
    for (const client of clients) await client.close();
    await server.close();
    expect([layer.channelCount, layer.groupCount]).toEqual([0, 0]);
  });

  test("is gone when the connection was refused after it had joined a group", async () => {
    class Refusing extends ChatConsumer {
      override async connect(): Promise<void> {
        await this.groupAdd("g");
        throw new PermissionDenied();
      }
    }
    const layer = new InMemoryChannelLayer();
    await expect(connected(Refusing, { settings: { channelLayer: layer } })).rejects.toThrow(PermissionDenied);
    expect([layer.channelCount, layer.groupCount]).toEqual([0, 0]);
  });

  test("does not come back when a group is joined after the end", async () => {
    const layer = new InMemoryChannelLayer();
    const gate = new Gate();
    const late = new Gate();
    class Late extends AsyncAPIConsumer {
      slow = action(async () => {
        await gate.opened;
        await this.groupAdd("g");
        void this.channelName;
        late.open();
      });
    }
    const { communicator, send } = await connected(Late, { settings: { channelLayer: layer } }).then((connection) => ({
      communicator: connection.communicator,
      send: (frame: object) => connection.send(frame),
    }));
    send({ action: "slow", request_id: 1 });
    const ended = communicator.disconnect();
    gate.open();
    await Promise.all([late.opened, ended]);
    expect([layer.channelCount, layer.groupCount]).toEqual([0, 0]);
  });
});

describe("a message", () => {
  test("that no field handles is logged once per class and type", async () => {
    class Deaf extends ChatConsumer {}
    const layer = new InMemoryChannelLayer();
    const logger = new MemoryLogger();
    const connection = await connected(Deaf, { settings: { channelLayer: layer, logger } });
    await connection.ask({ action: "join", request_id: 1, room: "g" });
    for (let n = 0; n < 3; n += 1) await layer.groupSend("g", { type: "unheard" });
    await layer.groupSend("g", { type: "chat.message", text: "marker" });
    expect(await connection.receive()).toEqual({ said: "marker" });
    expect(logger.entries).toHaveLength(1);
    expect(logger.entries[0]).toMatchObject({ details: { consumer: "Deaf", type: "unheard" } });
  });

  test("whose handler throws, or whose schema refuses it, is logged with an id and the connection goes on", async () => {
    class Failing extends ChatConsumer {
      fail = channelMessage("fail", () => Promise.reject(new RangeError("secret")));
    }
    const layer = new InMemoryChannelLayer();
    const logger = new MemoryLogger();
    const connection = await connected(Failing, { settings: { channelLayer: layer, logger } });
    await connection.ask({ action: "join", request_id: 1, room: "g" });
    await layer.groupSend("g", { type: "fail" });
    await layer.groupSend("g", { type: "checked", n: "one" });
    await layer.groupSend("g", { type: "chat.message", text: "marker" });
    expect(await connection.receive()).toEqual({ said: "marker" });
    expect(logger.entries.map(({ details }) => details)).toMatchObject([
      { consumer: "Failing", type: "fail", errorId: expect.any(String) },
      { consumer: "Failing", type: "checked", errorId: expect.any(String) },
    ]);
  });

  test("cannot be sent by a client: its field and its type are no actions", async () => {
    const connection = await connected(ChatConsumer);
    for (const name of ["chat_message", "chatMessage", "chat.message"]) {
      expect(await connection.ask({ action: name, request_id: 1, text: "forged" })).toMatchObject({ response_status: 405 });
    }
  });

  test("is handled when the one before it has been, also while an action runs", async () => {
    const gate = new Gate();
    class Slow extends ChatConsumer {
      slow = channelMessage("slow", async () => {
        await gate.opened;
        await this.sendJson("slow");
      });
      wait = action(() => new Promise<void>(() => {}));
    }
    const layer = new InMemoryChannelLayer();
    const connection = await connected(Slow, { settings: { channelLayer: layer } });
    await connection.ask({ action: "join", request_id: 1, room: "g" });
    await layer.groupSend("g", { type: "slow" });
    await layer.groupSend("g", { type: "chat.message", text: "next" });
    await expect(connection.ask({ action: "leave", request_id: 2, room: "x" })).resolves.toMatchObject({ action: "leave" });
    gate.open();
    expect([await connection.receive(), await connection.receive()]).toEqual(["slow", { said: "next" }]);
  });

  test("waits for the running action in an ordered consumer, but not for those behind it", async () => {
    const gate = new Gate();
    const began = new Gate();
    class Ordered extends ChatConsumer {
      override ordered = true;
      slow = action(async () => {
        began.open();
        await gate.opened;
        return "slow";
      });
      next = action(() => "next");
    }
    const layer = new InMemoryChannelLayer();
    const connection = await connected(Ordered, { settings: { channelLayer: layer } });
    await connection.ask({ action: "join", request_id: 1, room: "g" });
    connection.send({ action: "slow", request_id: 2 });
    connection.send({ action: "next", request_id: 3 });
    await began.opened;
    await layer.groupSend("g", { type: "chat.message", text: "between" });
    await new Promise((resolve) => setImmediate(resolve));
    gate.open();
    expect([await connection.receive(), await connection.receive(), await connection.receive()]).toMatchObject([
      { data: "slow" },
      { said: "between" },
      { data: "next" },
    ]);
  });
});

test("two fields for one type are refused", async () => {
  class Double extends ChatConsumer {
    second = channelMessage("chat.message", () => {});
  }
  await expect(connected(Double)).rejects.toThrow("expected one channelMessage field");
});

test("disconnect() runs when a message is still being handled, and the end waits for both", async () => {
  const gate = new Gate();
  const began = new Gate();
  const disconnected = new Gate();
  const steps: string[] = [];
  class Busy extends ChatConsumer {
    busy = channelMessage("busy", async () => {
      began.open();
      await gate.opened;
      steps.push("handled");
    });
    override async disconnect(): Promise<void> {
      steps.push("disconnect");
      disconnected.open();
    }
  }
  const layer = new InMemoryChannelLayer();
  const connection = await connected(Busy, { settings: { channelLayer: layer } });
  await connection.ask({ action: "join", request_id: 1, room: "g" });
  await layer.groupSend("g", { type: "busy" });
  await began.opened;
  const ended = connection.communicator.disconnect().then(() => steps.push("ended"));
  await disconnected.opened;
  expect(layer.groupCount).toBe(0);
  gate.open();
  await ended;
  expect(steps).toEqual(["disconnect", "handled", "ended"]);
});

describe("a connection that handles messages too slowly", () => {
  test("is closed with 4429", async () => {
    const layer = new InMemoryChannelLayer({ capacity: 2 });
    class Stuck extends ChatConsumer {
      stuck = channelMessage("stuck", () => new Promise<void>(() => {}));
    }
    const server = await startServer(Stuck, { channelLayer: layer });
    const client = await joined(server);
    for (let n = 0; n < 10; n += 1) await layer.groupSend("lobby", { type: "stuck" });
    expect(await client.receiveClose()).toEqual({ code: 4429, reason: "Messages for this connection were lost." });
  });

  test("goes on with a gap when it says so, and is asked once", async () => {
    const gate = new Gate();
    const lost = new Gate();
    let gaps = 0;
    class Patient extends ChatConsumer {
      stuck = channelMessage("stuck", () => gate.opened);
      protected override channelOverflow(): void {
        gaps += 1;
        lost.open();
      }
    }
    const layer = new InMemoryChannelLayer({ capacity: 2 });
    const connection = await connected(Patient, { settings: { channelLayer: layer } });
    await connection.ask({ action: "join", request_id: 1, room: "g" });
    for (let n = 0; n < 10; n += 1) await layer.groupSend("g", { type: "stuck" });
    await lost.opened;
    await layer.groupSend("g", { type: "stuck" });
    gate.open();
    await new Promise((resolve) => setImmediate(resolve));
    await layer.groupSend("g", { type: "chat.message", text: "still here" });
    expect(await connection.receive()).toEqual({ said: "still here" });
    expect(gaps).toBe(1);
  });
});
