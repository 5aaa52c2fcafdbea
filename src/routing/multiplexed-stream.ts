import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { connectionLog } from "../consumers/connection-log.ts";
import type { Connection, ConsumerClass, ConsumerSession } from "../consumers/connection.ts";
import { refreshSession } from "../consumers/refresh-session.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { CloseCode, isSendableCloseCode } from "../protocol/close-codes.ts";
import { APIException, ImproperlyConfigured, NotFound, Throttled } from "../protocol/exceptions.ts";
import type { Identity, Scope } from "../protocol/scope.ts";
import { joinMultiplexedFrame } from "./multiplexed-frame.ts";

/** What a stream tells the socket that it is part of. */
export interface MultiplexedStreamOwner {
  /** The stream's consumer accepted or refused; `early` are the payloads that came for it before. */
  streamSettled(stream: MultiplexedStream, early: readonly string[]): void;
  /** The stream's consumer closed it. */
  streamClosed(code: number, reason: string): void;
}

/** Characters of payloads that may wait for a consumer to accept; the one that passes it is still taken. */
const MAX_EARLY_LENGTH = 1024 * 1024;

type State = "connecting" | "open" | "closed" | "refused";

/** One consumer on a shared socket: a connection of its own as far as that consumer can see. */
export class MultiplexedStream implements Connection {
  readonly name: string;
  private readonly outer: Connection;
  private readonly owner: MultiplexedStreamOwner;
  readonly session: ConsumerSession;
  private state: State = "connecting";
  private early: string[] = [];
  private earlyLength = 0;
  private connected: Promise<void> | null = null;
  private ended: Promise<void> | null = null;

  constructor(name: string, consumer: ConsumerClass, outer: Connection, owner: MultiplexedStreamOwner) {
    this.name = name;
    this.outer = outer;
    this.owner = owner;
    this.session = new consumer(this);
  }

  get scope(): Scope {
    return this.outer.scope;
  }

  get settings(): ConsumerSettings {
    return this.outer.settings;
  }

  /** Can frames still come of it? */
  get isAlive(): boolean {
    return this.state === "connecting" || this.state === "open";
  }

  /** Did its consumer accept, and nobody close it? */
  get isOpen(): boolean {
    return this.state === "open";
  }

  /** Is its consumer one that answers `authenticate` now? */
  get takesTokens(): boolean {
    return this.state === "open" && this.session instanceof AsyncAPIConsumer;
  }

  get streamName(): string {
    return this.name;
  }

  get carrier(): Connection {
    return this.outer.carrier ?? this.outer;
  }

  wrap(text: string): string {
    const framed = joinMultiplexedFrame(this.name, text);
    return this.outer.wrap?.(framed) ?? framed;
  }

  send(text: string): void {
    if (this.isAlive) this.outer.send(joinMultiplexedFrame(this.name, text));
  }

  /** @throws ImproperlyConfigured: a multiplexed frame is JSON text. */
  sendBytes(): void {
    throw new ImproperlyConfigured(
      `Stream "${this.name}" is multiplexed and cannot carry binary frames. Send text, or route a path of its own to the consumer.`,
    );
  }

  whenWritable(): Promise<void> | null {
    return this.outer.whenWritable?.() ?? null;
  }

  identify(prove: () => Promise<Identity | null>): Promise<boolean> {
    return this.outer.identify?.(prove) ?? Promise.resolve(false);
  }

  close(code: number = CloseCode.normal, reason = ""): void {
    if (!this.isAlive) return;
    const sent = isSendableCloseCode(code) ? code : CloseCode.internalError;
    void this.end(sent);
    this.owner.streamClosed(sent, reason);
  }

  /** Resolves when the consumer accepts. Rejects with an APIException when it refuses. */
  connect(): Promise<void> {
    // In a later microtask, because a consumer may close as the first thing it does, and that asks for this promise.
    this.connected ??= Promise.resolve().then(() => this.settle());
    return this.connected;
  }

  /** Hands a payload to the consumer, now or once it has accepted. @throws NotFound when it is not open, Throttled when too many wait. */
  receive(payload: string): void {
    if (this.state === "open") return this.session.websocketReceive(payload);
    if (this.state !== "connecting") throw new NotFound(`Stream "${this.name}" is not open.`);
    const { maxInFlight, maxSubscriptions } = this.settings;
    if (this.early.length >= maxInFlight + maxSubscriptions || this.earlyLength > MAX_EARLY_LENGTH) throw new Throttled();
    this.early.push(payload);
    this.earlyLength += payload.length;
  }

  /** Resolves when the requests that the consumer took have their answers. */
  async drain(): Promise<void> {
    if (this.state === "open") await this.session.websocketDrain?.();
  }

  /** Has the consumer look again at what it may send; one that is about to accept does so when it has, and is not waited for. */
  async refresh(): Promise<void> {
    if (this.state === "open") return refreshSession(this.session, this);
    if (this.state === "connecting") void this.connect().then(() => this.refresh(), ignore);
  }

  /** Ends the consumer's work, once; a consumer that is still about to accept is ended when it has. Never rejects. */
  end(code: number): Promise<void> {
    this.ended ??= this.endSession(code);
    return this.ended;
  }

  private async settle(): Promise<void> {
    try {
      await this.session.websocketConnect();
      if (this.state === "connecting") this.state = "open";
    } catch (error) {
      this.state = "refused";
      throw this.toRefusal(error);
    } finally {
      const { early } = this;
      this.early = [];
      this.owner.streamSettled(this, early);
    }
  }

  private async endSession(code: number): Promise<void> {
    if (this.isAlive) this.state = "closed";
    const isAccepted = await this.connect().then(
      () => true,
      () => false,
    );
    if (!isAccepted) return;
    try {
      await this.session.websocketDisconnect(code);
    } catch (error) {
      this.logFailure(error, "websocketDisconnect");
    }
  }

  private toRefusal(error: unknown): APIException {
    if (error instanceof APIException) return error;
    return new APIException(`${APIException.defaultDetail} Error id: ${this.logFailure(error, "websocketConnect")}`);
  }

  private logFailure(error: unknown, where: string): string {
    const errorId = this.settings.ids();
    connectionLog(this).error({ errorId, stream: this.name, error }, `A consumer failed in ${where}.`);
    return errorId;
  }
}

function ignore(): void {}
