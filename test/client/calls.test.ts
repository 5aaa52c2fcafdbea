import { beforeEach, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { APIError, createClient, isAPIError, TimeoutError } from "../../src/client.ts";
import { action, AsyncAPIConsumer, rePath, type RestwaveServer, serve } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { type Board, openBoard } from "./board.ts";

describeOnDatabases("a client calls", (on) => {
  let board: Board;
  let server: RestwaveServer;
  beforeEach(async () => {
    board = await openBoard(on);
    server = await board.serve();
  });

  test("all model actions, through a multiplexer and alone", async () => {
    for (const tasks of [board.client(server.url).tasks, board.clientOfOne(server.url)]) {
      const made = await tasks.create({ title: "Paint", priority: 2 });
      expect(made).toEqual({ id: made.id, title: "Paint", priority: 2, done: false });
      expect(await tasks.retrieve(made.id)).toEqual(made);
      expect(await tasks.patch(made.id, { done: true })).toEqual({ ...made, done: true });
      expect(await tasks.update(made.id, { title: "Repaint" })).toMatchObject({ title: "Repaint" });
      expect(await tasks.list({ filters: { done: true } })).toHaveLength(1);
      expect(await tasks.list({ search: "nothing" })).toEqual([]);
      expect(await tasks.delete(made.id)).toBeNull();
    }
  });

  test("pages, streamed pages, custom actions and streams", async () => {
    await board.Task.objects.bulkCreate([1, 2, 3, 4, 5].map((priority) => ({ title: `${priority}`, priority })));
    const client = board.client(server.url);
    expect(await client.pages.list({ limit: 2, ordering: "-priority" })).toMatchObject({ count: 5, limit: 2, offset: 0 });
    const plain = board.client(server.url, { protocol: "dcrf" });
    const sizes: number[] = [];
    for await (const { results } of client.streamed.list({ limit: 2 })) sizes.push(results.length);
    for await (const { results } of plain.streamed.list({ limit: 3 })) sizes.push(results.length);
    expect(sizes).toEqual([2, 2, 1, 3, 2]);
    expect(await client.tasks.shout({ text: "hey", times: 2 })).toEqual({ shouted: "HEYHEY" });
    const counted: number[] = [];
    for await (const n of client.tasks.countTo({ to: 3 })) counted.push(n);
    expect(counted).toEqual([1, 2, 3]);
  });

  test("actions by names of their own, and by any name through call", async () => {
    class NamedConsumer extends AsyncAPIConsumer {
      mail = action({ name: "send_mail" }, async () => "sent");
      shout = action({ name: "SHOUT" }, async () => "HEY");
      live = action(async () => "alive");
      call = action(async () => "called");
      awaited = action({ name: "then" }, async () => "then");
      connect_ = action({ name: "connect" }, async () => "connected");
    }
    const routes = [rePath(/^named\/$/, NamedConsumer)];
    const named = await serve({ routes, port: 0, host: "127.0.0.1", signals: false, drainTimeout: 200 });
    onTestFinished(() => named.close());
    const client = createClient<typeof routes>(`${named.url}/named/`, { WebSocket });
    onTestFinished(() => client.close());
    expect(await client.send_mail()).toBe("sent");
    const names = ["SHOUT", "live", "call", "then", "connect", "send_mail"] as const;
    expect(await Promise.all(names.map((name) => client.call(name)))).toEqual([
      "HEY",
      "alive",
      "called",
      "then",
      "connected",
      "sent",
    ]);
  });

  test("a stream that is left early is cancelled on the server", async () => {
    const { tasks } = board.client(server.url);
    for await (const n of tasks.countTo({ to: 1_000_000 })) if (n === 3) break;
    while (board.TaskConsumer.cancelled.length === 0) await tasks.shout({ text: "x" });
    expect(board.TaskConsumer.cancelled).toEqual(["countTo"]);
    board.TaskConsumer.cancelled.length = 0;
  });

  test("what the server refuses, and gets an error with status, messages and fields", async () => {
    const { tasks } = board.client(server.url);
    const refused: unknown = await tasks.create({ title: "" }).catch((error: unknown) => error);
    if (!isAPIError(refused, tasks.create)) throw refused;
    expect(refused).toBeInstanceOf(APIError);
    expect(refused.status).toBe(400);
    expect(refused.fieldErrors.title).toEqual(["This field may not be blank."]);
    expect(refused.message).toBe('tasks.create was answered 400: {"title":["This field may not be blank."]}');
    await expect(tasks.retrieve(99)).rejects.toMatchObject({ status: 404, errors: ["Not found"], fieldErrors: {} });
  });

  test("with a signal and a time-out, and the server is told to stop", async () => {
    const { tasks } = board.client(server.url);
    const controller = new AbortController();
    const waiting = tasks.waitForEver({}, { signal: controller.signal });
    while (board.TaskConsumer.began.length === 0) await tasks.shout({ text: "x" });
    board.TaskConsumer.began.length = 0;
    controller.abort(new TypeError("not wanted"));
    await expect(waiting).rejects.toThrow("not wanted");
    await expect(tasks.waitForEver({}, { timeout: 50 })).rejects.toBeInstanceOf(TimeoutError);
    await expect(tasks.waitForEver({}, { signal: AbortSignal.abort(new TypeError("too late")) })).rejects.toThrow("too late");
  });

  test("before there is a connection, in the order of the calls", async () => {
    const client = board.client(server.url);
    expect(client.connection.state).toEqual({ status: "idle" });
    const calls = ["a", "b", "c"].map((title) => client.tasks.create({ title }));
    expect(client.connection.state).toEqual({ status: "connecting" });
    expect((await Promise.all(calls)).map(({ title }) => title)).toEqual(["a", "b", "c"]);
    expect(client.connection.state).toEqual({ status: "open" });
    expect((await client.tasks.list()).map(({ title }) => title)).toEqual(["a", "b", "c"]);
  });

  test("nothing when it is only looked at: awaited, made text or JSON of", async () => {
    const client = board.client(server.url);
    for (const looked of [client, client.tasks, client.tasks.create]) {
      expect(await Promise.resolve<unknown>(looked)).toBe(looked);
      JSON.stringify({ looked });
      expect(String(looked)).toMatch(/object|function/);
    }
    expect(client.connection.state).toEqual({ status: "idle" });
  });
});
