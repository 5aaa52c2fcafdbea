import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { revocationKey, type RevokeOptions, type UserId } from "../../layers/revoke-user.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { APIException, NotFound, ServiceUnavailable } from "../../protocol/exceptions.ts";
import { tellRefusal } from "../../consumers/tell-refusal.ts";
import { resolveRoute, type ResolvedRoute } from "../../routing/resolve-route.ts";
import { agreeOnSubprotocol, parseSubprotocols } from "./subprotocols.ts";
import { checkUpgrade } from "./check-upgrade.ts";
import { ConnectedClient } from "./connected-client.ts";
import { createUpgrader } from "./create-upgrader.ts";
import { FlushSchedule } from "./flush-schedule.ts";
import { Handshake } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import { peerAddress } from "./peer-address.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { Revocations, type RevocationTarget } from "./revocations.ts";
import type { Identity } from "../../protocol/scope.ts";
import type { ConsumerClass } from "../../consumers/connection.ts";
import type { ResolvedOptions } from "./server-options.ts";
import type { ConnectionContext } from "./socket-connection.ts";
import { pathOf, toHeaderLines, WebsocketScope } from "./websocket-scope.ts";
import { withinTime } from "./within-time.ts";

/** Turns upgrade requests into connected clients, owns them all, and ends them in order. */
export class WebsocketHost implements RevocationTarget {
  private readonly options: ResolvedOptions;
  private readonly context: ConnectionContext;
  private readonly upgrader: WebSocketServer;
  private readonly heartbeat: Heartbeat;
  private readonly clients = new Set<ConnectedClient>();
  /** Those whose consumer has not accepted yet, or whose socket is not open yet. */
  private readonly joining = new Set<ConnectedClient>();
  /** Sessions whose client has left and whose last work is still being finished. */
  private readonly endings = new Set<Promise<void>>();
  /** Also those that were given up, for as long as the application still works on them. */
  private readonly handshakes = new Set<Handshake>();
  private closed: Promise<void> | null = null;
  private onEmpty: () => void = () => {};

  constructor(options: ResolvedOptions) {
    const { limits, settings } = options;
    this.options = options;
    const revocations = new Revocations(settings, this);
    const authenticate = async (scope: WebsocketScope): Promise<Identity | null> => options.authenticate(scope);
    this.context = { limits, settings, schedule: new FlushSchedule(), revocations, authenticate };
    this.upgrader = createUpgrader(options);
    this.heartbeat = new Heartbeat(this.clients, limits);
    this.heartbeat.start();
  }

  /** Clients whose socket is open. */
  get connections(): number {
    return this.clients.size;
  }

  /** Who would serve this request; null when no route matches. */
  routeOf(request: IncomingMessage): ResolvedRoute | null {
    return resolveRoute(this.options.routes, pathOf(request.url ?? "/"));
  }

  /** Answers one upgrade request, with a WebSocket or with an HTTP refusal. Never rejects. */
  async accept(request: IncomingMessage, stream: Duplex, head: Buffer, route: ResolvedRoute | null): Promise<void> {
    // Between the HTTP parser and `ws` nobody else listens, and an error without a listener would end the process.
    stream.on("error", ignore);
    try {
      await this.admit(request, stream, head, route);
    } catch (error) {
      const refusal = this.toRefusal(error, request);
      tellRefusal(this.options.settings, pathOf(request.url ?? "/"), refusal);
      refuseUpgrade(stream, refusal);
    }
  }

  /** Refuses new clients, lets requests under way finish, closes every socket with 1001 and cuts off what remains. At most `drainTimeout`. */
  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  /** Revokes the rights of a user: at once here, and on every other server on the channel layer. Resolves when those have been told. */
  revoke(userId: UserId, options: RevokeOptions = {}): Promise<void> {
    return this.context.revocations.revoke(userId, options);
  }

  apply(user: string | null, close: boolean): void {
    for (const client of [...this.clients, ...this.joining]) {
      const key = revocationKey(client.connection.scope.user);
      if (key === null || (user !== null && key !== user)) continue;
      if (close) client.revoke();
      else void client.reexamine();
    }
  }

  private async admit(request: IncomingMessage, stream: Duplex, head: Buffer, route: ResolvedRoute | null): Promise<void> {
    if (route === null) throw new NotFound("There is no WebSocket at this path.");
    checkUpgrade(request, this.options);
    if (this.closed !== null) throw new ServiceUnavailable("The server is going away.");
    if (this.clients.size + this.handshakes.size >= this.options.limits.maxConnections)
      throw new ServiceUnavailable("The server is full.");
    const handshake = new Handshake(this.options.limits.handshakeTimeout, stream);
    const client = await handshake.run(() => this.connectCounted(handshake, this.toScope(request, route), route));
    try {
      await this.upgrade(client, request, stream, head);
    } finally {
      this.joining.delete(client);
    }
  }

