import type { RevokeOptions, UserId } from "../../layers/revoke-user.ts";
import { prepareRoutes } from "../../routing/prepare-routes.ts";
import { HttpHost, type RequestInfo } from "./http-host.ts";
import { type HttpApiOptions, resolveHttpOptions } from "./http-options.ts";

/** An HTTP API: a web-standard handler with an end. */
export interface HttpApi {
  /** Answers a request; null when its path leads to no resource of the API. Never rejects because of what a client sends. */
  (request: Request, info?: RequestInfo): Promise<Response | null>;
  /** Requests under way, with the streams that are open. */
  connections(): number;
  /** Ends the streams of a user, or has them look again at what they may send, as `server.revoke` does: everywhere on the channel layer. */
  revoke(userId: UserId, options?: RevokeOptions): Promise<void>;
  /** Refuses new requests (503), ends the streams, and resolves when the requests under way are answered, after `drainTimeout` at the latest. */
  close(): Promise<void>;
}

/**
 * Serves the consumers of a routing table over HTTP: `GET /api/users/`, `POST /api/users/` and so on, with the same serializers, permissions,
 * throttles and filters, and their live lists as server-sent events.
 *
 * ```ts
 * const api = createHttpHandler({ routes: [path("ws/users/", UserConsumer)] });
 * const response = (await api(request)) ?? new Response(null, { status: 404 });
 * ```
 *
 * For Node's own requests (Express, Fastify, `node:http`) there is {@link toNodeHandler}; `serve({ routes, httpApi: true })` does it all.
 *
 * @throws ImproperlyConfigured when an option is out of its range, or two resources have one name.
 */
export function createHttpHandler(options: HttpApiOptions): HttpApi {
  const resolved = resolveHttpOptions(options);
  const host = new HttpHost(resolved);
  // Whoever needs it waits for it, and tries again.
  prepareRoutes(resolved.routes).catch((error: unknown) =>
    resolved.settings.logger.warn({ error }, "A consumer could not prepare for its first connection; it tries again then."),
  );
  const answer = (request: Request, info?: RequestInfo): Promise<Response | null> => host.answer(request, info);
  return Object.assign(answer, {
    connections: () => host.connections,
    revoke: (userId: UserId, revokeOptions?: RevokeOptions) => host.revoke(userId, revokeOptions),
    close: () => host.close(),
  });
}
