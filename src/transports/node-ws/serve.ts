import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { FindingCode } from "../../checks/finding.ts";
import { demandNoErrors } from "../../checks/start-checks.ts";
import type { ExplorerOptions } from "../../explorer/explorer-options.ts";
import { sayFindings, tellDevOfServer } from "../dev-channel.ts";
import { attach, type AttachedServer } from "./attach.ts";
import { handleSignals } from "./handle-signals.ts";
import { listen } from "./listen.ts";
import { createHttpHandler, type HttpApi } from "../http/create-http-handler.ts";
import type { HttpApiOptions } from "../http/http-options.ts";
import { toNodeHandler } from "../http/to-node-handler.ts";
import { answerHttp, type HttpHandler } from "./answer-http.ts";
import { explore } from "./explore.ts";
import { resolveOptions, type WebsocketOptions } from "./server-options.ts";

/** What `serve` takes. */
export interface ServeOptions extends WebsocketOptions {
  /** 0 takes any free port. Default 8000. */
  readonly port?: number;
  /** Address to listen on. Default: all of the machine's. */
  readonly host?: string;
  /**
   * Serves the consumers of `routes` over HTTP too, below `/api/`: `GET /api/users/` and so on, with the same authentication, origins and settings.
   * An object gives it options of its own. Default: not.
   */
  readonly httpApi?: boolean | Partial<HttpApiOptions>;
  /**
   * Answers plain HTTP requests, all but those of the explorer, the API and `GET /healthz`. An Express app fits. Return false for a request that is not yours: it is answered 404.
   */
  readonly http?: HttpHandler;
  /**
   * What to do about what `checkRoutes` finds. `warn`: a log entry for each, once per process, while the server serves already. `error`: no start
   * with an error among them. `off`: nothing is looked at. Default `warn`.
   */
  readonly startChecks?: "warn" | "error" | "off";
  /** Findings that are known and shall not be said again, by code: `["scanning_filter"]`. Default none. */
  readonly silencedChecks?: readonly FindingCode[];
  /**
   * Serves the explorer at `/explorer/`: a page with the resources of `routes`, forms for their actions, live tables, and an inspector of what is going
   * on. Without `permissionClasses` it answers to this machine only. Default: on when `NODE_ENV` is `development` or `restwave dev` started the
   * process, else off.
   */
  readonly explorer?: boolean | ExplorerOptions;
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
 * @throws ListenError when the port is taken or not allowed. ImproperlyConfigured when an option is out of its range, or the
 * explorer is on in production without `permissionClasses`. StartChecksFailed.
 */
export async function serve(options: ServeOptions): Promise<RestwaveServer> {
  const { port = 8000, host, http, signals = true, startChecks = "warn" } = options;
  const explored = await explore(options);
  const { settings } = resolveOptions(explored.options);
  const isChecked = startChecks === "error";
  if (isChecked) sayFindings(settings.logger)(await demandNoErrors(options.routes, settings, options));
  const api = createApi(explored.httpOptions);
  const served = api === null ? http : before(toNodeHandler(api), http);
  const handler = explored.http === null ? served : before(explored.http, served);
  const httpServer = createServer((request, response) => void answerHttp(request, response, handler, settings));
  const actualPort = await listen(httpServer, port, host);
  const attached = attach(httpServer, { ...explored.options, startChecks: isChecked ? "off" : startChecks });
  const stopListening = signals ? handleSignals(() => close()) : () => {};
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= closeAll(httpServer, attached, api).finally(stopListening);
    return closed;
  };
  const url = `ws://${urlHost(host)}:${actualPort}`;
  tellDevOfServer(url, options.routes, settings);
  return {
    port: actualPort,
    url,
    get connections() {
      return attached.connections;
    },
    channelLayer: attached.channelLayer,
    revoke: (userId, revokeOptions) => attached.revoke(userId, revokeOptions),
    close,
  };
}

function createApi({ httpApi = false, ...shared }: ServeOptions): HttpApi | null {
  if (httpApi === false) return null;
  return createHttpHandler({ ...shared, ...(httpApi === true ? {} : httpApi) });
}

type First = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

function before(first: First, second: HttpHandler | undefined): HttpHandler {
  return async (request, response) => {
    if (await first(request, response)) return true;
    return second === undefined ? false : second(request, response);
  };
}

async function closeAll(httpServer: Server, attached: AttachedServer, api: HttpApi | null): Promise<void> {
  const stopped = new Promise<void>((resolve) => httpServer.close(() => resolve()));
  httpServer.closeIdleConnections();
  await Promise.all([attached.close(), api?.close()]);
  httpServer.closeAllConnections();
  await stopped;
}

function urlHost(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
