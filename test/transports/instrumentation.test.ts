import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  action,
  APIException,
  AsyncAPIConsumer,
  AuthenticationFailed,
  BasePermission,
  type Instrumentation,
  IsAuthenticated,
  modelObserver,
  Multiplexer,
  observer,
  path,
  PermissionDenied,
  type ServeOptions,
  Signal,
} from "../../src/index.ts";
import { CloseCode } from "../../src/protocol/close-codes.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { Recorder } from "../consumers/recorder.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { type Lab, openLab } from "../observers/lab.ts";
import { EventReader } from "./http/event-reader.ts";
import { connectRaw } from "./raw-peer.ts";
import { EchoSession, Gate, MemoryLogger } from "./sessions.ts";
import { connect, startServer } from "./test-server.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await openLab(sqliteFile);
  await lab.Task.objects.bulkCreate([1, 2, 3].map((n) => ({ title: `task ${n}`, priority: n })));
});
afterEach(() => lab.close());

async function started(consumer = lab.TaskConsumer, options: Partial<ServeOptions> = {}) {
  const recorder = new Recorder();
  const logger = new MemoryLogger();
  const server = await startServer(consumer, { instrumentations: [recorder], logger, httpApi: true, ...options });
  const base = `http://127.0.0.1:${server.port}/api`;
  return { recorder, logger, server, base };
}

