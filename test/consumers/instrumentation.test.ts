import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  BaseThrottle,
  type Instrumentation,
  IsAdminUser,
  Multiplexer,
  noReply,
  NotFound,
  or,
  PermissionDenied,
  reply,
  type ReplyOptions,
} from "../../src/index.ts";
import type { ActionContext } from "../../src/consumers/action-context.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { connect, startServer } from "../transports/test-server.ts";
import { Gate, MemoryLogger } from "../transports/sessions.ts";
import { Recorder } from "./recorder.ts";

class IsOwner extends BasePermission {}

class Hides extends BasePermission {
  override hasPermission(): boolean {
    throw new NotFound();
  }
}

class Never extends BaseThrottle {
  override allowRequest(): boolean {
    return false;
  }
}

const gates: Gate[] = [];

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
}

class ToolConsumer extends AsyncAPIConsumer {
  hello = action(async () => reply({ hello: true }, 201));
  fail = action(async () => {
    throw Object.assign(new TypeError("secret of a driver"), { code: "SQLITE_BUSY" });
  });
  refuse = action(async () => {
    throw new PermissionDenied("Not you.");
  });
  count = action(async function* () {
    yield 1;
    yield 2;
  });
  endless = action(async function* (_args, { signal }) {
    for (let n = 0; ; n += 1) {
      yield n;
      if (n === 1) await aborted(signal);
    }
  });
  wait = action(async (_args, { signal }: ActionContext) => {
    const gate = new Gate();
    void aborted(signal).then(() => gate.open());
    gates.push(gate);
    await gate.opened;
  });
  alone = action(async (_args, { requestId }: ActionContext) => {
    await this.reply({ action: "alone", status: 202, requestId });
    return noReply;
  });
}

async function started(consumer = ToolConsumer, ...further: readonly Instrumentation[]) {
  const recorder = new Recorder();
  const logger = new MemoryLogger();
  const server = await startServer(consumer, { instrumentations: [recorder, ...further], logger });
  const client = await connect(server);
  return { recorder, logger, server, client };
}

async function ask(client: Awaited<ReturnType<typeof connect>>, frame: object): Promise<Record<string, unknown>> {
  client.sendJson(frame);
  return { ...Object(await client.receiveJson()) };
}