  private async connectCounted(handshake: Handshake, scope: WebsocketScope, route: ResolvedRoute): Promise<ConnectedClient> {
    this.handshakes.add(handshake);
    try {
      return await this.connect(handshake, scope, route);
    } finally {
      this.handshakes.delete(handshake);
    }
  }

  private async connect(handshake: Handshake, scope: WebsocketScope, { consumer }: ResolvedRoute): Promise<ConnectedClient> {
    const { authenticate, revocations } = this.context;
    await revocations.listen();
    const client = await revocations.ask(
      () => authenticate(scope),
      (identity) => {
        handshake.assertWanted();
        scope.identify(identity);
        return this.join(scope, consumer);
      },
    );
    try {
      await client.connect();
    } catch (error) {
      this.joining.delete(client);
      throw error;
    }
    if (handshake.isWanted) return client;
    this.joining.delete(client);
    await client.end(NEVER_OPENED);
    return client;
  }

  private join(scope: WebsocketScope, consumer: ConsumerClass): ConnectedClient {
    const client = new ConnectedClient(this.context, scope, consumer);
    this.joining.add(client);
    return client;
  }

  private toScope(request: IncomingMessage, { pathParams }: ResolvedRoute): WebsocketScope {
    const scope = new WebsocketScope({
      url: request.url ?? "/",
      headerLines: toHeaderLines(request),
      client: peerAddress(request, this.options.trustProxy),
    });
    scope.pathParams = pathParams;
    scope.subprotocol = agreeOnSubprotocol(
      parseSubprotocols(request.headers["sec-websocket-protocol"]),
      this.options.subprotocols,
    );
    return scope;
  }

  private async upgrade(client: ConnectedClient, request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    let isOpen = false;
    const open = (websocket: WebSocket): void => {
      isOpen = true;
      stream.off("error", ignore);
      this.clients.add(client);
      client.open({ websocket, stream }, (ended) => this.forget(client, ended));
    };
    if (this.closed === null) this.upgrader.handleUpgrade(request, stream, head, open);
    if (isOpen) return;
    await client.end(NEVER_OPENED);
    throw new ServiceUnavailable("The connection ended before it was open.");
  }

  private toRefusal(error: unknown, request: IncomingMessage): APIException {
    if (error instanceof APIException) return error;
    const { logger, ids } = this.options.settings;
    const errorId = ids();
    logger.error({ errorId, path: pathOf(request.url ?? "/"), error }, "A handshake failed.");
    return new APIException(`${APIException.defaultDetail} Error id: ${errorId}`);
  }

  private forget(client: ConnectedClient, ended: Promise<void>): void {
    this.clients.delete(client);
    this.endings.add(ended);
    void ended.then(() => {
      this.endings.delete(ended);
      if (this.isEmpty()) this.onEmpty();
    });
  }

  private async drain(): Promise<void> {
    const { drainTimeout } = this.options.limits;
    const closingTime = Math.min(MAX_CLOSING_TIME, drainTimeout / 4);
    this.heartbeat.stop();
    for (const handshake of this.handshakes) handshake.abandon(new ServiceUnavailable("The server is going away."));
    const drained = Array.from(this.clients, (client) => client.drain());
    await withinTime(Promise.all([...drained, ...this.endings]), drainTimeout - closingTime);
    for (const { connection } of this.clients) connection.close(CloseCode.goingAway, "The server is going away.");
    await withinTime(this.whenEmpty(), closingTime);
    for (const { connection } of this.clients) connection.terminate();
    await withinTime(this.whenEmpty(), CUT_OFF_TIME);
    await withinTime(this.context.revocations.stop(), CUT_OFF_TIME);
  }

  private isEmpty(): boolean {
    return this.clients.size === 0 && this.endings.size === 0;
  }

  private whenEmpty(): Promise<void> {
    if (this.isEmpty()) return Promise.resolve();
    return new Promise((resolve) => {
      this.onEmpty = resolve;
    });
  }
}

/** What a consumer that accepted is told when the socket did not open after all: RFC 6455's code for an end without a close frame. */
const NEVER_OPENED = 1006;
/** Milliseconds that clients have at most to answer the close frame of a server that goes away. */
const MAX_CLOSING_TIME = 1000;
/** Milliseconds until sockets that were destroyed have said so. */
const CUT_OFF_TIME = 100;

function ignore(): void {}
