import { describe, expect, test } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import type { RequestId } from "../../src/protocol/request-id.ts";
import { InMemoryChannelLayer } from "../../src/layers/in-memory-channel-layer.ts";
import { BasePermission } from "../../src/permissions/base-permission.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { observer } from "../../src/observers/observer.ts";
import { Signal } from "../../src/observers/signal.ts";
import { connected, success, type TestConnection } from "../consumers/connected.ts";
import { Gate, MemoryLogger } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

interface Ping {
  readonly level: number;
}

const level = z.object({ level: z.number().optional(), id: z.any().optional() });

/** A consumer of DCRF's shape: two kinds of groups, and a handler that shows all it was given. */
function pinged(signal = new Signal<Ping>()) {
  class PingConsumer extends AsyncAPIConsumer {
    onPing = observer(signal, {
      groupsForSignal: ({ level: own }) => [`-level-${own}`, "-all"],
      groupsForConsumer: (args: { readonly level?: number | undefined }) => [
        args.level === undefined ? "-all" : `-level-${args.level}`,
      ],
      serialize: (message) => ({ level: message.level }),
      handle: (message, { subscribingRequestIds, messageType, group }) =>
        this.sendJson({ message, ids: subscribingRequestIds, type: messageType, group }),
    });
    subscribe = action({ input: level }, async (input, { requestId }) => {
      await this.onPing.subscribe({ level: input.level, requestId });
      return reply(null, 201);
    });
    unsubscribe = action({ input: level }, async (input, { requestId }) => {
      await this.onPing.unsubscribe({ level: input.level, requestId: input.id === undefined ? requestId : toId(input.id) });
      return reply(null, 204);
    });
    unsubscribeAll = action(async () => {
      await this.onPing.unsubscribe();
    });
  }
  return { PingConsumer, signal };
}

function toId(value: unknown): RequestId {
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function event(message: Ping, ids: readonly unknown[], group = "-all"): object {
  return { message, ids, type: "on.ping", group };
}

/** Nothing came before this answer. */
async function expectQuiet(connection: TestConnection): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  expect(await connection.ask({ action: "nothing", request_id: "quiet" })).toMatchObject({ request_id: "quiet" });
}

describe("a signal", () => {
  test("reaches every subscribed connection over real sockets, sent from anywhere", async () => {
    const { PingConsumer, signal } = pinged();
    const server = await startServer(PingConsumer);
    const clients = [await connect(server), await connect(server)];
    for (const [index, client] of clients.entries()) {
      client.sendJson({ action: "subscribe", request_id: index + 1 });
      expect(await client.receiveJson()).toEqual(success("subscribe", index + 1, null, 201));
    }
    await signal.send({ level: 3 });
    for (const [index, client] of clients.entries()) {
      expect(await client.receiveJson()).toEqual(event({ level: 3 }, [index + 1]));
    }
  });

  test("reaches those alone who are in one of its groups", async () => {
    const { PingConsumer, signal } = pinged();
    const [one, two] = [await connected(PingConsumer), await connected(PingConsumer)];
    await one.ask({ action: "subscribe", request_id: 1, level: 1 });
    await two.ask({ action: "subscribe", request_id: 2, level: 2 });
    await signal.send({ level: 2 });
    expect(await two.receive()).toEqual(event({ level: 2 }, [2], "-level-2"));
    await expectQuiet(one);
  });

  test("of two groups that the connection is in is handled for each", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe", request_id: 1 });
    await connection.ask({ action: "subscribe", request_id: 2, level: 5 });
    await signal.send({ level: 5 });
    expect(await connection.receive()).toEqual(event({ level: 5 }, [2], "-level-5"));
    expect(await connection.receive()).toEqual(event({ level: 5 }, [1]));
  });

  test("that nobody observes is sent to nobody, and arrives as it was sent, in order", async () => {
    const { PingConsumer, signal } = pinged();
    await signal.send({ level: 0 });
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe", request_id: 1 });
    const levels = Array.from({ length: 150 }, (_each, n) => n);
    for (const each of levels) await signal.send({ level: each });
    for (const each of levels) expect(await connection.receive()).toEqual(event({ level: each }, [1]));
  });

  test("is carried by a layer to another signal of the same name, as to another process", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const { PingConsumer } = pinged(new Signal<Ping>({ name: "ping", channelLayer }));
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe", request_id: 1 });
    await new Signal<Ping>({ name: "ping", channelLayer }).send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [1]));
  });
});

describe("subscribing", () => {
  test("in connect() needs no request, and its events have no request ids", async () => {
    const plain = new Signal<object>();
    class OnAccept extends AsyncAPIConsumer {
      onPlain = observer(plain, { handle: (message) => this.sendJson(message) });
      override async connect(): Promise<void> {
        await this.onPlain.subscribe();
      }
    }
    const connection = await connected(OnAccept);
    for (let n = 0; n < 2; n += 1) {
      await plain.send({});
      expect(await connection.receive()).toEqual({});
    }
  });

  test("by several requests gives one event with all their ids, and with one id once", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    for (const request_id of [1, "two", 1]) await connection.ask({ action: "subscribe", request_id });
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [1, "two"]));
    await expectQuiet(connection);
  });

  test("without a request id gives events without ids", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe" });
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, []));
  });

  test("before the consumer is connected is refused with what to do", () => {
    const field = observer(new Signal<Ping>());
    return expect(field.subscribe({ requestId: 1 })).rejects.toThrow("Subscribe in connect() or in an action.");
  });
});

