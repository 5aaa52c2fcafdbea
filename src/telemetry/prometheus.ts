import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Instrumentation } from "../consumers/instrumentation.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import { CONTENT_TYPES, type ExpositionFormat } from "./exposition.ts";
import { MetricRegistry } from "./metric-registry.ts";
import { ServerMetrics } from "./server-metrics.ts";

/** What {@link prometheus} is told. */
export interface PrometheusOptions {
  /** Where {@link Prometheus.handler} answers. Default `"/metrics"`. */
  readonly path?: string;
  /** What a scraper has to send as `Authorization: Bearer ...`; without it the answer is 401. Default: everybody may read. */
  readonly token?: string;
}

/** Metrics of servers, and where Prometheus reads them. */
export interface Prometheus {
  /** For the option `instrumentations`. Several servers may share one. */
  readonly instrumentation: Instrumentation;
  /** Answers Node's requests for its path, and returns false for others: for `serve({ http })`. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Answers a web-standard request, whatever its path: for a route of Hono, Next and so on. */
  readonly fetch: (request: Request) => Response;
}

/**
 * Measures a server and shows the numbers to Prometheus, as its text format or as OpenMetrics, whichever it asks for.
 *
 * ```ts
 * const metrics = prometheus();
 * await serve({ routes, instrumentations: [metrics.instrumentation], http: metrics.handler });
 * ```
 *
 * @throws ImproperlyConfigured when the path is none, or the token is empty.
 */
export function prometheus({ path = "/metrics", token }: PrometheusOptions = {}): Prometheus {
  if (!path.startsWith("/")) throw new ImproperlyConfigured(`Option path: expected a path such as "/metrics", got "${path}".`);
  if (token === "")
    throw new ImproperlyConfigured("Option token: expected a secret, got an empty text. Leave it out to let everybody read.");
  const registry = new MetricRegistry();
  const answer = (asked: Asked): Answer => answerScrape(registry, asked, token);
  return {
    instrumentation: new ServerMetrics(registry),
    handler: (request, response) => {
      if (request.url?.split("?")[0] !== path) return false;
      const { method = "GET", headers } = request;
      const {
        status,
        headers: answered,
        body,
      } = answer({ method, accept: headers.accept, authorization: headers.authorization });
      response.writeHead(status, answered).end(body);
      return true;
    },
    fetch: ({ method, headers }) => {
      const asked = { method, accept: headers.get("accept"), authorization: headers.get("authorization") };
      const { status, headers: answered, body } = answer(asked);
      return new Response(body, { status, headers: answered });
    },
  };
}

interface Asked {
  readonly method: string;
  readonly accept: string | null | undefined;
  readonly authorization: string | null | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

function answerScrape(registry: MetricRegistry, { method, accept, authorization }: Asked, token: string | undefined): Answer {
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" }, body: null };
  if (token !== undefined && !isSame(authorization ?? "", `Bearer ${token}`))
    return { status: 401, headers: { "www-authenticate": "Bearer" }, body: null };
  const format = formatOf(accept ?? "");
  const body = registry.write(format);
  const headers = { "content-type": CONTENT_TYPES[format], "cache-control": "no-store" };
  return { status: 200, headers, body: method === "HEAD" ? null : body };
}

function formatOf(accept: string): ExpositionFormat {
  return accept.includes("application/openmetrics-text") ? "openmetrics" : "text";
}

/** Takes as long for a wrong token as for another. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
