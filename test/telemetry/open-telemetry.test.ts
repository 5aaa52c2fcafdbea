import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  BaseThrottle,
  type ConsumerClass,
  IsAuthenticated,
  Multiplexer,
  NotFound,
  path,
  reply,
  type ServeOptions,
} from "../../src/index.ts";
import { openTelemetry, type OpenTelemetryOptions } from "../../src/opentelemetry.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { Recorder } from "../consumers/recorder.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { openLab } from "../observers/lab.ts";
import { MemoryLogger } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const inner = tracerProvider.getTracer("database");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracerProvider);
});
beforeEach(() => spans.reset());
afterAll(() => {
  context.disable();
  propagation.disable();
  trace.disable();
  metrics.disable();
});

function query(name: string): void {
  inner.startSpan(name).end();
}

class Asks extends BasePermission {
  override hasPermission(): boolean {
    query("permission");
    return true;
  }
}

class Counts extends BaseThrottle {
  override async allowRequest(): Promise<boolean> {
    query("throttle");
    return true;
  }
}

class ToolConsumer extends AsyncAPIConsumer {
  hello = action(async () => reply("hi"));
  missing = action(async () => {
    throw new NotFound();
  });
  explode = action(async () => {
    throw Object.assign(new TypeError("Key (email)=(ada@example.com) exists"), { code: "SQLITE_CONSTRAINT" });
  });
  work = action(async () => {
    query("before");
    await new Promise((resolve) => setImmediate(resolve));
    query("after");
  });
  items = action(async function* () {
    query("first");
    yield 1;
    query("second");
  });
}

async function started(
  consumer: ConsumerClass = ToolConsumer,
  options: OpenTelemetryOptions = {},
  serving: Partial<ServeOptions> = {},
) {
  const recorder = new Recorder();
  const instrumentations = [openTelemetry(options), recorder];
  const server = await startServer(consumer, { instrumentations, logger: new MemoryLogger(), httpApi: true, ...serving });
  return { recorder, server, base: `http://127.0.0.1:${server.port}/api` };
}

async function ask(client: Awaited<ReturnType<typeof connect>>, frame: object): Promise<unknown> {
  client.sendJson(frame);
  return client.receiveJson();
}

function spanOf(name: string) {
  const found = spans.getFinishedSpans().find((span) => span.name === name);
  if (found === undefined)
    throw new TypeError(
      `No span ${name}, but ${spans
        .getFinishedSpans()
        .map((span) => span.name)
        .join(", ")}.`,
    );
  return found;
}

