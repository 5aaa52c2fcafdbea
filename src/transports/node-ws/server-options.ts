import { liveSubprotocol } from "../../protocol/live-subprotocol.ts";
import type { PerMessageDeflateOptions } from "ws";
import { type ConsumerSettings, resolveSettings } from "../../consumers/settings.ts";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import type { Routes } from "../../routing/route.ts";
import type { Authenticate } from "../../consumers/authenticate.ts";
import type { AllowedOrigins } from "./origin.ts";

/** The limits of one connection. Sizes are in bytes, times in milliseconds. */
export interface ConnectionLimits {
  /** Largest frame that a client may send; a larger one closes the connection with 1009. Default 1 MiB. */
  readonly maxFrameBytes: number;
  /**
   * Output that may wait for a slow reader before the server stops reading from it (so it can ask for no more) and `whenWritable` makes streams
   * wait. Default 1 MiB.
   */
  readonly softBufferedBytes: number;
  /** Output that may wait for a slow reader before its connection is closed with 4429. Default 16 MiB. */
  readonly maxBufferedBytes: number;
  /** How often each client is pinged. 0 turns the heartbeat off. Default 30,000. */
  readonly heartbeatInterval: number;
  /** How long a client may take to answer a ping before it is dropped (4408). At most `heartbeatInterval`. Default 10,000. */
  readonly heartbeatTimeout: number;
  /** How long a client may take to answer a close frame before its socket is destroyed. Default 5,000. */
  readonly closeTimeout: number;
  /** How long `authenticate` and the consumer may take together to accept a connection; after that 503. Default 10,000. */
  readonly handshakeTimeout: number;
}

/** The limits of a whole server. */
export interface ServerLimits extends ConnectionLimits {
  /**
   * Connections that may be open at once; one more is refused with 503. A handshake counts until `authenticate` and the consumer are done with
   * it, also when its client has left meanwhile. Default 65,536.
   */
  readonly maxConnections: number;
  /**
   * How long `close()` may take in milliseconds: requests under way get most of it to finish, then every client is sent 1001, then what is left is
   * cut off. Default 9,000, which fits into the 10 seconds that process managers give.
   */
  readonly drainTimeout: number;
}

/** What a server does, besides its limits and the settings of its consumers. */
export interface WebsocketBehaviour {
  /** Who serves which path; the first match wins. A path without a route is answered 404. */
  readonly routes: Routes;
  /** Fills `scope.user` and `scope.session` from the handshake. Default: everybody is anonymous. */
  readonly authenticate: Authenticate;
  /** Origins whose pages may connect besides the server's own (host, and scheme where the server knows its own). Default none. */
  readonly allowedOrigins: AllowedOrigins;
  /**
   * Believe `X-Forwarded-For` (its last entry), `X-Forwarded-Host` and `X-Forwarded-Proto`. Only behind a proxy that sets them. Default false.
   */
  readonly trustProxy: boolean;
  /** Sub-protocols that the server speaks. The first that a client offers is agreed on; otherwise none. Default `["restwave.v1"]`. */
  readonly subprotocols: readonly string[];
  /** Compress frames (RFC 7692): less traffic for much more memory and processor time. `ws`'s options are taken too. Default false. */
  readonly perMessageDeflate: boolean | PerMessageDeflateOptions;
}

/** Everything that a WebSocket server can be told. */
export interface WebsocketOptions
  extends Partial<ServerLimits>, Partial<ConsumerSettings>, Partial<Omit<WebsocketBehaviour, "routes">> {
  readonly routes: Routes;
}

/** The options with their defaults filled in. */
export interface ResolvedOptions extends WebsocketBehaviour {
  readonly limits: ServerLimits;
  readonly settings: ConsumerSettings;
}

const MEBIBYTE = 1024 * 1024;

const defaultLimits: ServerLimits = Object.freeze({
  maxFrameBytes: MEBIBYTE,
  softBufferedBytes: MEBIBYTE,
  maxBufferedBytes: 16 * MEBIBYTE,
  heartbeatInterval: 30_000,
  heartbeatTimeout: 10_000,
  closeTimeout: 5_000,
  handshakeTimeout: 10_000,
  maxConnections: 65_536,
  drainTimeout: 9_000,
});

/** @throws ImproperlyConfigured when a limit is no number in its range. */
export function resolveOptions(options: WebsocketOptions): ResolvedOptions {
  return Object.freeze({
    routes: options.routes,
    authenticate: options.authenticate ?? (() => null),
    allowedOrigins: options.allowedOrigins ?? [],
    trustProxy: options.trustProxy ?? false,
    subprotocols: options.subprotocols ?? [liveSubprotocol],
    perMessageDeflate: options.perMessageDeflate ?? false,
    limits: resolveLimits(options),
    settings: resolveSettings(pickSettings(options)),
  });
}

function resolveLimits(options: Partial<ServerLimits>): ServerLimits {
  const limit = (name: keyof ServerLimits): number => {
    const value = options[name] ?? defaultLimits[name];
    if (value >= 0) return value;
    throw new ImproperlyConfigured(`Option ${name}: expected a number of at least 0, got ${String(value)}.`);
  };
  const time = (name: keyof ServerLimits): number => Math.min(limit(name), LONGEST_TIMER);
  const heartbeatInterval = time("heartbeatInterval");
  return {
    maxFrameBytes: limit("maxFrameBytes"),
    softBufferedBytes: limit("softBufferedBytes"),
    maxBufferedBytes: limit("maxBufferedBytes"),
    heartbeatInterval,
    heartbeatTimeout: Math.min(time("heartbeatTimeout"), heartbeatInterval),
    closeTimeout: time("closeTimeout"),
    handshakeTimeout: time("handshakeTimeout"),
    maxConnections: limit("maxConnections"),
    drainTimeout: time("drainTimeout"),
  };
}

/** Milliseconds. Node runs a timer that is set to more at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const settingNames: ReadonlySet<string> = new Set(Object.keys(resolveSettings()));

function pickSettings(options: Partial<ConsumerSettings>): Partial<ConsumerSettings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => settingNames.has(name)));
}