describe("a socket", () => {
  test("is opened and closed, with the code, its scope and its session", async () => {
    const { recorder, server } = await started();
    const client = await connect(server, { headers: { "x-mark": "yes" } });
    await recorder.until(() => recorder.opened.length === 1);
    const [connection] = recorder.opened;
    expect(connection?.session).toBeInstanceOf(lab.TaskConsumer);
    expect(connection?.scope.headers.get("x-mark")).toBe("yes");
    expect(Math.abs((connection?.openedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await client.close(4001);
    await recorder.untilQuiet();
    expect(recorder.closed).toEqual([{ connection, code: 4001 }]);
  });

  test("has an id of its own", async () => {
    const { recorder, server } = await started();
    for (let n = 0; n < 3; n += 1) await connect(server);
    expect(new Set(recorder.opened.map(({ id }) => id)).size).toBe(3);
  });

  test("that the server closes has the server's code", async () => {
    const { recorder, server } = await started();
    await connect(server);
    await server.close();
    expect(recorder.closed.map(({ code }) => code)).toEqual([CloseCode.goingAway]);
  });

  test("tells how much waits for its reader", async () => {
    const recorder = new Recorder();
    const waiting: number[] = [];
    class Big extends EchoSession {
      override websocketReceive(frame: string): void {
        this.connection.send("x".repeat(Number(frame)));
        waiting.push(recorder.opened[0]?.bufferedBytes ?? -1);
      }
    }
    const server = await startServer(Big, { instrumentations: [recorder] });
    const client = await connect(server);
    client.sendText("50000");
    await client.receiveText();
    expect(waiting[0]).toBeGreaterThanOrEqual(50_000);
    await client.close();
    await recorder.untilQuiet();
  });
});

describe("a handshake that is refused is told with status, path and who said no:", () => {
  class Failing extends EchoSession {
    override async websocketConnect(): Promise<void> {
      throw new TypeError("secret");
    }
  }
  const denied: ServeOptions["authenticate"] = () => {
    throw new AuthenticationFailed();
  };

  test.for([
    ["no route", {}, {}, "/nowhere/?token=x", 404, null],
    ["origin", {}, { origin: "https://evil.example" }, "/ws/", 403, null],
    ["credentials", { authenticate: denied }, {}, "/ws/", 401, null],
    ["a limit", { maxConnections: 0 }, {}, "/ws/", 503, null],
    ["a permission", { defaultPermissionClasses: [RefusesAll()] }, {}, "/ws/", 403, "RefusesConnections"],
  ] as const)("%s", async ([, options, headers, target, status, refusedBy]) => {
    const { recorder, server } = await started(undefined, options);
    await expect(connectWebsocket(`${server.url}${target}`, { headers })).rejects.toMatchObject({ status });
    expect(recorder.told).toEqual(["refused"]);
    expect(recorder.refused[0]).toMatchObject({ status, path: target.split("?")[0], refusedBy });
  });

  test("an error in the application, as its client is told it", async () => {
    const { recorder, server, logger } = await started(undefined, { routes: [path("ws/", Failing)], httpApi: false });
    await expect(connectWebsocket(`${server.url}/ws/`)).rejects.toMatchObject({ status: 500 });
    expect(recorder.told).toEqual(["refused"]);
    expect(recorder.refused[0]?.error).toBeInstanceOf(APIException);
    expect(recorder.refused[0]?.error.message).not.toContain("secret");
    expect(logger.entries).toHaveLength(1);
  });

  test("a client that leaves during its handshake", async () => {
    const asked = new Gate();
    const authenticate = () => {
      asked.open();
      return new Gate<null>().opened;
    };
    const { recorder, server } = await started(undefined, { authenticate });
    const peer = await connectRaw(server.port);
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    peer.write(
      `GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await asked.opened;
    peer.resetAndDestroy();
    await recorder.until(() => recorder.refused.length === 1);
    expect(recorder.refused[0]).toMatchObject({ status: 503 });
  });
});

function RefusesAll() {
  return class RefusesConnections extends BasePermission {
    override canConnect(): boolean {
      return false;
    }
  };
}

describe("an HTTP request", () => {
  test("is a connection with one request", async () => {
    const { recorder, base } = await started();
    expect((await fetch(`${base}/tasks/1/`)).status).toBe(200);
    await recorder.untilQuiet();
    expect(recorder.told).toEqual(["opened", "started retrieve", "around retrieve", "finished retrieve 200", "closed"]);
    expect(recorder.opened[0]?.scope.type).toBe("http");
    expect(recorder.closed[0]?.code).toBe(1000);
    expect(recorder.started[0]?.connection).toBe(recorder.opened[0]);
  });

  test("that its consumer refuses is no connection", async () => {
    const { recorder, base } = await started(undefined, { defaultPermissionClasses: [RefusesAll()] });
    expect((await fetch(`${base}/tasks/1/`)).status).toBe(403);
    expect(recorder.told).toEqual(["refused"]);
    expect(recorder.refused[0]).toMatchObject({ path: "/api/tasks/1/", refusedBy: "RefusesConnections" });
  });

  test("with a method, a path or an origin that is not allowed is no connection", async () => {
    const { recorder, base } = await started();
    await fetch(`${base}/tasks/1/`, { method: "LOCK" });
    await fetch(`${base}/tasks/1/2/3/`);
    await fetch(`${base}/tasks/`, { method: "POST", headers: { origin: "https://evil.example" } });
    expect(recorder.refused.map(({ status }) => status)).toEqual([405, 404, 403]);
    expect(recorder.opened).toEqual([]);
  });

  test("whose body cannot be read is a frame that is refused", async () => {
    const { recorder, base } = await started();
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${base}/tasks/`, { method: "POST", headers, body: "{" })).status).toBe(400);
    await recorder.untilQuiet();
    expect(recorder.told).toEqual(["opened", "frame 400", "closed"]);
  });

  test("that is refused by a permission tells which", async () => {
    const { recorder, base } = await started(undefined, { defaultPermissionClasses: [IsAuthenticated] });
    expect((await fetch(`${base}/tasks/1/`)).status).toBeGreaterThanOrEqual(401);
    await recorder.untilQuiet();
    expect(recorder.finished[0]?.outcome.refusal).toEqual({ by: "permission", name: "IsAuthenticated" });
  });

  test("of events is open until its reader leaves, and its subscription too", async () => {
    const { recorder, base } = await started();
    const gone = new AbortController();
    const headers = { accept: "text/event-stream" };
    const reader = new EventReader(await fetch(`${base}/tasks/`, { headers, signal: gone.signal }));
    await reader.next();
    await lab.Task.objects.filter({ id: 1 }).update({ title: "new" });
    await reader.next();
    expect(recorder.told.filter((text) => !text.startsWith("around"))).toEqual([
      "opened",
      "started subscribe_list",
      "subscribed subscribe_list",
      "finished subscribe_list 201",
      "sent 1",
    ]);
    expect(recorder.subscribed[0]?.connection).toBe(recorder.opened[0]);
    gone.abort();
    await recorder.untilQuiet();
    expect(recorder.told.slice(-2)).toEqual(["unsubscribed subscribe_list", "closed"]);
  });
});

describe("subscriptions to observers", () => {
  const crossed = new Signal<{ readonly line: number }>();
  class CrossingConsumer extends AsyncAPIConsumer {
    onCross = observer(crossed, {
      groupsForSignal: ({ line }) => [`line-${line}`],
      groupsForConsumer: ({ lines }: { lines: readonly number[] }) => lines.map((line) => `line-${line}`),
    });
    taskActivity = modelObserver(lab.Task);
    follow = action({ input: z.object({ lines: z.array(z.number()) }) }, async ({ lines }, { requestId }) => {
      await this.onCross.subscribe({ lines, requestId });
    });
    unfollow = action({ input: z.object({ lines: z.array(z.number()) }) }, async ({ lines }, { requestId }) => {
      await this.onCross.unsubscribe({ lines, requestId });
    });
    unfollowAll = action(async () => {
      await this.onCross.unsubscribe();
    });
    watch = action(async () => {
      await this.taskActivity.subscribe();
    });
  }

  async function connected(consumer = CrossingConsumer) {
    const recorder = new Recorder();
    const server = await startServer(consumer, { instrumentations: [recorder], logger: new MemoryLogger() });
    const client = await connect(server);
    const ask = async (name: string, request_id: unknown = null, lines?: readonly number[]): Promise<void> => {
      client.sendJson({ action: name, request_id, lines });
      expect(await client.receiveJson()).toMatchObject({ action: name, errors: [] });
    };
    const told = () => recorder.told.filter((text) => text.includes("subscribed"));
    return { recorder, client, ask, told };
  }

  test("are opened once for each request, under the observer's name, and closed with its last group", async () => {
    const { recorder, ask, told } = await connected();
    await ask("follow", "a", [1, 2]);
    expect(recorder.subscribed[0]).toMatchObject({
      consumer: "CrossingConsumer",
      stream: null,
      action: "on_cross",
      requestId: "a",
      args: { groups: ["line-1", "line-2"] },
      connection: recorder.opened[0],
    });
    await ask("follow", "a", [3]);
    await ask("unfollow", "a", [1, 3]);
    expect(told()).toEqual(["subscribed on_cross"]);
    await ask("follow", "b", [2]);
    await ask("unfollow", "a", [2]);
    expect(recorder.unsubscribed).toEqual([recorder.subscribed[0]]);
    expect(recorder.unsubscribed[0]).toBe(recorder.subscribed[0]);
    await ask("follow", "a", [2]);
    expect(told()).toEqual(["subscribed on_cross", "subscribed on_cross", "unsubscribed on_cross", "subscribed on_cross"]);
  });

  test("of no request are one, and all end with what ends them", async () => {
    const { recorder, client, ask } = await connected();
    await ask("follow", null, [1]);
    await ask("follow", null, [2]);
    await ask("follow", "a", [2]);
    expect(recorder.subscribed.map(({ requestId }) => requestId)).toEqual([null, "a"]);
    await ask("unfollow_all");
    expect(new Set(recorder.unsubscribed)).toEqual(new Set(recorder.subscribed));
    await ask("watch");
    expect(recorder.subscribed[2]).toMatchObject({ action: "task_activity", requestId: null, args: { groups: ["all"] } });
    client.socket.terminate();
    await recorder.untilQuiet();
    expect(recorder.told.slice(-2)).toEqual(["unsubscribed task_activity", "closed"]);
    expect(recorder.unsubscribed).toHaveLength(3);
  });

  test("that begin before the connection is open are told after it, unless they have ended", async () => {
    class Early extends CrossingConsumer {
      override async connect(): Promise<void> {
        await this.taskActivity.subscribe();
        await this.onCross.subscribe({ lines: [1] });
        await this.onCross.unsubscribe({ lines: [1] });
      }
    }
    const { recorder, client } = await connected(Early);
    await recorder.until(() => recorder.subscribed.length > 0);
    expect(recorder.told.slice(0, 2)).toEqual(["opened", "subscribed task_activity"]);
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.subscribed).toHaveLength(1);
    expect(recorder.unsubscribed).toEqual(recorder.subscribed);
  });

  test("that fail are not opened", async () => {
    class Failing extends CrossingConsumer {
      override onCross = observer(crossed, {
        groupsForSignal: () => [],
        groupsForConsumer: () => {
          throw new PermissionDenied();
        },
      });
    }
    const { recorder, client } = await connected(Failing);
    client.sendJson({ action: "follow", request_id: "a", lines: [1] });
    expect(await client.receiveJson()).toMatchObject({ response_status: 403 });
    expect(recorder.subscribed).toEqual([]);
  });
});

