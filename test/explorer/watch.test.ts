import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Explanation, InspectedConnection, InspectedServer } from "../../src/explorer/inspection.ts";
import { action, AsyncAPIConsumer, modelObserver, Multiplexer, observer, path, type Routes, Signal } from "../../src/index.ts";
import type { AttachOptions } from "../../src/transports/node-ws/attach.ts";
import type { WebsocketClient } from "../../src/testing/websocket-client.ts";
import { createHttpHandler } from "../../src/http.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { ask, type ExploredServer, startExplored } from "./start-explored.ts";
import { authenticate, openTasks, type TaskLab } from "./task-lab.ts";

/** What the inspector tells, frame after frame. */
async function watch(server: ExploredServer) {
  const inspector = await server.connect("/explorer/ws/");
  inspector.sendJson({ action: "watch", request_id: "watch" });
  const next = async (): Promise<InspectedServer> => {
    const frame = (await inspector.receiveJson()) as { readonly response_status: number; readonly data: InspectedServer };
    expect(frame.response_status).toBe(206);
    return frame.data;
  };
  /** Waits until something is so. */
  const until = async (isSo: (seen: InspectedServer) => boolean): Promise<InspectedServer> => {
    for (;;) {
      const seen = await next();
      if (isSo(seen)) return seen;
    }
  };
  return { inspector, next, until };
}

function only({ connections }: InspectedServer): InspectedConnection {
  const [connection] = connections;
  if (connection === undefined) throw new TypeError("Nobody is connected.");
  return connection;
}

describeOnDatabases("the inspector", (on) => {
  let lab: TaskLab;
  beforeEach(async () => {
    lab = await openTasks(on);
  });
  afterEach(() => lab.close());

  const start = (routes: Routes, options: Partial<AttachOptions> = {}) =>
    startExplored({ routes, authenticate, subprotocols: ["restwave.v1"], ...options });

  test("tells who is connected, at once and whenever it changes", async () => {
    const server = await start([path("ws/", lab.consumerOf())]);
    const { next, until } = await watch(server);
    expect(await next()).toMatchObject({ connections: [], moreConnections: 0 });
    await server.connect("/ws/?user=3&explorer_tag=first&password=hidden", { headers: { cookie: "session=hidden" } });
    const first = only(await until(({ connections }) => connections.length === 1));
    expect(first).toMatchObject({
      type: "websocket",
      path: "/ws/",
      tag: "first",
      user: { id: "3", name: "user 3" },
      address: "127.0.0.1",
      subprotocol: null,
      requests: 0,
      failures: 0,
      subscriptions: [],
      moreSubscriptions: 0,
    });
    expect(JSON.stringify(first)).not.toMatch(/hidden|password/);
    const second = await server.connect("/ws/", { subprotocols: ["restwave.v1"] });
    const both = await until(({ connections }) => connections.length === 2);
    expect(both.connections[0]).toMatchObject({ tag: null, user: null, subprotocol: "restwave.v1" });
    await second.close();
    await until(({ connections }) => connections.length === 1);
  });

  test("counts requests, failures and events", async () => {
    const server = await start([path("ws/", lab.consumerOf())]);
    const client = await server.connect("/ws/?user=1");
    const { until } = await watch(server);
    await ask(client, "list");
    await ask(client, "retrieve", { pk: 5 });
    await ask(client, "nonsense");
    await ask(client, "subscribe_list");
    await lab.Task.objects.create({ title: "one" });
    await lab.Task.objects.create({ title: "two" });
    const seen = await until((each) => only(each).eventFrames === 2 && only(each).requests === 4);
    expect(only(seen).failures).toBe(2);
  });

  test("tells what each subscription was asked with, which rows it matches, and how far it was told", async () => {
    const routes = [path("ws/", Multiplexer({ tasks: lab.consumerOf(), fences: lab.FenceConsumer }))];
    const server = await start(routes);
    const client = await server.connect("/ws/?user=1");
    const { until } = await watch(server);
    const payload = {
      action: "subscribe_list",
      request_id: 7,
      filters: { title__icontains: "x", id__in: [1, 2, 3, 4, 5, 6, 7], done: false },
      ordering: "-id",
    };
    client.sendJson({ stream: "tasks", payload });
    await client.receiveJson();
    const first = only(await until((each) => only(each).subscriptions.length === 1)).subscriptions[0];
    expect(first).toMatchObject({
      kind: "live",
      consumer: "TaskConsumer",
      stream: "tasks",
      action: "subscribe_list",
      requestId: "7",
      args: { filters: payload.filters, ordering: "-id" },
      matches: 'task WHERE id IN [1, 2, 3, 4, 5, and 2 more] AND title ICONTAINS "x" AND done = false ORDER BY -id',
    });
    expect(Object.keys(first?.args ?? {})).toEqual(["filters", "ordering"]);
    const { id } = await lab.Task.objects.create({ title: "ax" });
    expect(id).toBe(1);
    const told = await until((each) => only(each).subscriptions[0]?.position !== first?.position);
    expect(told.positions).toEqual([
      { database: expect.stringMatching(/sqlite|postgres/i), position: expect.any(String), liveQueries: 1 },
    ]);
    client.sendJson({ stream: "tasks", payload: { action: "unsubscribe_list", request_id: 7 } });
    expect(only(await until((each) => only(each).subscriptions.length === 0)).subscriptions).toEqual([]);
  });

  test("tells what is listened to by observers: their groups, and nothing of what they were asked with", async () => {
    const alarm = new Signal<object>();
    class WatchingConsumer extends AsyncAPIConsumer {
      taskActivity = modelObserver(lab.Task, {
        groupsForSignal: (task) => [`owner-${task.ownerId}`],
        groupsForConsumer: ({ owner }: { owner: number; password?: string }) => [`owner-${owner}`, "all"],
      });
      onAlarm = observer(alarm);
      follow = action(async (_input, { requestId }) => {
        await this.taskActivity.subscribe({ owner: 1, password: "hidden", requestId });
        await this.onAlarm.subscribe({ requestId });
      });
      unfollow = action(async () => {
        await this.taskActivity.unsubscribe();
        await this.onAlarm.unsubscribe();
      });
    }
    const server = await start([path("ws/", WatchingConsumer)]);
    const client = await server.connect("/ws/?user=1");
    const { until } = await watch(server);
    await ask(client, "follow");
    const { subscriptions } = only(await until((each) => only(each).subscriptions.length === 2));
    const shared = { consumer: "WatchingConsumer", stream: null, requestId: '"ask follow"', args: {}, position: null };
    expect(subscriptions).toEqual([
      {
        ...shared,
        kind: "model_observer",
        action: "task_activity",
        matches: 'task in groups "owner-1", "all"',
        startedAt: expect.any(Number),
      },
      { ...shared, kind: "observer", action: "on_alarm", matches: 'a signal in group "all"', startedAt: expect.any(Number) },
    ]);
    await ask(client, "unfollow");
    await until((each) => only(each).subscriptions.length === 0);
  });

  test("shows a live stream over HTTP for as long as it lasts, and values of hidden columns never", async () => {
    const consumer = lab.consumerOf({ visible: (all) => all.filter({ secret: "top secret" }) });
    const server = await start([path("ws/", consumer)]);
    const api = createHttpHandler(server.explorer.httpOptions);
    const leave = new AbortController();
    const headers = { accept: "text/event-stream" };
    await api(new Request("http://localhost/api/tasks/?user=1", { headers, signal: leave.signal }));
    const { until } = await watch(server);
    const seen = only(await until(({ connections }) => connections.length === 1));
    expect(seen).toMatchObject({ type: "http", path: "/api/tasks/", user: { id: "1" } });
    expect(seen.subscriptions[0]?.matches).toMatch(/^task WHERE secret = …/);
    expect(JSON.stringify(seen)).not.toContain("top secret");
    leave.abort();
    await until(({ connections }) => connections.length === 0);
    await api.close();
  });

  test("lists 100 subscriptions of a connection at most, and says how many more there are", async () => {
    const server = await start([path("ws/", lab.consumerOf())]);
    const client = await server.connect("/ws/?user=1");
    for (let n = 0; n < 103; n += 1) client.sendJson({ action: "subscribe_list", request_id: n });
    for (let n = 0; n < 103; n += 1) await client.receiveJson();
    const { next } = await watch(server);
    const { subscriptions, moreSubscriptions } = only(await next());
    expect([subscriptions.length, moreSubscriptions]).toEqual([100, 3]);
  });
});

