import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { action, AsyncAPIConsumer, rePath, serve } from "../../src/index.ts";
import { type ClientOptions, createClient } from "../../src/client.ts";

/** A server whose streams tell how far they were pulled. */
async function start() {
  const pulled = { count: 0, ended: 0 };
  class CountConsumer extends AsyncAPIConsumer {
    count = action({ input: z.strictObject({ to: z.number() }) }, async function* ({ to }) {
      try {
        for (let n = 1; n <= to; n += 1) {
          pulled.count = n;
          yield n;
        }
        return "done";
      } finally {
        pulled.ended += 1;
      }
    });
    ping = action(async () => "pong");
  }
  const routes = [rePath(/^ws\/$/, CountConsumer)];
  const server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false, drainTimeout: 200 });
  onTestFinished(() => server.close());
  const connect = (options: ClientOptions = {}) => {
    const client = createClient<typeof routes>(`${server.url}/ws/`, { WebSocket, ...options });
    onTestFinished(() => client.close());
    return client;
  };
  return { pulled, connect };
}

test("a stream without an end is made no further ahead of who takes it than the window", async () => {
  const { pulled, connect } = await start();
  const client = connect({ streamWindow: 8 });
  const items = client.count({ to: 1e9 });
  for (let taken = 1; taken <= 100; taken += 1) {
    expect(await items.next()).toEqual({ value: taken, done: false });
    for (const _ of [1, 2, 3]) await client.ping();
    expect(pulled.count).toBeLessThanOrEqual(taken + 8);
  }
  await items.return("enough");
  await expect.poll(() => pulled.ended).toBe(1);
});

test("a stream comes to its end whatever the window, taken or awaited", async () => {
  const { connect } = await start();
  for (const streamWindow of [1, 2, 3, 10, 64]) {
    const client = connect({ streamWindow });
    const seen: number[] = [];
    for await (const n of client.count({ to: 10 })) seen.push(n);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // Untyped, since the types know that it streams.
    const awaited: unknown = await Promise.resolve<unknown>(client.count({ to: 200 }));
    expect(awaited).toBe("done");
  }
});

test("a stream of which nothing is taken waits, and is there when somebody takes it later", async () => {
  const { pulled, connect } = await start();
  const client = connect({ streamWindow: 4 });
  const items = client.count({ to: 20 });
  for (let asked = 0; asked < 10; asked += 1) await client.ping();
  expect(pulled.count).toBe(4);
  const seen: number[] = [];
  for await (const n of items) seen.push(n);
  expect(seen).toHaveLength(20);
});

test("a stream that waits for its taker is cancelled", async () => {
  const { pulled, connect } = await start();
  const client = connect({ streamWindow: 4 });
  const controller = new AbortController();
  const items = client.count({ to: 20 }, { signal: controller.signal });
  expect(await items.next()).toEqual({ value: 1, done: false });
  while (pulled.count < 4) await client.ping();
  controller.abort(new TypeError("enough"));
  await expect.poll(() => pulled.ended).toBe(1);
  expect(pulled.count).toBe(4);
  const seen: number[] = [];
  const rest = async (): Promise<void> => {
    for await (const n of items) seen.push(n);
  };
  await expect(rest()).rejects.toThrow("enough");
  expect(seen).toEqual([2, 3, 4]);
});
