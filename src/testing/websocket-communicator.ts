import type { ConsumerClass, ConsumerSession } from "../consumers/connection.ts";
import { refreshSession } from "../consumers/refresh-session.ts";
import { type ConsumerSettings, resolveSettings } from "../consumers/settings.ts";
import { tellRefusal } from "../consumers/tell-refusal.ts";
import { WatchedConnection } from "../consumers/watched-connection.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { APIException, ImproperlyConfigured, NotFound } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import type { Scope, Session, User } from "../protocol/scope.ts";
import { resolveRoute } from "../routing/resolve-route.ts";
import { isRoutes, type Routes } from "../routing/route.ts";
import { WebsocketScope } from "../transports/node-ws/websocket-scope.ts";
import { MessageReceiver } from "./message-receiver.ts";
import { RecordedConnection } from "./recorded-connection.ts";

/** The handshake of a test connection. */
export interface CommunicatorOptions {
  /** Request target: path and query. Default "/". */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sub-protocols that are offered; the first one counts as agreed on. Default none. */
  readonly subprotocols?: readonly string[];
  /** Becomes `scope.user`. Default null. */
  readonly user?: User | null;
  /** Becomes `scope.session`. Default null. */
  readonly session?: Session | null;
  /** What the server would set for all consumers. */
  readonly settings?: Partial<ConsumerSettings>;
}

/** How a handshake ended. */
export type ConnectResult =
  | { readonly connected: true; readonly subprotocol: string | null }
  | { readonly connected: false; /** HTTP status of the refusal. */ readonly status: number; readonly error: unknown };

const DEFAULT_TIMEOUT = 5000;

/**
 * Talks to a consumer, or to whatever a routing table leads to, in process and without a port, as Channels' communicator does.
 *
 * ```ts
 * const communicator = new WebsocketCommunicator(UserConsumer);
 * await communicator.connect();
 * communicator.sendJson({ action: "list", request_id: 1 });
 * expect(await communicator.receiveJson()).toMatchObject({ response_status: 200 });
 * await communicator.disconnect();
 * ```
 *
 * What the consumer sends is queued, so nothing is missed between two calls. Times are in milliseconds.
 */
export class WebsocketCommunicator extends MessageReceiver {
  readonly scope: Scope;
  private readonly consumer: ConsumerClass | null;
  private readonly connection: RecordedConnection;
  private session: ConsumerSession | null = null;
  private state: "new" | "open" | "closed" = "new";
  private closeCode: number | null = null;
  private ended: Promise<void> | null = null;

  constructor(application: ConsumerClass | Routes, options: CommunicatorOptions = {}) {
    super(DEFAULT_TIMEOUT);
    const scope = toScope(options);
    const route = isRoutes(application) ? resolveRoute(application, scope.path) : { consumer: application, pathParams: {} };
    scope.pathParams = route?.pathParams ?? {};
    this.scope = scope;
    this.consumer = route?.consumer ?? null;
    this.connection = new RecordedConnection(scope, resolveSettings(options.settings), this.queue, {
      close: (code) => this.closedByConsumer(code),
      identified: async () => {
        if (this.session !== null) await refreshSession(this.session, this.connection);
      },
    });
  }

  /** Opens the connection. A refusal is a result, not an error; what is no `APIException` counts as 500. */
  async connect(): Promise<ConnectResult> {
    if (this.session !== null)
      throw new ImproperlyConfigured("connect() was called twice. Make a new communicator for another connection.");
    try {
      if (this.consumer === null) throw new NotFound();
      this.session = new this.consumer(this.connection);
      await this.session.websocketConnect();
    } catch (error) {
      this.state = "closed";
      tellRefusal(this.connection.settings, this.scope.path, error instanceof APIException ? error : new APIException());
      return { connected: false, status: error instanceof APIException ? error.status : 500, error };
    }
    this.state = "open";
    WatchedConnection.open(this.connection, this.session);
    if (this.closeCode !== null) void this.end(this.closeCode);
    return { connected: true, subprotocol: this.scope.subprotocol };
  }

  /** Sends a value as JSON. bigint is written with all its digits. */
  sendJson(value: unknown): void {
    this.sendText(encodeJson(value));
  }

  sendText(text: string): void {
    this.openSession()?.websocketReceive(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.openSession()?.websocketReceive(bytes);
  }

  /** Closes from the client's side. Resolves when the consumer's work has ended; after a refusal or a close it only waits for that. */
  async disconnect(code: number = CloseCode.normal): Promise<void> {
    this.connection.end();
    if (this.state === "open") void this.end(code);
    await this.ended;
  }

  /** Null when the consumer has closed: what is sent then gets lost, as on a socket. */
  private openSession(): ConsumerSession | null {
    if (this.state === "new") throw new ImproperlyConfigured("The connection is not open. Await connect() first.");
    return this.state === "open" ? this.session : null;
  }

  private closedByConsumer(code: number): void {
    this.closeCode = code;
    if (this.state === "open") void this.end(code);
  }

  private end(code: number): Promise<void> {
    this.state = "closed";
    this.ended ??= this.endSession(code);
    return this.ended;
  }

  private async endSession(code: number): Promise<void> {
    await this.session?.websocketDisconnect(code);
    WatchedConnection.of(this.connection)?.close(code);
  }
}

function toScope({
  path = "/",
  headers = {},
  subprotocols = [],
  user = null,
  session = null,
}: CommunicatorOptions): WebsocketScope {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  if (subprotocols.length > 0) lines.push(`sec-websocket-protocol:${subprotocols.join(",")}`);
  const scope = new WebsocketScope({ url: path, headerLines: lines.join("\n"), client: { address: "127.0.0.1", port: 0 } });
  scope.subprotocol = subprotocols[0] ?? null;
  scope.user = user;
  scope.session = session;
  return scope;
}
