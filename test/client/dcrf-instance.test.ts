import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  type ActionContext,
  GenericAsyncAPIConsumer,
  mixins,
  ModelSerializer,
  ObserverModelInstanceMixin,
  rePath,
  RetrieveModelMixin,
  serve,
  type SubscribeInstanceArguments,
} from "../../src/index.ts";
import { createClient } from "../../src/client.ts";
import { FaultProxy } from "../../src/testing.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { when } from "./when.ts";

/** A server that answers `subscribe_instance` as DCRF does, without the row, behind a proxy. */
async function start() {
  const { table, id, text } = sqliteFile.builder;
  const tasks = table("task", { id: id(), title: text({ length: 200 }).notNull() });
  const { db, create, close } = await sqliteFile.open();
  onTestFinished(close);
  await create([tasks]);
  const Task = db.model(tasks, { name: "Task" });
  class TaskSerializer extends ModelSerializer(Task, { fields: ["id", "title"] }) {}
  class TaskConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Task.objects.all(), serializerClass: TaskSerializer }),
    RetrieveModelMixin,
    ObserverModelInstanceMixin,
  ) {
    override subscribeInstance({ snapshot: _snapshot, ...args }: SubscribeInstanceArguments, context?: ActionContext) {
      return super.subscribeInstance(args, context);
    }
  }
  const routes = [rePath(/^ws\/$/, TaskConsumer)];
  const server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false, drainTimeout: 200 });
  onTestFinished(() => server.close());
  const proxy = await FaultProxy.start({ target: server.url });
  onTestFinished(() => proxy.close());
  const backoff = { initial: 20, max: 50 };
  const client = createClient<typeof routes>(`${proxy.url}/ws/`, { WebSocket, backoff, protocol: "dcrf", gracePeriod: 0 });
  onTestFinished(() => client.close());
  return { Task, proxy, client };
}

test("a row of a DCRF server is there before its first event, and follows it", async () => {
  const { Task, client } = await start();
  await Task.objects.create({ title: "a" });
  const row = client.liveInstance(1);
  const seen: unknown[] = [];
  const stop = row.subscribe(() => seen.push(row.data?.title));
  expect(await row.ready()).toEqual({ id: 1, title: "a" });
  await Task.objects.filter({ id: 1 }).update({ title: "b" });
  await when(row, ({ data }) => data?.title === "b");
  await Task.objects.filter({ id: 1 }).delete();
  await when(row, ({ data }) => data === null);
  expect(seen.filter((title, index) => title !== seen[index - 1])).toEqual(["a", "b", undefined]);
  stop();
  const missing = client.liveInstance(2);
  await expect(missing.ready()).rejects.toMatchObject({ status: 404 });
});

test("a change that comes while the row is read is not lost, and counts after it", async () => {
  const { Task, client, proxy } = await start();
  await Task.objects.create({ title: "a" });
  const row = client.liveInstance(1);
  const stop = row.subscribe(() => undefined);
  const answered = proxy.message("toClient", '"retrieve"');
  const asked = proxy.message("toServer", '"retrieve"');
  await asked;
  await Task.objects.filter({ id: 1 }).update({ title: "b" });
  await answered;
  await when(row, ({ status, data }) => status === "live" && data?.title === "b");
  stop();
});

test("it is read again on each new connection", async () => {
  const { Task, client, proxy } = await start();
  await Task.objects.create({ title: "a" });
  const row = client.liveInstance(1);
  const stop = row.subscribe(() => undefined);
  await row.ready();
  proxy.refuse();
  proxy.cut();
  await when(row, ({ status }) => status === "stale");
  await Task.objects.filter({ id: 1 }).update({ title: "b" });
  proxy.accept();
  await when(row, ({ status, data }) => status === "live" && data?.title === "b");
  stop();
});

test("a row that nobody wants any more when it comes is not shown as live", async () => {
  const { Task, client, proxy } = await start();
  await Task.objects.create({ title: "a" });
  await client.retrieve(1);
  const row = client.liveInstance(1);
  const asked = proxy.message("toServer", '"retrieve"');
  const answered = proxy.message("toClient", '"retrieve"');
  const stop = row.subscribe(() => undefined);
  await asked;
  stop();
  await answered;
  await client.retrieve(1);
  await expect.poll(() => row.status).toBe("idle");
});
