import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import {
  action,
  AsyncAPIConsumer,
  IsAuthenticated,
  Multiplexer,
  NotFound,
  path,
  type ReplyOptions,
  reply,
  requestBindings,
  requestLog,
  type RequestLogOptions,
  type ServeOptions,
} from "../../src/index.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { Recorder } from "../consumers/recorder.ts";
import { connect, startServer } from "../transports/test-server.ts";

type Entry = Readonly<Record<string, unknown>>;

/** A real pino, and what it wrote. */
function pinoToMemory() {
  const entries: Entry[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trimEnd().split("\n")) entries.push(JSON.parse(line));
      done();
    },
  });
  return { logger: pino({ mixin: requestBindings }, stream), entries };
}

const { logger: appLogger, entries: appEntries } = pinoToMemory();

class ToolConsumer extends AsyncAPIConsumer {
  hello = action(async () => reply("hi"));
  missing = action(async () => {
    throw new NotFound();
  });
  explode = action(async () => {
    throw Object.assign(new TypeError("Key (email)=(ada@example.com) exists"), { code: "SQLITE_CONSTRAINT" });
  });
  talk = action(async () => {
    appLogger.info("before");
    await new Promise((resolve) => setImmediate(resolve));
    appLogger.info("after");
  });
}

async function started(consumer = ToolConsumer, options: Partial<ServeOptions> = {}, log: RequestLogOptions = {}) {
  const { logger, entries } = pinoToMemory();
  const recorder = new Recorder();
  const server = await startServer(consumer, { logger, instrumentations: [requestLog(log), recorder], ...options });
  return { server, entries, recorder };
}

async function ask(client: Awaited<ReturnType<typeof connect>>, frame: object): Promise<Entry> {
  client.sendJson(frame);
  return { ...Object(await client.receiveJson()) };
}

describe("requestLog", () => {
  test("writes when a connection opens, when a request is answered, and when it closes", async () => {
    const { server, entries, recorder } = await started();
    const client = await connect(server);
    await ask(client, { action: "hello", request_id: "r1", password: "secret" });
    await client.close(4000);
    await recorder.untilQuiet();
    const connectionId = recorder.opened[0]?.id;
    expect(entries).toMatchObject([
      { level: 30, msg: "A connection was opened.", connectionId, type: "websocket", path: "/ws/" },
      {
        level: 30,
        msg: "A request was answered.",
        connectionId,
        requestId: "r1",
        consumer: "ToolConsumer",
        action: "hello",
        status: 200,
        duration: expect.any(Number),
      },
      { level: 30, msg: "A connection was closed.", connectionId, code: 4000, duration: expect.any(Number) },
    ]);
    expect(JSON.stringify(entries)).not.toContain("secret");
  });

  test("has a level by status, and the id under which an unexpected error is in the same log", async () => {
    const { server, entries, recorder } = await started(ToolConsumer, {}, { clientErrorLevel: "warn", connections: false });
    const client = await connect(server);
    await ask(client, { action: "missing", request_id: 1 });
    const answer = await ask(client, { action: "explode", request_id: 12345678901234567890n });
    await recorder.until(() => recorder.finished.length === 2);
    const connectionId = recorder.opened[0]?.id;
    const requestId = "12345678901234567890";
    expect(entries).toMatchObject([
      { level: 40, status: 404, requestId: 1 },
      { level: 50, msg: "An action failed.", errorId: answer["error_id"], connectionId, requestId, action: "explode" },
      { level: 50, msg: "A request was answered.", errorId: answer["error_id"], connectionId, requestId, status: 500 },
    ]);
    expect(entries).toHaveLength(3);
    expect(JSON.stringify(entries)).not.toContain("ada@example.com");
  });

  test("says which stream, and who said no", async () => {
    class GuardedConsumer extends ToolConsumer {
      override permissionClasses = [IsAuthenticated];
    }
    const routes = [path("ws/", Multiplexer({ tools: GuardedConsumer }))];
    const { server, entries, recorder } = await started(ToolConsumer, { routes });
    await ask(await connect(server), { stream: "tools", payload: { action: "hello", request_id: 1 } });
    await recorder.until(() => recorder.finished.length === 1);
    expect(entries.at(-1)).toMatchObject({
      stream: "tools",
      consumer: "GuardedConsumer",
      status: 403,
      refusal: { by: "permission", name: "IsAuthenticated" },
    });
  });

  test("writes refused handshakes and frames, at the level of their status", async () => {
    const { server, entries, recorder } = await started(ToolConsumer, {}, { clientErrorLevel: "warn" });
    await expect(connectWebsocket(`${server.url}/nowhere/?token=secret`)).rejects.toMatchObject({ status: 404 });
    const client = await connect(server);
    client.sendText("{");
    await client.receiveJson();
    await client.close();
    await recorder.untilQuiet();
    expect(entries.filter(({ level }) => level === 40)).toMatchObject([
      { msg: "A connection was refused.", path: "/nowhere/", status: 404, code: "not_found" },
      { msg: "A frame was refused.", connectionId: recorder.opened[0]?.id, status: 400, code: "parse_error" },
    ]);
    expect(JSON.stringify(entries)).not.toContain("secret");
  });

  test("says who and from where only when told to, and leaves out what it is told to", async () => {
    const authenticate = () => ({ user: { id: 7 } });
    const shy = await started(ToolConsumer, { authenticate });
    await ask(await connect(shy.server), { action: "hello", request_id: 1 });
    await shy.recorder.until(() => shy.recorder.finished.length === 1);
    expect(JSON.stringify(shy.entries)).not.toMatch(/userId|127\.0\.0\.1/);
    const open = await started(
      ToolConsumer,
      { authenticate },
      {
        userId: ({ user }) => user?.id ?? null,
        address: true,
        skip: ({ action: name }) => name === "missing",
      },
    );
    const client = await connect(open.server);
    await ask(client, { action: "missing", request_id: 1 });
    await ask(client, { action: "hello", request_id: 2 });
    await open.recorder.until(() => open.recorder.finished.length === 2);
    expect(open.entries).toMatchObject([
      { msg: "A connection was opened.", userId: 7, address: "127.0.0.1" },
      { msg: "A request was answered.", userId: 7, requestId: 2 },
    ]);
  });

  test("writes to a logger of its own, one that fails too", async () => {
    const { logger, entries } = pinoToMemory();
    const own = await started(ToolConsumer, {}, { logger });
    const client = await connect(own.server);
    await ask(client, { action: "hello", request_id: 1 });
    await own.recorder.until(() => own.recorder.finished.length === 1);
    expect(entries).toHaveLength(2);
    expect(own.entries).toEqual([]);
    const fail = (): never => {
      throw new TypeError("disk full");
    };
    const broken = await started(ToolConsumer, {}, { logger: { error: fail, warn: fail, info: fail } });
    expect(await ask(await connect(broken.server), { action: "hello", request_id: 1 })).toMatchObject({ response_status: 200 });
  });
});

