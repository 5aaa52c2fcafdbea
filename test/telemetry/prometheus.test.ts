import parse, { type ParsedFamily } from "parse-prometheus-text-format";
import { describe, expect, test } from "vitest";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  ImproperlyConfigured,
  or,
  path,
  reply,
  type ServeOptions,
} from "../../src/index.ts";
import { prometheus, type PrometheusOptions } from "../../src/prometheus.ts";
import { MetricRegistry } from "../../src/telemetry/metric-registry.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { connectWebsocket } from "../../src/testing.ts";
import { Recorder } from "../consumers/recorder.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { openLab } from "../observers/lab.ts";
import { EchoSession, MemoryLogger } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

class ToolConsumer extends AsyncAPIConsumer {
  hello = action(async () => reply("hi"));
  wait = action(async (_args, { signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  });
  explode = action(async () => {
    throw new TypeError("broken");
  });
}

async function started(options: PrometheusOptions = {}, serving: Partial<ServeOptions> = {}) {
  const metrics = prometheus(options);
  const recorder = new Recorder();
  const instrumentations = [metrics.instrumentation, recorder];
  const server = await startServer(ToolConsumer, {
    instrumentations,
    http: metrics.handler,
    httpApi: true,
    logger: new MemoryLogger(),
    ...serving,
  });
  const url = `http://127.0.0.1:${server.port}/metrics`;
  const scrape = async () => toFamilies(parse(await (await fetch(url)).text()));
  return { metrics, recorder, server, url, scrape };
}

function toFamilies(parsed: readonly ParsedFamily[]): ReadonlyMap<string, ParsedFamily> {
  return new Map(parsed.map((family) => [family.name, family]));
}

/** The values of a metric by their labels. */
function valuesOf(families: ReadonlyMap<string, ParsedFamily>, name: string): Readonly<Record<string, number>> {
  const { metrics = [] } = families.get(name) ?? {};
  return Object.fromEntries(
    metrics.map(({ labels = {}, value }) => [
      Object.entries(labels)
        .map(([label, text]) => `${label}=${text}`)
        .join(" "),
      Number(value),
    ]),
  );
}

async function ask(client: Awaited<ReturnType<typeof connect>>, frame: object): Promise<unknown> {
  client.sendJson(frame);
  return client.receiveJson();
}

describe("what Prometheus reads", () => {
  test("is its text format, with help and type of each metric, before anything has happened", async () => {
    const { scrape, url } = await started();
    const families = await scrape();
    expect((await fetch(url)).headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const types = Object.fromEntries([...families.values()].map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      restwave_connections: "GAUGE",
      restwave_queued_bytes: "GAUGE",
      restwave_requests_total: "COUNTER",
      restwave_event_lag_seconds: "HISTOGRAM",
    });
    expect(Object.keys(types).toSorted()).toEqual(
      Object.values(METRICS)
        .map(({ name }) => name)
        .toSorted(),
    );
    for (const { help } of families.values()) expect(help).toMatch(/^[A-Z].*\.$/);
    expect(valuesOf(families, "restwave_queued_bytes")).toEqual({ "queue=socket": 0, "queue=events": 0 });
  });

  test("counts, times and levels what happens, by consumer, action and status", async () => {
    const lab = await openLab(sqliteFile);
    const routes = [path("ws/", lab.TaskConsumer), path("tools/", ToolConsumer)];
    const { scrape, server, recorder } = await started({}, { routes });
    await lab.Task.objects.create({ title: "one" });
    const tools = await connectWebsocket(`${server.url}/tools/`);
    await ask(tools, { action: "hello", request_id: 1 });
    await ask(tools, { action: "hello", request_id: 2 });
    await ask(tools, { action: "explode", request_id: 3 });
    await ask(tools, { action: "nonsense", request_id: 4 });
    tools.sendJson({ action: "wait", request_id: 5 });
    const client = await connect(server);
    await ask(client, { action: "subscribe_list", request_id: 1 });
    await lab.Task.objects.filter({ id: 1 }).update({ title: "two" });
    await recorder.until(() => recorder.sent.length === 1 && recorder.started.length === 6);
    const during = await scrape();
    expect(valuesOf(during, "restwave_connections")).toEqual({ "type=websocket": 2 });
    expect(valuesOf(during, "restwave_requests_in_flight")).toEqual({ "consumer=ToolConsumer": 1, "consumer=TaskConsumer": 0 });
    expect(valuesOf(during, "restwave_requests_total")).toEqual({
      "consumer=ToolConsumer action=hello status=200": 2,
      "consumer=ToolConsumer action=explode status=500": 1,
      "consumer=ToolConsumer action=_OTHER status=405": 1,
      "consumer=TaskConsumer action=subscribe_list status=201": 1,
    });
    expect(valuesOf(during, "restwave_subscriptions")).toEqual({ "consumer=TaskConsumer action=subscribe_list": 1 });
    expect(valuesOf(during, "restwave_event_frames_total")).toEqual({ "": 1 });
    expect(valuesOf(during, "restwave_event_bytes_total")).toEqual({ "": recorder.sent[0]?.bytes });
    expect(during.get("restwave_event_lag_seconds")?.metrics[0]?.count).toBe("1");
    await Promise.all([tools.close(4999), client.close()]);
    await recorder.untilQuiet();
    const after = await scrape();
    for (const name of ["restwave_connections", "restwave_requests_in_flight", "restwave_subscriptions"])
      for (const [labels, value] of Object.entries(valuesOf(after, name))) expect(value, `${name} ${labels}`).toBe(0);
    expect(valuesOf(after, "restwave_connections_closed_total")).toEqual({
      "type=websocket code=_OTHER": 1,
      "type=websocket code=1000": 1,
    });
    await lab.close();
  });

  test("has histograms whose buckets grow, up to all", async () => {
    const { url, server, recorder } = await started();
    const client = await connect(server);
    for (let n = 0; n < 5; n += 1) await ask(client, { action: "hello", request_id: n });
    await recorder.until(() => recorder.finished.length === 5);
    const text = await (await fetch(url)).text();
    const buckets = [...text.matchAll(/^restwave_request_duration_seconds_bucket\{(.*),le="(.*)"\} (\d+)$/gm)];
    const labels = 'consumer="ToolConsumer",action="hello"';
    expect(new Set(buckets.map(([, found]) => found))).toEqual(new Set([labels]));
    expect(buckets.map(([, , bound]) => bound)).toEqual([...METRICS.duration.buckets.map(String), "+Inf"]);
    const counts = buckets.map(([, , , count]) => Number(count));
    expect(counts).toEqual(counts.toSorted((left, right) => left - right));
    expect(counts.at(-1)).toBe(5);
    expect(text).toContain(`\nrestwave_request_duration_seconds_count{${labels}} 5\n`);
    const sum = /^restwave_request_duration_seconds_sum\{.*\} (.*)$/m.exec(text)?.[1];
    const total = recorder.finished.reduce((all, { outcome }) => all + outcome.duration, 0);
    expect(Number(sum)).toBeCloseTo(total / 1000, 6);
  });

  test("says who refused, also by a composed rule, and what handshakes and frames were refused with", async () => {
    class IsOwner extends BasePermission {}
    class IsFriend extends BasePermission {}
    class GuardedConsumer extends ToolConsumer {
      override permissionClasses = [or(IsOwner, IsFriend)];
    }
    const { scrape, server, recorder } = await started({}, { routes: [path("ws/", GuardedConsumer)] });
    await expect(connectWebsocket(`${server.url}/nowhere/`)).rejects.toMatchObject({ status: 404 });
    const client = await connect(server);
    await ask(client, { action: "hello", request_id: 1 });
    client.sendText("{");
    await client.receiveJson();
    await recorder.until(() => recorder.finished.length === 1);
    const families = await scrape();
    expect(valuesOf(families, "restwave_refusals_total")).toEqual({
      "consumer=GuardedConsumer by=permission rule=or(IsOwner, IsFriend)": 1,
    });
    expect(valuesOf(families, "restwave_connections_refused_total")).toEqual({ "status=404": 1 });
    expect(valuesOf(families, "restwave_frames_refused_total")).toEqual({ "status=400": 1 });
  });

  test("tells what waits for readers", async () => {
    const metrics = prometheus();
    let during: number | undefined;
    class Big extends EchoSession {
      override websocketReceive(): void {
        this.connection.send("x".repeat(50_000));
        const text = metrics.fetch(new Request("http://localhost/metrics")).text();
        void text.then((read) => {
          during = valuesOf(toFamilies(parse(read)), "restwave_queued_bytes")["queue=socket"];
          this.connection.send("read");
        });
      }
    }
    const server = await startServer(Big, { instrumentations: [metrics.instrumentation] });
    const client = await connect(server);
    client.sendText("go");
    await client.receiveText();
    expect(await client.receiveText()).toBe("read");
    expect(during).toBeGreaterThanOrEqual(50_000);
  });

  test("has no label that a client can make grow", async () => {
    const { scrape, server, recorder } = await started();
    for (let n = 0; n < 20; n += 1) {
      const client = await connect(server);
      await ask(client, { action: `made_up_${n}`, request_id: `id-${n}` });
      await client.close(4500 + n);
      await expect(connectWebsocket(`${server.url}/nowhere/${n}/`)).rejects.toMatchObject({ status: 404 });
    }
    await recorder.until(() => recorder.closed.length === 20);
    for (const { name, metrics } of (await scrape()).values()) expect(metrics.length, name).toBeLessThanOrEqual(2);
  });
});

describe("the endpoint", () => {
  test("leaves other paths alone, and answers GET and HEAD only", async () => {
    const { url } = await started();
    expect((await fetch(`${url}/more`)).status).toBe(404);
    expect((await fetch(`${url}?x=1`)).status).toBe(200);
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await fetch(url, { method: "POST" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("may be elsewhere, behind a token", async () => {
    const { server } = await started({ path: "/internal/metrics", token: "s3cret" });
    const url = `http://127.0.0.1:${server.port}/internal/metrics`;
    for (const authorization of [undefined, "Bearer wrong", "s3cret", "Bearer s3cret2"]) {
      const response = await fetch(url, { headers: authorization === undefined ? {} : { authorization } });
      expect([response.status, await response.text()], authorization).toEqual([401, ""]);
    }
    expect((await fetch(url, { headers: { authorization: "Bearer s3cret" } })).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(404);
  });

  test("refuses options that cannot be meant", () => {
    expect(() => prometheus({ path: "metrics" })).toThrow(ImproperlyConfigured);
    expect(() => prometheus({ token: "" })).toThrow(ImproperlyConfigured);
  });

  test("speaks OpenMetrics when asked: families without _total, bounds as floats, an end", async () => {
    const { metrics } = await started();
    const accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    const response = metrics.fetch(new Request("http://localhost/anything", { headers: { accept } }));
    expect(response.headers.get("content-type")).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    const text = await response.text();
    expect(text.endsWith("# EOF\n")).toBe(true);
    expect(text).toContain("# TYPE restwave_event_frames counter\n");
    expect(text).toContain("\nrestwave_event_frames_total 0\n");
    expect(text).toContain('restwave_event_lag_seconds_bucket{le="1.0"} 0\n');
    expect(text).toContain('restwave_event_lag_seconds_bucket{le="+Inf"} 0\n');
  });
});

test("names of classes and texts of help may hold any character", () => {
  const registry = new MetricRegistry();
  const odd = 'a"b\\c\nd';
  const measure = registry.counter({
    name: "odd_total",
    otelName: null,
    unit: "1",
    description: "A back\\slash\nand a line.",
    labels: ["consumer"],
  });
  measure(2, { consumer: odd });
  const [family] = parse(registry.write("text"));
  expect(family?.metrics).toEqual([{ value: "2", labels: { consumer: odd } }]);
  expect(registry.write("text").split("\n")).toHaveLength(4);
});