describe("unsubscribing", () => {
  test("a request takes its id away, and the last one ends the subscription", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    for (const request_id of [1, 2]) await connection.ask({ action: "subscribe", request_id });
    await connection.ask({ action: "unsubscribe", request_id: 1 });
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [2]));
    await connection.ask({ action: "unsubscribe", request_id: 2 });
    await signal.send({ level: 2 });
    await expectQuiet(connection);
  });

  test("without a request id ends that of all requests, also before the first event", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    for (const request_id of [1, 2]) await connection.ask({ action: "subscribe", request_id });
    await connection.ask({ action: "unsubscribe" });
    await signal.send({ level: 1 });
    await expectQuiet(connection);
  });

  test("without anything ends all groups", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe", request_id: 1 });
    await connection.ask({ action: "subscribe", request_id: 2, level: 1 });
    await connection.ask({ action: "unsubscribe_all", request_id: 3 });
    await signal.send({ level: 1 });
    await expectQuiet(connection);
  });

  test("what was never subscribed to is harmless and leaves the others", async () => {
    const { PingConsumer, signal } = pinged();
    const connection = await connected(PingConsumer);
    await connection.ask({ action: "subscribe", request_id: 1 });
    expect(await connection.ask({ action: "unsubscribe", request_id: 9, id: "unknown" })).toMatchObject({ response_status: 204 });
    expect(await connection.ask({ action: "unsubscribe", request_id: 9, level: 7 })).toMatchObject({ response_status: 204 });
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [1]));
  });

  test("and the end of a connection leave nothing on the layer", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const { PingConsumer } = pinged(new Signal<Ping>({ channelLayer }));
    const [one, two] = [await connected(PingConsumer), await connected(PingConsumer)];
    for (const connection of [one, two]) await connection.ask({ action: "subscribe", request_id: 1 });
    expect([channelLayer.channelCount, channelLayer.groupCount]).toEqual([1, 1]);
    await one.ask({ action: "unsubscribe", request_id: 1 });
    expect([channelLayer.channelCount, channelLayer.groupCount]).toEqual([1, 1]);
    await two.communicator.disconnect();
    expect([channelLayer.channelCount, channelLayer.groupCount]).toEqual([0, 0]);
  });

  test("and subscribing again at once loses and doubles nothing", async () => {
    const channelLayer = new InMemoryChannelLayer();
    const { PingConsumer, signal } = pinged(new Signal<Ping>({ channelLayer }));
    const connection = await connected(PingConsumer);
    for (let n = 0; n < 20; n += 1) {
      connection.send({ action: "subscribe", request_id: 1 });
      connection.send({ action: "unsubscribe", request_id: 1 });
    }
    await connection.ask({ action: "subscribe", request_id: 1 });
    for (let n = 0; n < 40; n += 1) await connection.receive();
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [1]));
    expect(channelLayer.channelCount).toBe(1);
  });
});

