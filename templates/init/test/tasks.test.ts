import { serve } from "restwave";
import { connectWebsocket } from "restwave/testing";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { db, Task } from "../models.ts";
import { routes } from "../routing.ts";

let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false });
});
afterAll(async () => {
  await server.close();
  await db.close();
});
beforeEach(() => Task.objects.delete());

async function connect() {
  const client = await connectWebsocket(`${server.url}/ws/`);
  onTestFinished(() => client.close());
  return client;
}

test("whoever is subscribed sees what another creates", async () => {
  const [watcher, writer] = [await connect(), await connect()];
  watcher.sendJson({ action: "subscribe_list", request_id: "watch" });
  expect(await watcher.receiveJson()).toMatchObject({ response_status: 201, data: [] });

  writer.sendJson({ action: "create", request_id: "write", data: { title: "Buy milk" } });
  const task = { title: "Buy milk", done: false };
  expect(await writer.receiveJson()).toMatchObject({ response_status: 201, request_id: "write", data: task });
  expect(await watcher.receiveJson()).toMatchObject({ action: "create", request_id: "watch", data: task });
});

test("a task needs a title", async () => {
  const client = await connect();
  client.sendJson({ action: "create", request_id: 1, data: { title: "" } });
  expect(await client.receiveJson()).toMatchObject({
    response_status: 400,
    errors: [{ title: ["This field may not be blank."] }],
  });
  expect(await Task.objects.count()).toBe(0);
});