describe("an entry of the framework itself tells the connection and the request", () => {
  test("also where nobody watches", async () => {
    const { server, entries } = await started(ToolConsumer, { instrumentations: [] });
    const client = await connect(server);
    await ask(client, { action: "explode", request_id: "r9" });
    await ask(client, { action: "explode" });
    expect(entries).toMatchObject([
      { msg: "An action failed.", action: "explode", requestId: "r9", connectionId: expect.any(String) },
      { msg: "An action failed.", connectionId: entries[0]?.["connectionId"] },
    ]);
    expect(entries[1]).not.toHaveProperty("requestId");
  });

  test("when the answer itself cannot be sent", async () => {
    class Mute extends ToolConsumer {
      override async reply(_options: ReplyOptions): Promise<void> {
        throw new TypeError("no voice");
      }
    }
    const { server, entries, recorder } = await started(Mute, {}, { connections: false });
    const client = await connect(server);
    client.sendJson({ action: "hello", request_id: "r1" });
    await recorder.untilQuiet();
    const written = entries.filter(({ msg }) => msg !== "A request was answered.");
    expect(written.length).toBeGreaterThan(1);
    expect(written.every(({ requestId }) => requestId === "r1")).toBe(true);
    expect(written.every(({ connectionId }) => connectionId === recorder.opened[0]?.id)).toBe(true);
  });
});

test("requestBindings gives an application's own entries the ids of the request that they belong to", async () => {
  const { server, recorder } = await started();
  const [one, two] = [await connect(server), await connect(server)];
  appEntries.length = 0;
  appLogger.info("outside");
  await Promise.all([ask(one, { action: "talk", request_id: "a" }), ask(two, { action: "talk", request_id: "b" })]);
  await recorder.until(() => recorder.finished.length === 2);
  const ids = new Map(recorder.started.map(({ requestId, connection }) => [requestId, connection.id]));
  const told = appEntries.map(({ msg, requestId, connectionId }) => [msg, requestId, connectionId]);
  expect(told[0]).toEqual(["outside", undefined, undefined]);
  expect(told.slice(1).toSorted((left, right) => String(left).localeCompare(String(right)))).toEqual([
    ["after", "a", ids.get("a")],
    ["after", "b", ids.get("b")],
    ["before", "a", ids.get("a")],
    ["before", "b", ids.get("b")],
  ]);
});