describe("an event", () => {
  test("without a handler is a reply to each subscribing request, with the observer's name as action", async () => {
    const signal = new Signal<Ping>();
    class Plain extends AsyncAPIConsumer {
      newLevel = observer(signal);
      subscribe = action(async (_args, { requestId }) => void (await this.newLevel.subscribe({ requestId })));
    }
    const connection = await connected(Plain);
    for (const request_id of [1, "b"]) await connection.ask({ action: "subscribe", request_id });
    await signal.send({ level: 4 });
    expect(await connection.receive()).toEqual(success("new_level", 1, { level: 4 }));
    expect(await connection.receive()).toEqual(success("new_level", "b", { level: 4 }));
  });

  test("is judged by hasPermission, each time and with its name; what is refused is not delivered", async () => {
    const judged: string[] = [];
    class OnlyEven extends BasePermission {
      override hasPermission(_scope: unknown, _consumer: unknown, name: string): boolean {
        judged.push(name);
        return name !== "on_ping" || isAllowed;
      }
    }
    let isAllowed = true;
    const { PingConsumer, signal } = pinged();
    class Guarded extends PingConsumer {
      override permissionClasses = [OnlyEven];
    }
    const connection = await connected(Guarded);
    await connection.ask({ action: "subscribe", request_id: 1 });
    await signal.send({ level: 1 });
    expect(await connection.receive()).toEqual(event({ level: 1 }, [1]));
    isAllowed = false;
    await signal.send({ level: 2 });
    await expectQuiet(connection);
    isAllowed = true;
    await signal.send({ level: 3 });
    expect(await connection.receive()).toEqual(event({ level: 3 }, [1]));
    expect(judged.filter((name) => name === "on_ping")).toHaveLength(3);
  });

  test("whose handler throws is logged with an id, and the connection and the others go on", async () => {
    const signal = new Signal<Ping>();
    class Failing extends AsyncAPIConsumer {
      onPing = observer(signal, {
        handle: async (message) => {
          if (message.level === 1) throw new RangeError("secret");
          await this.sendJson(message);
        },
      });
      override async connect(): Promise<void> {
        await this.onPing.subscribe();
      }
    }
    const logger = new MemoryLogger();
    const connection = await connected(Failing, { settings: { logger } });
    await signal.send({ level: 1 });
    await signal.send({ level: 2 });
    expect(await connection.receive()).toEqual({ level: 2 });
    expect(logger.entries).toMatchObject([{ details: { type: "on_ping", errorId: expect.any(String) } }]);
  });

  test("whose groups cannot be told is logged once and reaches nobody", async () => {
    const signal = new Signal<Ping>();
    const groupsForSignal = ({ level: own }: Ping): string[] => {
      if (own === 1) throw new RangeError("no groups");
      return ["g"];
    };
    class Failing extends AsyncAPIConsumer {
      onPing = observer(signal, {
        groupsForSignal,
        groupsForConsumer: () => ["g"],
        handle: (message) => this.sendJson(message),
      });
      override async connect(): Promise<void> {
        await this.onPing.subscribe();
      }
    }
    const logger = new MemoryLogger();
    const connections = [await connected(Failing, { settings: { logger } }), await connected(Failing, { settings: { logger } })];
    await signal.send({ level: 1 });
    await signal.send({ level: 2 });
    for (const connection of connections) expect(await connection.receive()).toEqual({ level: 2 });
    expect(logger.entries).toHaveLength(1);
  });

  test("is serialized once for all connections where the function is shared", async () => {
    const signal = new Signal<Ping>();
    let calls = 0;
    const serialize = async (message: Ping): Promise<{ doubled: number }> => {
      calls += 1;
      return { doubled: message.level * 2 };
    };
    class Shared extends AsyncAPIConsumer {
      onPing = observer(signal, { serialize, handle: (message) => this.sendJson(message.doubled) });
      override async connect(): Promise<void> {
        await this.onPing.subscribe();
      }
    }
    const connections = [await connected(Shared), await connected(Shared), await connected(Shared)];
    await signal.send({ level: 2 });
    for (const connection of connections) expect(await connection.receive()).toBe(4);
    expect(calls).toBe(1);
  });

  test("that waits behind an unsubscription is not delivered", async () => {
    const gate = new Gate();
    const began = new Gate();
    const signal = new Signal<Ping>();
    class Slow extends AsyncAPIConsumer {
      onPing = observer(signal, {
        handle: async (message) => {
          began.open();
          await gate.opened;
          await this.sendJson(message);
        },
      });
      subscribe = action(async (_args, { requestId }) => void (await this.onPing.subscribe({ requestId })));
      unsubscribe = action(async () => void (await this.onPing.unsubscribe()));
    }
    const connection = await connected(Slow);
    await connection.ask({ action: "subscribe", request_id: 1 });
    await signal.send({ level: 1 });
    await signal.send({ level: 2 });
    await began.opened;
    await connection.ask({ action: "unsubscribe", request_id: 2 });
    gate.open();
    expect(await connection.receive()).toEqual({ level: 1 });
    await expectQuiet(connection);
  });
});

test("a connection that handles events too slowly is closed with 4429", async () => {
  const signal = new Signal<Ping>();
  class Stuck extends AsyncAPIConsumer {
    onPing = observer(signal, { handle: () => new Promise<void>(() => {}) });
    override async connect(): Promise<void> {
      await this.onPing.subscribe();
    }
  }
  const client = await connect(await startServer(Stuck));
  for (let n = 0; n < 110; n += 1) await signal.send({ level: n });
  expect((await client.receiveClose()).code).toBe(4429);
});

test("a subscription that the layer cannot carry is refused, and may be tried again", async () => {
  class Broken extends InMemoryChannelLayer {
    isBroken = true;
    override async groupAdd(group: string, channel: string): Promise<void> {
      if (this.isBroken) throw new ImproperlyConfigured("The layer is away.");
      await super.groupAdd(group, channel);
    }
  }
  const channelLayer = new Broken();
  const { PingConsumer, signal } = pinged(new Signal<Ping>({ channelLayer }));
  const connection = await connected(PingConsumer);
  expect(await connection.ask({ action: "subscribe", request_id: 1 })).toMatchObject({ response_status: 500 });
  expect(channelLayer.channelCount).toBe(0);
  channelLayer.isBroken = false;
  expect(await connection.ask({ action: "subscribe", request_id: 2 })).toMatchObject({ response_status: 201 });
  await signal.send({ level: 1 });
  expect(await connection.receive()).toEqual(event({ level: 1 }, [2]));
});

test("groups for the signal alone or for the consumer alone are refused", () => {
  expect(() => observer(new Signal<Ping>(), { groupsForSignal: () => ["a"] })).toThrow(ImproperlyConfigured);
});