describe("live subscriptions", () => {
  async function subscribed(consumer = lab.TaskConsumer, options: Partial<ServeOptions> = {}) {
    const { recorder, server } = await started(consumer, options);
    const client = await connectWebsocket(`${server.url}/ws/`, { subprotocols: ["restwave.v1"] });
    client.sendJson({ action: "subscribe_list", request_id: "a", filters: { priority__lt: 9 } });
    await client.receiveJson();
    await recorder.until(() => recorder.finished.length === 1);
    return { recorder, server, client };
  }

  test("are opened and closed, as one object, by the client", async () => {
    const { recorder, client } = await subscribed();
    expect(recorder.subscribed[0]).toMatchObject({
      consumer: "TaskConsumer",
      stream: null,
      action: "subscribe_list",
      requestId: "a",
      args: { filters: { priority__lt: 9 } },
    });
    client.sendJson({ action: "unsubscribe_list", request_id: "a" });
    await client.receiveJson();
    expect(recorder.unsubscribed).toEqual(recorder.subscribed);
    expect(recorder.unsubscribed[0]).toBe(recorder.subscribed[0]);
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.unsubscribed).toHaveLength(1);
  });

  test("end before their connection does, and when they are begun anew", async () => {
    const { recorder, client } = await subscribed();
    client.sendJson({ action: "subscribe_list", request_id: "a" });
    await client.receiveJson();
    expect(recorder.told.filter((text) => text.includes("subscribed"))).toEqual([
      "subscribed subscribe_list",
      "unsubscribed subscribe_list",
      "subscribed subscribe_list",
    ]);
    client.socket.terminate();
    await recorder.untilQuiet();
    expect(recorder.told.slice(-2)).toEqual(["unsubscribed subscribe_list", "closed"]);
    expect(new Set(recorder.unsubscribed)).toEqual(new Set(recorder.subscribed));
  });

  test("that are refused are not opened", async () => {
    const { recorder, client } = await subscribed();
    client.sendJson({ action: "subscribe_instance", request_id: "b", pk: 99 });
    await client.receiveJson();
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.subscribed).toHaveLength(1);
  });

  test("tell what leaves: frames, bytes and how late", async () => {
    const { recorder, client } = await subscribed();
    await lab.db.atomic(async () => {
      await lab.Task.objects.filter({ id: 1 }).update({ title: "ä" });
      await lab.Task.objects.filter({ id: 2 }).update({ title: "b" });
    });
    const text = await client.receiveText();
    expect(recorder.sent).toEqual([
      { connection: recorder.opened[0], frames: 2, bytes: Buffer.byteLength(text), lag: expect.any(Number) },
    ]);
    expect(recorder.sent[0]?.lag).toBeGreaterThanOrEqual(0);
    await client.close();
  });

  test("of streams of one socket have its connection", async () => {
    const recorder = new Recorder();
    const streams = { tasks: lab.TaskConsumer, more: lab.Windowed };
    const server = await startServer(Multiplexer(streams), { instrumentations: [recorder] });
    const client = await connect(server);
    for (const stream of ["tasks", "more"]) {
      client.sendJson({ stream, payload: { action: "subscribe_list", request_id: stream } });
      await client.receiveJson();
    }
    await lab.Task.objects.filter({ id: 1 }).update({ title: "new" });
    await recorder.until(() => recorder.sent.length > 0);
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.subscribed.map(({ stream }) => stream)).toEqual(["tasks", "more"]);
    const connections = [...recorder.subscribed, ...recorder.unsubscribed, ...recorder.sent].map(({ connection }) => connection);
    expect(new Set(connections)).toEqual(new Set(recorder.opened));
    expect(recorder.opened).toHaveLength(1);
  });

  test("whose events could not be worked out are reset", async () => {
    let fails = false;
    class Breaks extends BasePermission {
      override hasPermission(): boolean {
        return true;
      }
      override hasObjectPermission(): boolean {
        if (!fails) return true;
        fails = false;
        throw new TypeError("broken");
      }
    }
    class GuardedConsumer extends lab.TaskConsumer {
      override permissionClasses = [Breaks];
    }
    const { recorder, client } = await subscribed(GuardedConsumer);
    fails = true;
    await lab.Task.objects.filter({ id: 1 }).update({ title: "new" });
    await client.receiveJson();
    await recorder.until(() => recorder.resets.length === 1);
    expect(recorder.resets).toEqual([recorder.opened[0]]);
    expect(recorder.unsubscribed).toEqual([]);
    await client.close();
  });

  test("that end because their user may see nothing any more are closed", async () => {
    let mayRead = true;
    class Switch extends BasePermission {
      override hasPermission(): boolean {
        return mayRead;
      }
    }
    class GuardedConsumer extends lab.TaskConsumer {
      override permissionClasses = [Switch];
    }
    const authenticate = () => ({ user: { id: 1 } });
    const { recorder, client, server } = await subscribed(GuardedConsumer, { authenticate });
    mayRead = false;
    await server.revoke(1, { close: false });
    await recorder.until(() => recorder.unsubscribed.length === 1);
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.unsubscribed).toHaveLength(1);
  });

  test("go on when an instrumentation fails", async () => {
    const failing = (): never => {
      throw new TypeError("broken");
    };
    const broken: Instrumentation = { subscriptionOpened: failing, subscriptionClosed: failing, eventsSent: failing };
    const server = await startServer(lab.TaskConsumer, { instrumentations: [broken], logger: new MemoryLogger() });
    const client = await connect(server);
    client.sendJson({ action: "subscribe_list", request_id: "a" });
    expect(await client.receiveJson()).toMatchObject({ response_status: 201 });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "new" });
    expect(await client.receiveJson()).toMatchObject({ action: "update", data: { title: "new" } });
    await client.close();
  });
});
