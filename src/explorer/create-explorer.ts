import type { Authenticate } from "../consumers/authenticate.ts";
import type { Instrumentation } from "../consumers/instrumentation.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { describeRoutes } from "../contracts/describe-routes.ts";
import type { Routes } from "../routing/route.ts";
import { authenticateTickets } from "./authenticate-tickets.ts";
import { ConnectionRegistry } from "./connection-registry.ts";
import { ExplorerGate } from "./explorer-gate.ts";
import { type ExplorerHttp, explorerHttp } from "./explorer-http.ts";
import { type ExplorerOptions, resolveExplorerOptions } from "./explorer-options.ts";
import { ExplorerSite } from "./explorer-site.ts";
import { ExplorerTickets } from "./explorer-tickets.ts";
import { ExplorerUsers } from "./explorer-users.ts";
import { databasesOf } from "./inspect-server.ts";
import type { ExplorerContract } from "./inspection.ts";
import { InspectorDesk } from "./inspector-desk.ts";
import { inspectorRoute } from "./inspector-route.ts";
import { builtPageFolder, PageFiles } from "./page-files.ts";
import type { RequestClient } from "./request-scope.ts";

/** What of a server's options the explorer has to know: those of `attach` fit. */
export interface ExploredOptions extends Partial<ConsumerSettings> {
  readonly routes: Routes;
  readonly authenticate?: Authenticate;
  readonly trustProxy?: boolean;
}

/** What of a server's options the explorer changes. */
export interface ExplorerServed {
  /** With the inspector's socket before the application's routes. */
  readonly routes: Routes;
  /** Takes the explorer's tickets too. */
  readonly authenticate: Authenticate;
  /** With the one that tells the inspector. */
  readonly instrumentations: readonly Instrumentation[];
}

/** The explorer of a server. */
export interface Explorer<O extends ExploredOptions> {
  /** The options for `attach`. */
  readonly options: Omit<O, keyof ExplorerServed> & ExplorerServed;
  /** The options for `createHttpHandler`: as `options`, but without the inspector's socket. */
  readonly httpOptions: Omit<O, keyof ExplorerServed> & ExplorerServed;
  /** Answers requests for `/explorer/...`, and resolves with false to others: for `serve({ http })`, Fastify and, with `next`, Express. */
  readonly http: ExplorerHttp;
  /**
   * The same with web-standard requests, for Hono and others: null for other paths. `client` is who sent the request; without it nobody is on this
   * machine.
   */
  handle(request: Request, info?: { readonly client?: RequestClient }): Promise<Response | null>;
}

/** What the explorer is told besides its options, where a server knows it. */
export interface ExplorerSurroundings {
  /** Where the HTTP binding is, `"/api/"`; null when it is not served. Default null. */
  readonly httpPrefix?: string | null;
  /** The folder of the built page. Default: the package's own. */
  readonly pageFolder?: string;
}

/**
 * Makes the explorer of a server that is put together by hand. `serve({ explorer })` does this by itself.
 *
 * ```ts
 * const explorer = createExplorer({ routes, authenticate }, { permissionClasses: [IsAdminUser] });
 * app.use(explorer.http);
 * attach(server, explorer.options);
 * ```
 *
 * @throws ImproperlyConfigured when `NODE_ENV` is `production` and nobody was said to have permission.
 */
export function createExplorer<O extends ExploredOptions>(
  served: O,
  options: ExplorerOptions = {},
  { httpPrefix = null, pageFolder = builtPageFolder() }: ExplorerSurroundings = {},
): Explorer<O> {
  const { permissionClasses, users: find, title, version } = resolveExplorerOptions(options);
  const { routes, authenticate = () => null, trustProxy = false, instrumentations = [], clock = Date.now } = served;
  const gate = new ExplorerGate(permissionClasses);
  const registry = new ConnectionRegistry(clock);
  const tickets = new ExplorerTickets(clock);
  const users = find === null ? null : new ExplorerUsers(find);
  const desk = new InspectorDesk({ gate, registry, databases: databasesOf(routes), tickets, users, trustProxy });
  const contract = (): ExplorerContract => ({
    title,
    version,
    contract: describeRoutes(routes, served),
    httpPrefix,
    logsInAs: users !== null,
    takesTokens: (served.authenticateToken ?? null) !== null,
  });
  const site = new ExplorerSite({ gate, authenticate, trustProxy, files: new PageFiles(pageFolder), contract });
  const changed = {
    authenticate: users === null ? authenticate : authenticateTickets(authenticate, tickets, users),
    instrumentations: [...instrumentations, registry],
  };
  return {
    options: { ...served, ...changed, routes: [inspectorRoute(desk), ...routes] },
    httpOptions: { ...served, ...changed },
    http: explorerHttp(site),
    handle: (request, { client } = {}) => site.answer(request, client),
  };
}
