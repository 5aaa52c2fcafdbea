import { afterEach } from "vitest";
import { rePath } from "../../src/routing/re-path.ts";
import { serve, type RestwaveServer, type ServeOptions } from "../../src/transports/node-ws/serve.ts";
import { connectWebsocket, type WebsocketClient, type WebsocketClientOptions } from "../../src/testing/websocket-client.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import { EchoSession } from "./sessions.ts";

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Runs at the end of the test, last registered first. */
export function onCleanup(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

/** A server on a free port of 127.0.0.1 that serves `consumer` at /ws/ and is closed after the test. */
export async function startServer(
  consumer: ConsumerClass = EchoSession,
  options: Partial<ServeOptions> = {},
): Promise<RestwaveServer> {
  const server = await serve({
    routes: [rePath(/^ws\/$/, consumer)],
    port: 0,
    host: "127.0.0.1",
    signals: false,
    drainTimeout: 200,
    ...options,
  });
  onCleanup(() => server.close());
  return server;
}

/** A client at /ws/ of the server, closed after the test. */
export async function connect(server: { readonly url: string }, options: WebsocketClientOptions = {}): Promise<WebsocketClient> {
  const client = await connectWebsocket(`${server.url}/ws/`, options);
  onCleanup(() => client.close());
  return client;
}
