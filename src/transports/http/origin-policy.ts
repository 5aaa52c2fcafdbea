import { PermissionDenied } from "../../protocol/exceptions.ts";
import { isAllowedOrigin, type OwnOrigin } from "../node-ws/origin.ts";
import type { CorsOptions, ResolvedHttpOptions } from "./http-options.ts";

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const REQUEST_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"];
const RESPONSE_HEADERS = "Allow, Idempotency-Replayed, Location, Retry-After, WWW-Authenticate";
const DEFAULT_MAX_AGE = 600;

/** What pages of other origins may do: write, and read the answers (CORS). Source: https://fetch.spec.whatwg.org/#http-cors-protocol */
export class OriginPolicy {
  private readonly options: Pick<ResolvedHttpOptions, "allowedOrigins" | "cors" | "trustProxy">;

  constructor(options: Pick<ResolvedHttpOptions, "allowedOrigins" | "cors" | "trustProxy">) {
    this.options = options;
  }

  /**
   * A browser adds the user's cookies to whatever a page sends, so a write that comes from a foreign page is not the user's. Who is no browser sends
   * no `Origin`.
   *
   * @throws PermissionDenied (403)
   */
  demandMayWrite({ method, headers }: Request, url: URL): void {
    if (SAFE.has(method)) return;
    const origin = headers.get("origin") ?? undefined;
    if (origin === undefined && headers.get("sec-fetch-site") !== "cross-site") return;
    const own = ownOriginOf(headers, url, this.options.trustProxy);
    if (origin !== undefined && isAllowedOrigin(origin, own, this.options.allowedOrigins)) return;
    const { cors } = this.options;
    const isShared = cors !== null && origin !== undefined && isAllowedOrigin(origin, own, cors.origins);
    if (isShared && (cors.credentials === true || !hasAmbientCredentials(headers))) return;
    throw new PermissionDenied("Pages of this origin may not send this.");
  }

  /** The headers that answer a preflight; null when the request is none. */
  preflight({ headers }: Request, methods: readonly string[]): Record<string, string> | null {
    const { cors } = this.options;
    if (cors === null || !headers.has("origin") || !headers.has("access-control-request-method")) return null;
    if (!isShared(cors, headers)) return {};
    return {
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": [...REQUEST_HEADERS, ...(cors.allowedHeaders ?? [])].join(", "),
      "access-control-max-age": String(cors.maxAge ?? DEFAULT_MAX_AGE),
    };
  }

  /** Says on an answer who may read it. */
  mark(answer: Headers, { headers }: Request): void {
    const { cors } = this.options;
    if (cors === null) return;
    // Also where it is not shared, so that no cache gives one page's answer to another.
    answer.append("vary", "Origin");
    if (!isShared(cors, headers)) return;
    answer.set("access-control-allow-origin", cors.origins === "*" ? "*" : (headers.get("origin") ?? ""));
    answer.set("access-control-expose-headers", RESPONSE_HEADERS);
    if (cors.credentials === true) answer.set("access-control-allow-credentials", "true");
  }
}

const NOWHERE: OwnOrigin = { host: undefined, scheme: null };

/** The server's own pages need no permission to read, so only the list counts. */
function isShared({ origins }: CorsOptions, headers: Headers): boolean {
  const origin = headers.get("origin");
  return origin !== null && isAllowedOrigin(origin, NOWHERE, origins);
}

function hasAmbientCredentials(headers: Headers): boolean {
  return headers.has("cookie") || /^basic\b/i.test(headers.get("authorization") ?? "");
}

/** The server's origin as the client sees it: see `node-ws/own-origin.ts`. Adapters guess the scheme, but never wrongly https. */
function ownOriginOf(headers: Headers, url: URL, trustProxy: boolean): OwnOrigin {
  const forwardedHost = trustProxy ? firstOf(headers.get("x-forwarded-host")) : null;
  const host = forwardedHost ?? headers.get("host") ?? url.host;
  if (trustProxy) return { host, scheme: toScheme(firstOf(headers.get("x-forwarded-proto"))) };
  return { host, scheme: url.protocol === "https:" ? "https" : null };
}

function toScheme(name: string | null): OwnOrigin["scheme"] {
  return name === "https" || name === "http" ? name : null;
}

function firstOf(header: string | null): string | null {
  return header?.split(",")[0]?.trim() ?? null;
}