describe("the inspector's stream", () => {
  class Echo extends AsyncAPIConsumer {}

  test("tells changes at most twice a second, and nothing where nothing changes", async () => {
    const server = await startExplored({ routes: [path("ws/", Echo)] });
    const client = await server.connect("/ws/");
    const { next } = await watch(server);
    const moments = [(await next()).at];
    while (moments.length < 4) {
      await ask(client, "settle");
      moments.push((await next()).at);
    }
    const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(490);
  });

  test("lists the newest 1000 connections, and says how many more there are", async () => {
    const server = await startExplored({ routes: [path("ws/", Echo)] });
    const opening: Promise<WebsocketClient>[] = [];
    // The first is the oldest of all only if the others come later.
    await server.connect("/ws/?explorer_tag=0");
    for (let n = 1; n < 1003; n += 1) {
      opening.push(server.connect(`/ws/?explorer_tag=${n}`));
      if (opening.length % 100 === 0) await Promise.all(opening);
    }
    await Promise.all(opening);
    const { next } = await watch(server);
    const { connections, moreConnections } = await next();
    expect([connections.length, moreConnections]).toEqual([1000, 3]);
    expect(connections.some(({ tag }) => tag === "0")).toBe(false);
  });

  test("shows what waits for a reader that does not read, and an explanation says that it is on its way", async () => {
    const lab = await openTasks(sqliteFile);
    try {
      const options = { softBufferedBytes: 1024, maxQueuedEventBytes: 2 ** 30, maxBufferedBytes: 2 ** 30 };
      const server = await startExplored({ routes: [path("ws/", lab.consumerOf())], ...options });
      const client = await server.connect("/ws/?explorer_tag=stuck");
      expect(await ask(client, "subscribe_list")).toMatchObject({ status: 201 });
      client.socket.pause();
      const { until, inspector } = await watch(server);
      let id = 0;
      for (let n = 0; n < 150; n += 1) ({ id } = await lab.Task.objects.create({ title: "x".repeat(200_000) }));
      await until((each) => {
        const { queuedEvents, queuedEventBytes, bufferedBytes } = only(each);
        return queuedEvents > 1 && queuedEventBytes > 200_000 && bufferedBytes > 1024;
      });
      inspector.sendJson({ action: "cancel", request_id: 0, cancel_request_id: "watch" });
      const question = { tag: "stuck", subscription: '"ask subscribe_list"', pk: id };
      // Before the last of the rows waits with the others it is about to be told.
      await expect
        .poll(async () => (await ask<Explanation>(inspector, "explain_event", question)).data.summary)
        .toMatch(/^Connection reader: It is on its way: \d+ events \(\d+ bytes\) wait behind \d+ bytes/);
      client.socket.resume();
    } finally {
      await lab.close();
    }
  });
});