describe("spans", () => {
  test("are one per request, named by consumer and action, of kind SERVER, with the attributes of the conventions", async () => {
    const { server, recorder } = await started();
    await ask(await connect(server), { action: "hello", request_id: "r1", password: "secret" });
    await recorder.until(() => recorder.finished.length === 1);
    const span = spanOf("ToolConsumer/hello");
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({
      "network.transport": "tcp",
      "network.protocol.name": "websocket",
      "url.path": "/ws/",
      "server.address": "127.0.0.1",
      "server.port": server.port,
      "rpc.system.name": "restwave",
      "rpc.method": "ToolConsumer/hello",
      "rpc.response.status_code": "200",
      "restwave.consumer": "ToolConsumer",
      "restwave.connection_id": recorder.opened[0]?.id,
      "restwave.request_id": "r1",
    });
    expect(spans.getFinishedSpans()).toHaveLength(1);
  });

  test("of what is no action have a name that no client chooses", async () => {
    const { server, recorder } = await started();
    await ask(await connect(server), { action: "drop_tables", request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(spanOf("ToolConsumer/_OTHER").attributes).toMatchObject({
      "rpc.method": "_OTHER",
      "rpc.method_original": "ToolConsumer/drop_tables",
      "rpc.response.status_code": "405",
    });
  });

  test("are active in permissions, throttles, action and stream: what these call is their child", async () => {
    class GuardedConsumer extends ToolConsumer {
      override permissionClasses = [Asks];
      override throttleClasses = [Counts];
    }
    const { server, recorder } = await started(GuardedConsumer);
    const client = await connect(server);
    await ask(client, { action: "work", request_id: 1 });
    client.sendJson({ action: "items", request_id: 2 });
    await recorder.until(() => recorder.finished.length === 2);
    for (const [parent, children] of [
      ["GuardedConsumer/work", ["before", "after"]],
      ["GuardedConsumer/items", ["first", "second"]],
    ] as const) {
      const { spanId, traceId } = spanOf(parent).spanContext();
      for (const child of children) {
        expect(spanOf(child).parentSpanContext?.spanId, child).toBe(spanId);
        expect(spanOf(child).spanContext().traceId).toBe(traceId);
      }
      const mine = spans.getFinishedSpans().filter((span) => span.parentSpanContext?.spanId === spanId);
      expect(mine.map(({ name }) => name)).toEqual(expect.arrayContaining(["permission", "throttle", ...children]));
    }
  });

  test("of two requests at once do not mix", async () => {
    const { server, recorder } = await started();
    const client = await connect(server);
    client.sendJson({ action: "work", request_id: 1 });
    client.sendJson({ action: "work", request_id: 2 });
    await recorder.until(() => recorder.finished.length === 2);
    const all = spans.getFinishedSpans();
    for (const parent of all.filter(({ name }) => name === "ToolConsumer/work")) {
      const children = all.filter((span) => span.parentSpanContext?.spanId === parent.spanContext().spanId);
      expect(children.map(({ name }) => name)).toEqual(["before", "after"]);
    }
  });

  test("are errors for 5xx only, with what was thrown but nothing of a driver's message", async () => {
    const { server, recorder } = await started();
    const client = await connect(server);
    await ask(client, { action: "missing", request_id: 1 });
    const answer = await ask(client, { action: "explode", request_id: 2 });
    await recorder.until(() => recorder.finished.length === 2);
    expect(spanOf("ToolConsumer/missing").status.code).toBe(SpanStatusCode.UNSET);
    expect(spanOf("ToolConsumer/missing").attributes).not.toHaveProperty("error.type");
    const failed = spanOf("ToolConsumer/explode");
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: "TypeError" });
    expect(failed.attributes).toMatchObject({
      "error.type": "500",
      "restwave.error_id": Object(answer).error_id,
    });
    expect(failed.events).toMatchObject([{ name: "exception", attributes: { "exception.type": "TypeError" } }]);
    expect(JSON.stringify([failed.events, failed.attributes])).not.toContain("ada@example.com");
  });

  test("say who refused, and on a multiplexed socket which stream", async () => {
    class GuardedConsumer extends ToolConsumer {
      override permissionClasses = [IsAuthenticated];
    }
    const routes = [path("ws/", Multiplexer({ tools: GuardedConsumer }))];
    const { server, recorder } = await started(ToolConsumer, {}, { routes });
    await ask(await connect(server), { stream: "tools", payload: { action: "hello", request_id: 1 } });
    await recorder.until(() => recorder.finished.length === 1);
    expect(spanOf("GuardedConsumer/hello").attributes).toMatchObject({
      "restwave.stream": "tools",
      "restwave.refusal.by": "permission",
      "restwave.refusal.rule": "IsAuthenticated",
    });
  });

  test("end when a client leaves in the middle", async () => {
    class SlowConsumer extends AsyncAPIConsumer {
      wait = action(async (_args, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    }
    const { server, recorder } = await started(SlowConsumer);
    const client = await connect(server);
    client.sendJson({ action: "wait", request_id: 1 });
    await recorder.until(() => recorder.started.length === 1);
    client.socket.terminate();
    await recorder.untilQuiet();
    expect(spanOf("SlowConsumer/wait").attributes["rpc.response.status_code"]).toBe("499");
  });

  test("over HTTP belong to the trace of the request's headers", async () => {
    const { base, recorder } = await started();
    await fetch(`${base}/tools/hello/`, {
      method: "POST",
      headers: { traceparent: TRACEPARENT, "content-type": "application/json" },
    });
    await recorder.untilQuiet();
    const span = spanOf("ToolConsumer/hello");
    expect(span.spanContext().traceId).toBe(TRACE);
    expect(span.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
  });

  test("on a socket begin a trace each, with a link to that of the handshake", async () => {
    const { server, recorder } = await started();
    const client = await connect(server, { headers: { traceparent: TRACEPARENT } });
    await ask(client, { action: "hello", request_id: 1 });
    await ask(client, { action: "missing", request_id: 2 });
    await recorder.until(() => recorder.finished.length === 2);
    const [one, two] = [spanOf("ToolConsumer/hello"), spanOf("ToolConsumer/missing")];
    expect(one.parentSpanContext).toBeUndefined();
    expect(new Set([one.spanContext().traceId, two.spanContext().traceId, TRACE]).size).toBe(3);
    for (const span of [one, two]) expect(span.links.map((link) => link.context.traceId)).toEqual([TRACE]);
  });

  test("belong to the trace that a request names, where the application says how", async () => {
    const carrier: OpenTelemetryOptions["carrier"] = ({ args }) => ({ traceparent: String(args["traceparent"]) });
    const { server, recorder } = await started(ToolConsumer, { carrier });
    const client = await connect(server);
    await ask(client, { action: "hello", request_id: 1, traceparent: TRACEPARENT });
    await ask(client, { action: "missing", request_id: 2, traceparent: "nonsense" });
    await recorder.until(() => recorder.finished.length === 2);
    expect(spanOf("ToolConsumer/hello").spanContext().traceId).toBe(TRACE);
    expect(spanOf("ToolConsumer/missing").parentSpanContext).toBeUndefined();
  });

  test("say address and user only when told to", async () => {
    const authenticate = () => ({ user: { id: 7 } });
    const shy = await started(ToolConsumer, {}, { authenticate });
    await ask(await connect(shy.server), { action: "hello", request_id: 1 });
    await shy.recorder.until(() => shy.recorder.finished.length === 1);
    expect(Object.keys(spanOf("ToolConsumer/hello").attributes)).not.toEqual(expect.arrayContaining(["client.address"]));
    spans.reset();
    const userId: OpenTelemetryOptions["userId"] = ({ user }) => (user === null ? null : String(user.id));
    const open = await started(ToolConsumer, { clientAddress: true, userId }, { authenticate });
    await ask(await connect(open.server), { action: "hello", request_id: 1 });
    await open.recorder.until(() => open.recorder.finished.length === 1);
    expect(spanOf("ToolConsumer/hello").attributes).toMatchObject({ "client.address": "127.0.0.1", "user.id": "7" });
  });

  test("are none when they are not wanted", async () => {
    const { server, recorder } = await started(ToolConsumer, { traces: false });
    await ask(await connect(server), { action: "hello", request_id: 1 });
    await recorder.until(() => recorder.finished.length === 1);
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

/** A meter provider, and what was measured so far: for each metric its points. */
function meters() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const collect = async () => {
    exporter.reset();
    await reader.forceFlush();
    const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return new Map(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        { unit: descriptor.unit, points: dataPoints.map(({ attributes, value }) => ({ attributes, value })) },
      ]),
    );
  };
  return { meterProvider, collect };
}

describe("metrics", () => {
  test("count and time what happens, and levels go back to nothing", async () => {
    const { meterProvider, collect } = meters();
    const lab = await openLab(sqliteFile);
    const { server, recorder } = await started(
      undefined,
      { meterProvider, traces: false },
      {
        routes: [path("ws/", lab.TaskConsumer), path("tools/", ToolConsumer)],
      },
    );
    await lab.Task.objects.create({ title: "one" });
    await expect(connectWebsocket(`${server.url}/nowhere/`)).rejects.toMatchObject({ status: 404 });
    const tools = await connectWebsocket(`${server.url}/tools/`);
    await ask(tools, { action: "hello", request_id: 1 });
    await ask(tools, { action: "explode", request_id: 2 });
    await ask(tools, { action: "nonsense", request_id: 3 });
    tools.sendText("{");
    await tools.receiveJson();
    const client = await connect(server);
    await ask(client, { action: "subscribe_list", request_id: 1 });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "two" });
    await recorder.until(() => recorder.sent.length === 1);
    const during = await collect();
    expect(during.get("restwave.server.connection.count")?.points).toEqual([
      { attributes: { "network.protocol.name": "websocket" }, value: 2 },
    ]);
    expect(during.get("restwave.server.subscription.count")?.points).toEqual([
      {
        attributes: {
          "rpc.system.name": "restwave",
          "rpc.method": "TaskConsumer/subscribe_list",
          "restwave.consumer": "TaskConsumer",
        },
        value: 1,
      },
    ]);
    expect(during.get("restwave.server.connection.refused")?.points).toEqual([
      { attributes: { "rpc.response.status_code": "404" }, value: 1 },
    ]);
    expect(during.get("restwave.server.frame.refused")?.points).toEqual([
      { attributes: { "rpc.response.status_code": "400" }, value: 1 },
    ]);
    expect(during.get("rpc.server.call.duration")?.unit).toBe("s");
    const durations = during
      .get("rpc.server.call.duration")
      ?.points.map(({ attributes, value }) => [
        attributes["rpc.method"],
        attributes["rpc.response.status_code"],
        attributes["error.type"],
        Object(value).count,
      ]);
    expect(durations).toEqual([
      ["ToolConsumer/hello", "200", undefined, 1],
      ["ToolConsumer/explode", "500", "500", 1],
      ["_OTHER", "405", undefined, 1],
      ["TaskConsumer/subscribe_list", "201", undefined, 1],
    ]);
    expect(during.get("restwave.server.event.frames")?.points).toEqual([{ attributes: {}, value: 1 }]);
    expect(during.get("restwave.server.event.size")).toMatchObject({
      unit: "By",
      points: [{ value: recorder.sent[0]?.bytes }],
    });
    expect(during.get("restwave.server.event.lag")?.points).toMatchObject([{ value: { count: 1 } }]);
    expect(during.get("restwave.server.queue.size")?.points.map(({ attributes }) => attributes["restwave.queue"])).toEqual([
      "socket",
      "events",
    ]);
    await Promise.all([tools.close(), client.close()]);
    await recorder.untilQuiet();
    const after = await collect();
    for (const name of ["connection.count", "subscription.count", "request.active"])
      for (const { value } of after.get(`restwave.server.${name}`)?.points ?? [{ value: NaN }]) expect(value, name).toBe(0);
    await lab.close();
    await meterProvider.shutdown();
  });

  test("have no label that a client can make grow", async () => {
    const { meterProvider, collect } = meters();
    const { server, recorder } = await started(ToolConsumer, { meterProvider, traces: false });
    for (let n = 0; n < 20; n += 1) {
      const client = await connect(server, { headers: { "x-forwarded-for": `10.0.0.${n}` } });
      await ask(client, { action: `made_up_${n}`, request_id: `id-${n}` });
      await client.close(4500 + n);
      await expect(connectWebsocket(`${server.url}/nowhere/${n}/`)).rejects.toMatchObject({ status: 404 });
    }
    await recorder.until(() => recorder.closed.length === 20);
    for (const [name, { points }] of await collect()) expect(points.length, name).toBeLessThanOrEqual(2);
    await meterProvider.shutdown();
  });
});

test("without an SDK nothing happens, and nothing fails", async () => {
  trace.disable();
  const { server, recorder } = await started();
  expect(await ask(await connect(server), { action: "hello", request_id: 1 })).toMatchObject({ response_status: 200 });
  await recorder.until(() => recorder.finished.length === 1);
  expect(spans.getFinishedSpans()).toEqual([]);
});
