import type { Server } from "node:http";
import { onTestFinished } from "vitest";
import { connectWebsocket, type WebsocketClient, type WebsocketClientOptions } from "../../src/testing.ts";

/** Listens on a free port until the test has ended. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A client at /ws/, closed after the test. */
export async function connectTo(port: number, options: WebsocketClientOptions = {}): Promise<WebsocketClient> {
  const client = await connectWebsocket(`ws://127.0.0.1:${port}/ws/`, options);
  onTestFinished(() => client.close());
  return client;
}
