import type { Backoff } from "./backoff.ts";
import type { HeartbeatOptions } from "./heartbeat.ts";
import type { Ending } from "./reconnecting-socket.ts";
import type { WebSocketClass } from "./web-socket.ts";

/** How a client behaves. */
export interface ClientOptions {
  /**
   * Gives the token that is sent over each new connection before everything else, with the action `authenticate` (the server needs `authenticateToken`),
   * and again when an answer says 401. For a token in the URL make `url` a function.
   */
  readonly auth?: () => string | Promise<string>;
  /** Milliseconds that the server may take for an answer. Default 30000; `Infinity`: as long as it takes. Time without a connection does not count. */
  readonly timeout?: number;
  readonly backoff?: Backoff;
  /**
   * Attempts to connect again that may fail in a row (`attempt` of the connection's state). After that the client is closed, and everything that waits
   * fails with a `ConnectionError` of code `unreachable`. Default: it goes on for ever.
   */
  readonly maxAttempts?: number;
  /** Milliseconds that an attempt to connect may take before the next one. Default 10000. */
  readonly connectTimeout?: number;
  readonly heartbeat?: HeartbeatOptions;
  /**
   * Requests of one stream that are under way at once; the others wait. Default 80: a server answers 429 to more than 100 (its `maxInFlight`). A stream
   * of answers takes one place for as long as it lasts.
   */
  readonly maxInFlight?: number;
  /**
   * Items of a stream that are on their way or wait to be taken, at most: the server makes no more of them until you have taken some. Default 64. Not with
   * `protocol: "dcrf"`.
   */
  readonly streamWindow?: number;
  /** Milliseconds that a live query without listeners keeps its subscription. Default 5000. */
  readonly gracePeriod?: number;
  /** Decides whether to connect again after the server closed the connection with this code. Default: as PROTOCOL.md section 1 says; after codes of the application, no. */
  readonly reconnect?: (ending: Ending) => boolean;
  /** `"dcrf"` for servers of Django Channels REST Framework: no sub-protocol is offered. Default `"restwave.v1"`. */
  readonly protocol?: "restwave.v1" | "dcrf";
  /** What `client.dehydrate()` gave on the server that rendered the page: live queries begin with it, and go on from there. */
  readonly hydrate?: string;
  /** Default: the runtime's own. Node before 22 has none: pass that of `ws`. */
  readonly WebSocket?: WebSocketClass;
}
