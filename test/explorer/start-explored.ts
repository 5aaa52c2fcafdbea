import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Explorer, createExplorer, type ExploredOptions, type ExplorerOptions } from "../../src/explorer.ts";
import { attach, type AttachOptions } from "../../src/transports/node-ws/attach.ts";
import { listen } from "../../src/transports/node-ws/listen.ts";
import { connectWebsocket, type WebsocketClient, type WebsocketClientOptions } from "../../src/testing/websocket-client.ts";
import { onCleanup } from "../transports/test-server.ts";

/** A server with an explorer whose page is made of two small files. */
export interface ExploredServer {
  readonly port: number;
  readonly explorer: Explorer<ExploredOptions>;
  /** The folder of the built page. */
  readonly folder: string;
  revoke: ReturnType<typeof attach>["revoke"];
  get(path: string, options?: GetOptions): Promise<HttpAnswer>;
  connect(path: string, options?: WebsocketClientOptions): Promise<WebsocketClient>;
}

export interface GetOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The page as Vite would have built it. */
export async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "restwave-page-"));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "explorer-page", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not the page's");
  await writeFile(join(folder, "explorer-page", "index.html"), "<!doctype html><title>Page</title>");
  await writeFile(join(folder, "explorer-page", "assets", "index-D3adB33f.js"), "export {};");
  return join(folder, "explorer-page");
}

/** Put together as an application does it that has an HTTP server of its own. Listens on 127.0.0.1. */
export async function startExplored(
  options: AttachOptions,
  explorerOptions: ExplorerOptions = {},
  pageFolder?: string,
): Promise<ExploredServer> {
  const folder = pageFolder ?? (await builtPage());
  // A test that ends at once closes its database before every consumer is ready.
  const logger = { error: () => {}, warn: () => {}, info: () => {} };
  const explorer = createExplorer({ logger, ...options }, explorerOptions, { pageFolder: folder });
  const httpServer = createServer((incoming, response) =>
    explorer.http(incoming, response, (error) => {
      response.statusCode = error === undefined ? 404 : 500;
      response.end("the application");
    }),
  );
  const port = await listen(httpServer, 0, "127.0.0.1");
  const attached = attach(httpServer, { drainTimeout: 200, ...explorer.options });
  onCleanup(async () => {
    await attached.close();
    httpServer.closeAllConnections();
    httpServer.close();
  });
  return {
    port,
    explorer,
    folder,
    revoke: (userId, revokeOptions) => attached.revoke(userId, revokeOptions),
    get: (path, getOptions) => get(port, path, getOptions),
    connect: (path, clientOptions) => connect(port, path, clientOptions),
  };
}

/** A request exactly as given: `fetch` would tidy its path and refuse to set its host. */
export function get(port: number, path: string, { method = "GET", headers = {} }: GetOptions = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on("error", reject).end();
  });
}

/** A socket that is closed after the test. */
export async function connect(port: number, path: string, options: WebsocketClientOptions = {}): Promise<WebsocketClient> {
  const client = await connectWebsocket(`ws://127.0.0.1:${port}${path}`, options);
  onCleanup(() => client.close());
  return client;
}

/** Asks an action and gives its answer, with its status. */
export async function ask<T = unknown>(
  client: WebsocketClient,
  action: string,
  args: object = {},
): Promise<{ readonly data: T; readonly status: number; readonly errors: readonly unknown[] }> {
  client.sendJson({ action, request_id: `ask ${action}`, ...args });
  for (;;) {
    const frame = (await client.receiveJson()) as AnswerFrame<T>;
    if (frame.request_id !== `ask ${action}`) continue;
    return { data: frame.data, status: frame.response_status, errors: frame.errors };
  }
}

interface AnswerFrame<T> {
  readonly request_id: unknown;
  readonly data: T;
  readonly response_status: number;
  readonly errors: readonly unknown[];
}
