import type { IncomingMessage, Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { resolveOptions, type WebsocketOptions } from "./server-options.ts";
import { WebsocketHost } from "./websocket-host.ts";

/** What `attach` takes. */
export interface AttachOptions extends WebsocketOptions {
  /**
   * Answer upgrade requests to paths without a route with 404. False leaves them to another `upgrade` listener of the same server. Default true.
   */
  readonly handleUnknownPaths?: boolean;
}

/** The WebSocket side of an HTTP server. */
export interface AttachedServer {
  /** Open connections. The last work of one that has closed may still be going on. */
  readonly connections: number;
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
  const host = new WebsocketHost(resolveOptions(options));
  const { handleUnknownPaths = true } = options;
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const route = host.routeOf(request);
    if (route !== null || handleUnknownPaths) void host.accept(request, stream, head, route);
  };
  httpServer.on("upgrade", onUpgrade);
  return {
    get connections() {
      return host.connections;
    },
    close: () => host.close().finally(() => httpServer.off("upgrade", onUpgrade)),
  };
}
