import { join } from "node:path";
import { onTestFinished } from "vitest";
import { connectWebsocket, type WebsocketClient } from "../../src/testing.ts";
import { type AtEnd, ExampleProcess, temporaryFolder } from "./example-process.ts";

export interface RunningQuickstart {
  readonly process: ExampleProcess;
  readonly port: number;
  readonly databaseUrl: string;
  /** A client at /ws/, closed after the test. */
  connect(): Promise<WebsocketClient>;
}

export interface StartOptions {
  /** Default: a new file, removed at the end. */
  readonly databaseUrl?: string;
  /** Default: a free one. */
  readonly port?: number;
  readonly atEnd?: AtEnd;
}

/** Starts the quickstart and waits until it listens. */
export async function startQuickstart({
  databaseUrl,
  port = 0,
  atEnd = onTestFinished,
}: StartOptions = {}): Promise<RunningQuickstart> {
  const file = databaseUrl ?? join(await temporaryFolder(atEnd), "quickstart.db");
  const server = new ExampleProcess("quickstart", file, port, { atEnd });
  const actualPort = await server.port();
  const connect = async () => {
    const client = await connectWebsocket(`ws://127.0.0.1:${actualPort}/ws/`);
    onTestFinished(() => client.close());
    return client;
  };
  return { process: server, port: actualPort, databaseUrl: file, connect };
}
