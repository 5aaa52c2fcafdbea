import { createServer, type Server } from "node:http";
import { attach, type AttachedServer } from "./attach.ts";
import { handleSignals } from "./handle-signals.ts";
import { listen } from "./listen.ts";
import { answerHttp, type HttpHandler } from "./answer-http.ts";
import { resolveOptions, type WebsocketOptions } from "./server-options.ts";

/** What `serve` takes. */
export interface ServeOptions extends WebsocketOptions {
  /** 0 takes any free port. Default 8000. */
  readonly port?: number;
  /** Address to listen on. Default: all of the machine's. */
  readonly host?: string;
  /**
   * Answers plain HTTP requests, all but `GET /healthz`. An Express app fits. Return false for a request that is not yours: it is answered 404.
   */
  readonly http?: HttpHandler;
  /** Close the server on SIGINT and SIGTERM and then end the process with exit code 0. Default true. */
  readonly signals?: boolean;
}

/** A server that listens. */
export interface RestwaveServer extends AttachedServer {
  readonly port: number;
  /** Where clients connect, without a path: `ws://localhost:8000`. */
  readonly url: string;
}

/**
 * Starts a server: WebSockets by `routes`, `GET /healthz` (200, "ok"), and what `http` answers. Resolves when it listens.
 *
 * @throws ListenError when the port is taken or not allowed. ImproperlyConfigured when an option is out of its range.
 */
export async function serve(options: ServeOptions): Promise<RestwaveServer> {
  const { port = 8000, host, http, signals = true } = options;
  const { settings } = resolveOptions(options);
  const httpServer = createServer((request, response) => void answerHttp(request, response, http, settings));
  const actualPort = await listen(httpServer, port, host);
  const attached = attach(httpServer, options);
  const stopListening = signals ? handleSignals(() => close()) : () => {};
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= closeAll(httpServer, attached).finally(stopListening);
    return closed;
  };
  return {
    port: actualPort,
    url: `ws://${urlHost(host)}:${actualPort}`,
    get connections() {
      return attached.connections;
    },
    channelLayer: attached.channelLayer,
    revoke: (userId, revokeOptions) => attached.revoke(userId, revokeOptions),
    close,
  };
}

async function closeAll(httpServer: Server, attached: AttachedServer): Promise<void> {
  const stopped = new Promise<void>((resolve) => httpServer.close(() => resolve()));
  httpServer.closeIdleConnections();
  await attached.close();
  httpServer.closeAllConnections();
  await stopped;
}

function urlHost(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
