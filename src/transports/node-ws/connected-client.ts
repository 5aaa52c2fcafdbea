import type { RawData } from "ws";
import { connectionLog } from "../../consumers/connection-log.ts";
import type { ConsumerClass, ConsumerSession } from "../../consumers/connection.ts";
import { refreshSession } from "../../consumers/refresh-session.ts";
import { WatchedConnection } from "../../consumers/watched-connection.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { APIException } from "../../protocol/exceptions.ts";
import type { Identity } from "../../protocol/scope.ts";
import {
  type ConnectionContext,
  type ConnectionOwner,
  type OpenSocket,
  type Prove,
  SocketConnection,
} from "./socket-connection.ts";
import type { WebsocketScope } from "./websocket-scope.ts";

/** One client from handshake to end: drives its consumer's session with what comes over its socket. */
export class ConnectedClient implements ConnectionOwner {
  readonly connection: SocketConnection;
  private readonly context: ConnectionContext;
  private readonly session: ConsumerSession;
  private listens = true;
  private awaitsPong = false;
  private ended: Promise<void> | null = null;
  /** How it was last asked who this is; null: by the handshake. */
  private prove: Prove | null = null;
  private isAccepted = false;
  /** Was somebody else connected when the consumer began to accept? */
  private isOutdated = false;

  constructor(context: ConnectionContext, scope: WebsocketScope, consumer: ConsumerClass) {
    this.context = context;
    this.connection = new SocketConnection(context, scope, this);
    this.session = new consumer(this.connection);
  }

  /** Resolves when the consumer accepts, rejects when it refuses. */
  async connect(): Promise<void> {
    await this.session.websocketConnect();
    this.isAccepted = true;
    if (this.isOutdated) await this.refresh();
  }

  async identify(prove: Prove): Promise<boolean> {
    const isKnown = await this.context.revocations.ask(prove, (identity) => this.become(identity, prove));
    if (isKnown) await this.refresh();
    return isKnown;
  }

  /** Closes the connection: its credentials are not valid any more. */
  revoke(): void {
    this.connection.close(CloseCode.credentialsRevoked, "Credentials were revoked.");
  }

  /** Asks again who is connected, and ends the connection when the credentials are gone. Never rejects. */
  async reexamine(): Promise<void> {
    const prove = this.prove ?? (() => this.context.authenticate(this.connection.scope));
    try {
      if (!(await this.identify(prove))) this.revoke();
    } catch (error) {
      if (error instanceof APIException && error.status < 500) return this.revoke();
      this.logFailure(error, "authenticate");
      this.connection.close(CloseCode.internalError);
    }
  }

  /** Takes over the upgraded socket. `onGone` is called when it has closed; `ended` resolves when the consumer's work has ended too. */
  open(socket: OpenSocket, onGone: (ended: Promise<void>) => void): void {
    const { websocket } = socket;
    websocket.on("message", (data, isBinary) => this.receive(data, isBinary));
    websocket.on("pong", () => this.noteLife());
    // `ws` has answered what it reports here with the right close code; the "close" event follows.
    websocket.on("error", ignore);
    websocket.on("close", (code) => onGone(this.end(code)));
    WatchedConnection.open(this.connection, this.session);
    this.connection.open(socket);
  }

  /** Ends the session, once. Never rejects. */
  end(code: number): Promise<void> {
    this.ended ??= this.endSession(this.connection.closeCode ?? code);
    return this.ended;
  }

  /** Takes no more requests and resolves when those that were taken have their answers. Never rejects. */
  async drain(): Promise<void> {
    this.listens = false;
    try {
      await this.session.websocketDrain?.();
    } catch (error) {
      this.logFailure(error, "websocketDrain");
    }
  }

  /** Asks for a sign of life. A client that is asked for nothing because it reads slowly gets no ping: it could not answer. */
  ping(): void {
    if (this.connection.isStalled) return;
    this.awaitsPong = true;
    this.connection.ping();
  }

  /** Drops the client if it gave no sign of life since the ping, or took nothing of what waits for it since `stalledBefore`. */
  checkLife(stalledBefore: number): void {
    if (this.connection.isStalledSince(stalledBefore))
      return this.connection.close(CloseCode.slowConsumer, "The peer reads too slowly.");
    if (!this.awaitsPong || this.connection.isStalled) return;
    this.connection.close(CloseCode.heartbeatTimeout, "No pong came in time.");
    this.connection.terminate();
  }

  private receive(data: RawData, isBinary: boolean): void {
    this.noteLife();
    if (!this.listens || this.connection.closeCode !== null || !Buffer.isBuffer(data)) return;
    try {
      this.session.websocketReceive(isBinary ? data : data.toString());
    } catch (error) {
      this.logFailure(error, "websocketReceive");
      this.connection.close(CloseCode.internalError);
    }
  }

  private become(identity: Identity | null, prove: Prove): boolean {
    if (identity === null) return false;
    this.connection.scope.identify(identity);
    this.prove = prove;
    return true;
  }

  /** What is not accepted yet has sent nothing; it looks again once it is. */
  private async refresh(): Promise<void> {
    if (this.ended !== null) return;
    if (this.isAccepted) await refreshSession(this.session, this.connection);
    else this.isOutdated = true;
  }

  private noteLife(): void {
    this.awaitsPong = false;
  }

  private async endSession(code: number): Promise<void> {
    this.listens = false;
    this.connection.release();
    try {
      await this.session.websocketDisconnect(code);
    } catch (error) {
      this.logFailure(error, "websocketDisconnect");
    }
    WatchedConnection.of(this.connection)?.close(code);
  }

  private logFailure(error: unknown, where: string): void {
    const { ids } = this.context.settings;
    connectionLog(this.connection).error(
      { errorId: ids(), path: this.connection.scope.path, error },
      `A consumer failed in ${where}.`,
    );
  }
}

function ignore(): void {}
