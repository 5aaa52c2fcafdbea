import { type ConsumerSettings, resolveSettings } from "../../consumers/settings.ts";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import type { Routes } from "../../routing/route.ts";
import type { Authenticate } from "../../consumers/authenticate.ts";
import type { AllowedOrigins } from "../node-ws/origin.ts";

/** Which pages of other origins may call the API, and how. */
export interface CorsOptions {
  /** Origins (texts or expressions) whose pages may call; `"*"` for all, which cannot go with `credentials`. */
  readonly origins: AllowedOrigins;
  /** May they send cookies? Default false. */
  readonly credentials?: boolean;
  /** Seconds for which a browser may remember the answer to a preflight. Default 600. */
  readonly maxAge?: number;
  /** Headers that they may send besides `Authorization`, `Content-Type`, `Idempotency-Key` and `Last-Event-ID`. Default none. */
  readonly allowedHeaders?: readonly string[];
}

/** The limits of an HTTP API. Sizes are in bytes, times in milliseconds. */
export interface HttpLimits {
  /** Largest body of a request; a larger one is answered 413. Default 1 MiB. */
  readonly maxBodyBytes: number;
  /** How long a body may take to arrive; after that 408. Default 30,000. */
  readonly bodyTimeout: number;
  /** How long `authenticate` and the consumer may take together to accept a request; after that 503. Default 10,000. */
  readonly handshakeTimeout: number;
  /** Requests that may be under way at once, with the streams that are open; one more is answered 503. Default 65,536. */
  readonly maxConnections: number;
  /** Streams (server-sent events, lines) that may be open at once; one more is answered 503. Default 10,000. */
  readonly maxStreams: number;
  /** Output of a stream that may wait for a slow reader before events are held back and streaming actions wait. Default 1 MiB. */
  readonly softBufferedBytes: number;
  /** Output of a stream that may wait for a slow reader before the stream is ended. Default 16 MiB. */
  readonly maxBufferedBytes: number;
  /** How often a stream without output is kept alive by a comment. A reader that takes nothing for so long is cut off. 0: never. Default 30,000. */
  readonly heartbeatInterval: number;
  /** How long `close()` waits for requests under way. Default 9,000. */
  readonly drainTimeout: number;
}

/** What an HTTP API does, besides its limits and the settings of its consumers. */
export interface HttpBehaviour {
  /** The routing table of the sockets: every consumer in it is a resource. */
  readonly routes: Routes;
  /** What stands before the names of the resources. Default `"/api/"`. */
  readonly prefix: string;
  /** Fills `scope.user` and `scope.session` from the request. Default: everybody is anonymous. */
  readonly authenticate: Authenticate;
  /** Origins whose pages may write besides the server's own; they cannot read the answers without `cors`. Default none. */
  readonly allowedOrigins: AllowedOrigins;
  /** Which pages of other origins may call and read the answers. Default null: none. */
  readonly cors: CorsOptions | null;
  /** Believe `X-Forwarded-For` (its last entry), `X-Forwarded-Host` and `X-Forwarded-Proto`. Only behind a proxy that sets them. Default false. */
  readonly trustProxy: boolean;
  /** The `WWW-Authenticate` header of a 401. Default `"Bearer"`. */
  readonly wwwAuthenticate: string;
}

/** Everything that an HTTP API can be told. */
export interface HttpApiOptions extends Partial<HttpLimits>, Partial<ConsumerSettings>, Partial<Omit<HttpBehaviour, "routes">> {
  readonly routes: Routes;
}

/** The options with their defaults filled in. */
export interface ResolvedHttpOptions extends HttpBehaviour {
  readonly limits: HttpLimits;
  readonly settings: ConsumerSettings;
}

const MEBIBYTE = 1024 * 1024;

const defaultLimits: HttpLimits = Object.freeze({
  maxBodyBytes: MEBIBYTE,
  bodyTimeout: 30_000,
  handshakeTimeout: 10_000,
  maxConnections: 65_536,
  maxStreams: 10_000,
  softBufferedBytes: MEBIBYTE,
  maxBufferedBytes: 16 * MEBIBYTE,
  heartbeatInterval: 30_000,
  drainTimeout: 9_000,
});

/** @throws ImproperlyConfigured when an option is out of its range. */
export function resolveHttpOptions(options: HttpApiOptions): ResolvedHttpOptions {
  return Object.freeze({
    routes: options.routes,
    prefix: toPrefix(options.prefix ?? "/api/"),
    authenticate: options.authenticate ?? (() => null),
    allowedOrigins: options.allowedOrigins ?? [],
    cors: checkCors(options.cors ?? null),
    trustProxy: options.trustProxy ?? false,
    wwwAuthenticate: options.wwwAuthenticate ?? "Bearer",
    limits: resolveLimits(options),
    settings: resolveSettings(pickSettings(options)),
  });
}

function toPrefix(prefix: string): string {
  if (!prefix.startsWith("/") || /[?#]/.test(prefix))
    throw new ImproperlyConfigured(`Option prefix: expected a path such as "/api/", got "${prefix}".`);
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}

function checkCors(cors: CorsOptions | null): CorsOptions | null {
  if (cors?.origins === "*" && cors.credentials === true)
    throw new ImproperlyConfigured(
      'Option cors: expected the origins that may send cookies by name, got "*" with credentials: every page could act for the user.',
    );
  return cors;
}

/** Milliseconds. Node runs a timer that is set to more at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function resolveLimits(options: Partial<HttpLimits>): HttpLimits {
  const limit = (name: keyof HttpLimits): number => {
    const value = options[name] ?? defaultLimits[name];
    if (value >= 0) return value;
    throw new ImproperlyConfigured(`Option ${name}: expected a number of at least 0, got ${String(value)}.`);
  };
  const time = (name: keyof HttpLimits): number => Math.min(limit(name), LONGEST_TIMER);
  return {
    maxBodyBytes: limit("maxBodyBytes"),
    bodyTimeout: time("bodyTimeout"),
    handshakeTimeout: time("handshakeTimeout"),
    maxConnections: limit("maxConnections"),
    maxStreams: limit("maxStreams"),
    softBufferedBytes: limit("softBufferedBytes"),
    maxBufferedBytes: limit("maxBufferedBytes"),
    heartbeatInterval: time("heartbeatInterval"),
    drainTimeout: time("drainTimeout"),
  };
}

const settingNames: ReadonlySet<string> = new Set(Object.keys(resolveSettings()));

function pickSettings(options: Partial<ConsumerSettings>): Partial<ConsumerSettings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => settingNames.has(name)));
}