describe("a request", () => {
  test("is started, run and finished, in this order, as one object", async () => {
    const { recorder, client } = await started();
    await ask(client, { action: "hello", request_id: 7, x: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(recorder.told).toEqual(["opened", "started hello", "around hello", "finished hello 201"]);
    const [request] = recorder.started;
    expect(recorder.finished[0]?.request).toBe(request);
    expect(request).toMatchObject({
      consumer: "ToolConsumer",
      stream: null,
      action: "hello",
      isKnown: true,
      requestId: 7,
      args: { x: 1 },
    });
    expect(request?.connection).toBe(recorder.opened[0]);
    expect(recorder.finished[0]?.outcome).toMatchObject({
      status: 201,
      error: null,
      errorId: null,
      refusal: null,
      thrown: null,
    });
    expect(recorder.finished[0]?.outcome.duration).toBeGreaterThan(0);
  });

  test("of an unknown action is told so, with a name that is cut", async () => {
    const { recorder, client } = await started();
    await ask(client, { action: "x".repeat(1000), request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(recorder.started[0]).toMatchObject({ action: "x".repeat(128), isKnown: false });
    expect(recorder.finished[0]?.outcome).toMatchObject({ status: 405, refusal: null });
  });

  test("that fails has the id under which its error is in the log, and nothing of what a driver said", async () => {
    const { recorder, client, logger } = await started();
    const answer = await ask(client, { action: "fail", request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    const outcome = recorder.finished[0]?.outcome;
    expect(outcome).toMatchObject({ status: 500, errorId: answer["error_id"], thrown: { name: "TypeError" } });
    expect(outcome?.error?.errors).toEqual(answer["errors"]);
    expect(logger.entries[0]?.details).toMatchObject({ errorId: answer["error_id"] });
    expect(encodeJson(outcome?.thrown)).not.toContain("secret of a driver");
  });

  test("that answers by itself, or through an overridden reply, has the status that was sent", async () => {
    class Softened extends ToolConsumer {
      override async reply(options: ReplyOptions): Promise<void> {
        await Promise.resolve();
        await super.reply({ ...options, status: options.status === 403 ? 404 : 299 });
      }
    }
    const { recorder, client } = await started();
    await ask(client, { action: "alone", request_id: 1 });
    const second = await started(Softened);
    await ask(second.client, { action: "hello", request_id: 1 });
    await ask(second.client, { action: "refuse", request_id: 2 });
    await second.recorder.until(() => second.recorder.finished.length === 2);
    expect(recorder.told.at(-1)).toBe("finished alone 202");
    expect(second.recorder.finished.map(({ outcome }) => outcome.status)).toEqual([299, 404]);
  });

  test("that streams is finished once, at its end", async () => {
    const { recorder, client } = await started();
    client.sendJson({ action: "count", request_id: 1 });
    for (let n = 0; n < 3; n += 1) await client.receiveJson();
    await recorder.until(() => recorder.finished.length > 0);
    expect(recorder.told).toEqual(["opened", "started count", "around count", "finished count 200"]);
  });

  test("that is cancelled is finished with 499, a stream too", async () => {
    const { recorder, client } = await started();
    for (const name of ["wait", "endless"]) {
      client.sendJson({ action: name, request_id: name });
      await recorder.until(() => recorder.started.some(({ action: begun }) => begun === name));
      client.sendJson({ action: "cancel", request_id: "c", cancel_request_id: name });
    }
    await recorder.until(() => recorder.finished.length === 4);
    const statuses = recorder.finished
      .filter(({ request }) => request.action !== "cancel")
      .map(({ outcome }) => [outcome.status, outcome.error?.code]);
    expect(statuses).toEqual([
      [499, "cancelled"],
      [499, "cancelled"],
    ]);
  });

  test("whose client leaves is finished before its connection is closed, whatever it was doing", async () => {
    const { recorder, client } = await started();
    for (const name of ["wait", "endless", "hello", "count", "nobody"]) client.sendJson({ action: name, request_id: name });
    await recorder.until(() => recorder.started.length === 5);
    client.socket.terminate();
    await recorder.untilQuiet();
    expect(recorder.finished).toHaveLength(5);
    expect(new Set(recorder.finished.map(({ request }) => request))).toEqual(new Set(recorder.started));
    expect(recorder.told.at(-1)).toBe("closed");
    expect(recorder.closed).toEqual([{ connection: recorder.opened[0], code: 1006 }]);
  });

  test("every one that was started is finished exactly once, when many clients leave in the middle", async () => {
    const recorder = new Recorder();
    const server = await startServer(ToolConsumer, { instrumentations: [recorder], logger: new MemoryLogger() });
    const names = ["hello", "wait", "endless", "fail", "count", "refuse"];
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const client = await connect(server);
        for (let n = 0; n < 12; n += 1) client.sendJson({ action: names[(n + index) % names.length], request_id: n });
        if (index % 3 > 0) await client.receiveJson();
        if (index % 2 === 0) client.socket.terminate();
        else await client.close();
      }),
    );
    await recorder.until(() => recorder.closed.length === 20);
    expect(recorder.started.length).toBeGreaterThan(100);
    expect(recorder.finished).toHaveLength(recorder.started.length);
    expect(new Set(recorder.finished.map(({ request }) => request)).size).toBe(recorder.started.length);
  });

  test("in a consumer with one after another, that is cancelled before its turn, is finished", async () => {
    class Ordered extends ToolConsumer {
      override ordered = true;
    }
    const { recorder, client } = await started(Ordered);
    client.sendJson({ action: "wait", request_id: 1 });
    client.sendJson({ action: "hello", request_id: 2 });
    client.sendJson({ action: "cancel", request_id: 3, cancel_request_id: 2 });
    await recorder.until(() => recorder.finished.length === 2);
    gates.at(-1)?.open();
    await recorder.until(() => recorder.finished.length === 3);
    expect(recorder.told.slice(-3).toSorted()).toEqual(["finished cancel 200", "finished hello 499", "finished wait 200"]);
  });
});

describe("who said no", () => {
  test.for([
    [[IsAdminUser], "permission", "IsAdminUser", 403],
    [[or(IsAdminUser, IsOwner)], "permission", "or(IsAdminUser, IsOwner)", 403],
    [[Hides], "permission", "Hides", 404],
  ] as const)("%s", async ([permissions, by, name, status]) => {
    class Guarded extends ToolConsumer {
      override permissionClasses = permissions;
    }
    const { recorder, client } = await started(Guarded);
    const answer = await ask(client, { action: "hello", request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(recorder.finished[0]?.outcome).toMatchObject({ status, refusal: { by, name } });
    expect(encodeJson(answer)).not.toContain(name);
    expect(inspect(recorder.finished[0]?.outcome.error, { showHidden: true }).split("\n    at ")[0]).not.toContain(name);
  });

  test("a throttle, and nobody where the action itself refuses", async () => {
    class Slow extends ToolConsumer {
      override throttleClasses = [Never];
    }
    const { recorder, client } = await started(Slow);
    await ask(client, { action: "hello", request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(recorder.finished[0]?.outcome).toMatchObject({ status: 429, refusal: { by: "throttle", name: "Never" } });
    const second = await started();
    await ask(second.client, { action: "refuse", request_id: 1 });
    await second.recorder.until(() => second.recorder.finished.length === 1);
    expect(second.recorder.finished[0]?.outcome).toMatchObject({ status: 403, refusal: null });
  });
});

describe("a frame that is no request", () => {
  test("is told with the error that it was answered with", async () => {
    const { recorder, client } = await started();
    for (const text of ["{", "[]", '{"request_id":1}', '{"action":{},"request_id":1}', '{"action":"hello","request_id":{}}']) {
      client.sendText(text);
      await client.receiveJson();
    }
    client.sendBytes(new Uint8Array([1]));
    await client.receiveJson();
    expect(recorder.frames.map(({ error }) => error.status)).toEqual([400, 400, 405, 405, 400, 400]);
    expect(recorder.started).toEqual([]);
  });

  test("when too many requests are under way", async () => {
    const recorder = new Recorder();
    const server = await startServer(ToolConsumer, { instrumentations: [recorder], maxInFlight: 1 });
    const client = await connect(server);
    client.sendJson({ action: "wait", request_id: 1 });
    await ask(client, { action: "hello", request_id: 2 });
    expect(recorder.frames.map(({ error }) => error.status)).toEqual([429]);
  });
});

describe("on a multiplexed socket", () => {
  test("all streams have one connection, and requests name theirs", async () => {
    class OtherConsumer extends ToolConsumer {}
    const recorder = new Recorder();
    const Both = Multiplexer({ tools: ToolConsumer, others: OtherConsumer });
    const server = await startServer(Both, { instrumentations: [recorder] });
    const client = await connect(server);
    for (const stream of ["tools", "others"]) await ask(client, { stream, payload: { action: "hello", request_id: 1 } });
    await ask(client, { stream: "nobody", payload: { action: "hello", request_id: 1 } });
    await ask(client, { stream: "tools", payload: { request_id: 1 } });
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.started.map(({ consumer, stream }) => [consumer, stream])).toEqual([
      ["ToolConsumer", "tools"],
      ["OtherConsumer", "others"],
    ]);
    expect(recorder.opened).toHaveLength(1);
    const [connection] = recorder.opened;
    expect(connection?.session).toBeInstanceOf(Both);
    expect(recorder.started.every((request) => request.connection === connection)).toBe(true);
    expect(recorder.frames.map((frame) => [frame.connection === connection, frame.error.status])).toEqual([
      [true, 404],
      [true, 405],
    ]);
  });
});

describe("an instrumentation that fails", () => {
  const failing = (): never => {
    throw new TypeError("broken");
  };

  test("fails nothing: it is logged, and the others are told", async () => {
    const broken: Instrumentation = {
      connectionOpened: failing,
      connectionClosed: failing,
      requestStarted: failing,
      aroundRequest: failing,
      // oxlint-disable-next-line typescript/no-misused-promises -- Nothing keeps an application from it.
      requestFinished: async () => failing(),
      frameRefused: failing,
    };
    const recorder = new Recorder();
    const logger = new MemoryLogger();
    const server = await startServer(ToolConsumer, { instrumentations: [broken, recorder], logger });
    const client = await connect(server);
    expect(await ask(client, { action: "hello", request_id: 1 })).toMatchObject({ response_status: 201 });
    client.sendText("{");
    await client.receiveJson();
    await client.close();
    await recorder.untilQuiet();
    expect(recorder.told).toEqual(["opened", "started hello", "around hello", "finished hello 201", "frame 400", "closed"]);
    expect(logger.entries.filter(({ message }) => message === "An instrumentation failed.")).toHaveLength(6);
  });

  test.for([
    ["before it runs the request", () => failing()],
    [
      "after it has run the request",
      (run: () => unknown) => {
        run();
        failing();
      },
    ],
    ["later", async (run: () => unknown) => Promise.resolve(run()).then(failing)],
    ["by running it twice", (run: () => unknown) => [run(), run()]],
    ["by not running it", () => undefined],
  ] as const)("in aroundRequest, %s: the request runs once and is answered", async ([, around]) => {
    let runs = 0;
    class Counted extends AsyncAPIConsumer {
      hello = action(async () => reply((runs += 1)));
    }
    // What is wrong is what is tried.
    const broken: Instrumentation = { aroundRequest: (_request, run) => around(run) as never };
    const recorder = new Recorder();
    const server = await startServer(Counted, { instrumentations: [broken, recorder], logger: new MemoryLogger() });
    const client = await connect(server);
    expect(await ask(client, { action: "hello", request_id: 1 })).toMatchObject({ data: 1, response_status: 200 });
    await client.close();
    await recorder.untilQuiet();
    expect(runs).toBe(1);
    expect(recorder.finished).toHaveLength(1);
  });
});

test("aroundRequest surrounds permissions, throttles, action and stream, the first instrumentation outermost", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const note = (): boolean => seen.push(storage.getStore()) > 0;
  class Asks extends BasePermission {
    override hasPermission = note;
  }
  class Counts extends BaseThrottle {
    override allowRequest = note;
  }
  class Noting extends AsyncAPIConsumer {
    override permissionClasses = [Asks];
    override throttleClasses = [Counts];
    items = action(async function* () {
      note();
      yield 1;
      note();
    });
  }
  const layer = (name: string): Instrumentation => ({
    aroundRequest: (_request, run) => storage.run(`${storage.getStore() ?? ""}${name}`, run),
  });
  const server = await startServer(Noting, { instrumentations: [layer("a"), layer("b")] });
  const client = await connect(server);
  client.sendJson({ action: "items", request_id: 1 });
  await client.receiveJson();
  await client.receiveJson();
  expect(seen).toEqual(["ab", "ab", "ab", "ab"]);
});
