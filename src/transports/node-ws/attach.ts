import type { IncomingMessage, Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { prepareAndCheck, type StartCheckOptions } from "../../checks/start-checks.ts";
import type { ChannelLayer } from "../../layers/channel-layer.ts";
import type { RevokeOptions, UserId } from "../../layers/revoke-user.ts";
import { sayFindings } from "../dev-channel.ts";
import { resolveOptions, type WebsocketOptions } from "./server-options.ts";
import { WebsocketHost } from "./websocket-host.ts";

/** What `attach` takes. */
export interface AttachOptions extends WebsocketOptions, StartCheckOptions {
  /**
   * Answer upgrade requests to paths without a route with 404. False leaves them to another `upgrade` listener of the same server. Default true.
   */
  readonly handleUnknownPaths?: boolean;
}

/** The WebSocket side of an HTTP server. */
export interface AttachedServer {
  /** Open connections. The last work of one that has closed may still be going on. */
  readonly connections: number;
  /** What its consumers send messages over: the option `channelLayer`. For HTTP handlers and jobs. */
  readonly channelLayer: ChannelLayer;
  /**
   * Revokes the rights of a user on every connection, here and on every other server on the channel layer: closes them with 4401 or, with
   * `{ close: false }`, has them ask for their credentials again and look again at what they may send. Resolves when the others have been told.
   */
  revoke(userId: UserId, options?: RevokeOptions): Promise<void>;
  /**
   * Refuses new connections (503), lets requests under way finish, closes every socket with 1001 and resolves, after `drainTimeout` at the latest.
   * The HTTP server itself goes on.
   */
  close(): Promise<void>;
}

/**
 * Serves WebSockets on an HTTP server that exists: Node's own, or the one under Express, Fastify or Hono. Not `wss` by itself: give it an HTTPS
 * server for that.
 *
 * @throws ImproperlyConfigured when an option is out of its range.
 */
export function attach(httpServer: Server | SecureServer, options: AttachOptions): AttachedServer {
  const resolved = resolveOptions(options);
  const host = new WebsocketHost(resolved);
  const { handleUnknownPaths = true } = options;
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const route = host.routeOf(request);
    if (route !== null || handleUnknownPaths) void host.accept(request, stream, head, route);
  };
  httpServer.on("upgrade", onUpgrade);
  let isClosed = false;
  const { startChecks = "warn", silencedChecks = [] } = options;
  const say = sayFindings(resolved.settings.logger);
  void prepareAndCheck(resolved.routes, resolved.settings, { startChecks, silencedChecks, say, isOver: () => isClosed });
  return {
    get connections() {
      return host.connections;
    },
    channelLayer: resolved.settings.channelLayer,
    revoke: (userId, revokeOptions) => host.revoke(userId, revokeOptions),
    close: () => {
      isClosed = true;
      return host.close().finally(() => httpServer.off("upgrade", onUpgrade));
    },
  };
}
