import { CloseCode } from "../protocol/close-codes.ts";
import { liveSubprotocol } from "../protocol/live-subprotocol.ts";
import { APIError } from "./api-error.ts";
import { Call, type CallCarrier, type CallRequest } from "./call.ts";
import { Authentication } from "./authentication.ts";
import type { ClientOptions } from "./client-options.ts";
import { ConnectionError } from "./connection-error.ts";
import { InFlight } from "./in-flight.ts";
import { Heartbeat } from "./heartbeat.ts";
import { onWake } from "./on-wake.ts";
import { type Ending, ReconnectingSocket, type SocketOwner } from "./reconnecting-socket.ts";
import { Subscription, type SubscriptionListener, type SubscriptionRequest } from "./subscription.ts";
import { RetrievingListener } from "./retrieving-listener.ts";
import { runtimeWebSocket } from "./web-socket.ts";
import { WriteGate } from "./write-gate.ts";
import { encodeRequest, readMessage, type ServerFrame } from "./server-message.ts";

/** No request of ours has this id: to cancel it does nothing, but is answered. */
const PING_ID = "restwave.ping";

/** Everything that goes on between a client and its server, over one socket at a time. */
export class Session implements SocketOwner, CallCarrier {
  readonly socket: ReconnectingSocket;
  readonly #options: ClientOptions;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight: InFlight;
  readonly #calls = new Map<unknown, Call>();
  readonly #subscriptions = new Map<unknown, Subscription>();
  readonly #authentication: Authentication;
  readonly #gate = new WriteGate();
  /** Messages with events on this connection. */
  #sequence = 0;
  #ids = 0;
  #lastStream: string | null = null;
  #stopListening: () => void = () => undefined;

  constructor(url: string | (() => string | Promise<string>), options: ClientOptions) {
    this.#options = options;
    const { WebSocket: given, backoff = {}, connectTimeout = 10_000, heartbeat = {}, protocol = liveSubprotocol } = options;
    this.socket = new ReconnectingSocket(
      {
        url: typeof url === "string" ? () => url : url,
        protocols: protocol === liveSubprotocol ? [liveSubprotocol] : [],
        webSocket: () => given ?? runtimeWebSocket(),
        backoff,
        connectTimeout,
        maxAttempts: options.maxAttempts ?? Infinity,
        reconnects: (ending) => this.#reconnects(ending),
      },
      this,
    );
    this.#authentication = new Authentication(options, (call) => this.#send(call.request.stream, call.payload));
    this.#inFlight = new InFlight(options.maxInFlight ?? 80, (call) => {
      this.#send(call.request.stream, call.payload);
      call.sent();
      if (call.isSubscribed) this.#inFlight.delete(call);
    });
    this.#heartbeat = new Heartbeat(
      heartbeat,
      () => this.#ping(),
      () => this.socket.drop("The server gave no sign of life."),
    );
  }

  call(request: CallRequest): Call {
    this.#ids += 1;
    const call = new Call(this.#ids, request, this);
    if (request.signal?.aborted === true) call.fail(request.signal.reason);
    else if (this.socket.state.value.status === "closed") call.fail(this.#closedError());
    else this.#begin(call);
    return call;
  }

  /** @param since where it goes on; null: from the start. */
  subscribe(request: SubscriptionRequest, listener: SubscriptionListener, since: string | null): Subscription {
    this.#ids += 1;
    const id = `live ${this.#ids}`;
    const isWanted = (): boolean => this.#subscriptions.has(id);
    const isRow = request.kind === "instance";
    const told = isRow ? new RetrievingListener(listener, () => this.#retrieve(request), isWanted) : listener;
    const subscription = new Subscription(id, request, told, since);
    if (this.socket.state.value.status === "closed") {
      queueMicrotask(() => listener.refused(this.#closedError()));
      return subscription;
    }
    this.#subscriptions.set(subscription.id, subscription);
    if (this.socket.isOpen) this.#open(subscription);
    this.start();
    return subscription;
  }

  #retrieve({ stream, args }: SubscriptionRequest): Promise<unknown> {
    const { timeout = 30_000 } = this.#options;
    return this.call({ stream, action: "retrieve", args, isRepeatable: false, timeout, signal: undefined }).answer;
  }

  unsubscribe(subscription: Subscription): void {
    subscription.end();
    if (!this.#subscriptions.delete(subscription.id) || !subscription.isSent || !this.socket.isOpen) return;
    this.#send(subscription.request.stream, subscription.closing);
  }

  start(): void {
    if (this.socket.state.value.status !== "idle") return;
    this.#stopListening = onWake(() => {
      if (this.socket.isOpen) this.#heartbeat.check();
    });
    this.socket.start();
  }

  close(): void {
    this.socket.close();
  }

  cancel(call: Call): void {
    if (call.isSent && this.socket.isOpen) this.#send(call.request.stream, endingOf(call));
    this.#forget(call);
  }

  grant(call: Call, items: number): void {
    if (this.socket.isOpen) this.#send(call.request.stream, { stream_credit: items, request_id: call.id });
  }

  async prepare(): Promise<void> {
    this.#sequence = 0;
    if (this.#options.auth === undefined) return;
    try {
      await this.#authentication.prove(this.#firstAsked()?.request.stream ?? null);
    } catch (error) {
      if (error instanceof APIError && error.status < 500) this.socket.close(endingFor(error));
      throw error;
    }
  }

  opened(): void {
    this.#heartbeat.start();
    for (const subscription of this.#subscriptions.values()) this.#open(subscription);
    for (const call of this.#calls.values()) this.#transmit(call);
  }

  received(text: string): void {
    this.#heartbeat.heard();
    const message = readMessage(text);
    if (message === null) return this.socket.drop("The server sent no JSON.");
    const { frames, joined } = message;
    if (joined !== null && frames.length > 0) this.#sequence += 1;
    const hasGap = joined !== null && joined.seq !== this.#sequence;
    for (const frame of frames) this.#take(frame);
    if (joined === null) return;
    if (hasGap) return this.socket.drop("Something was lost on the way.");
    const { position } = joined;
    if (position !== null) this.#gate.pass(() => this.#subscriptions.forEach((subscription) => subscription.moveOn(position)));
  }

  lost(ending: Ending, isFinal: boolean): void {
    this.#heartbeat.stop();
    if (ending.code === CloseCode.messageTooBig) this.#failBiggest();
    this.#authentication.lost();
    this.#inFlight.clear();
    if (isFinal) return this.#endAll();
    for (const call of this.#calls.values()) {
      this.#gate.lost(call);
      if (!call.survives()) this.#calls.delete(call.id);
    }
    for (const subscription of this.#subscriptions.values()) subscription.connectionLost();
  }

  #begin(call: Call): void {
    this.#calls.set(call.id, call);
    if (this.socket.isOpen) this.#transmit(call);
    this.start();
  }

  #open(subscription: Subscription): void {
    subscription.isSent = true;
    this.#send(subscription.request.stream, subscription.opening());
  }

  #transmit(call: Call): void {
    if (!call.isSent) this.#inFlight.add(call);
  }

  #forget(call: Call): void {
    this.#calls.delete(call.id);
    this.#inFlight.delete(call);
    this.#gate.over(call);
  }

  #send(stream: string | null, payload: Readonly<Record<string, unknown>>): void {
    this.#lastStream = stream;
    this.socket.send(encodeRequest(stream, payload));
  }

  #take(frame: ServerFrame): void {
    const { requestId } = frame;
    const subscription = this.#subscriptions.get(requestId);
    if (subscription !== undefined) return this.#gate.pass(() => this.#takeForSubscription(subscription, frame));
    if (this.#authentication.take(frame)) return;
    const call = this.#calls.get(requestId);
    if (call === undefined) return;
    if (frame.status === 401 && !call.hasReauthenticated && this.#options.auth !== undefined) {
      call.hasReauthenticated = true;
      return this.#again(call, () => call.take(frame));
    }
    if (call.take(frame)) this.#forget(call);
    else if (call.isSubscribed) this.#inFlight.delete(call);
  }

  #takeForSubscription(subscription: Subscription, frame: ServerFrame): void {
    if (!this.#subscriptions.has(subscription.id)) return;
    if (frame.status === 401 && !subscription.hasReauthenticated && this.#options.auth !== undefined) {
      subscription.hasReauthenticated = true;
      return this.#again(subscription, () => subscription.take(frame));
    }
    if (frame.status < 400) subscription.hasReauthenticated = false;
    if (subscription.isDeferredBy(frame)) subscription.openLater(() => this.#open(subscription), this.#options.backoff ?? {});
    else subscription.take(frame);
  }

  /** The token has expired: the same with a new one. */
  #again(asked: Call | Subscription, giveUp: () => void): void {
    asked.isSent = false;
    const retry = (): void => {
      if (!this.socket.isOpen) return;
      if (asked instanceof Subscription) return this.#open(asked);
      this.#inFlight.delete(asked);
      if (!asked.isOver) this.#transmit(asked);
    };
    this.#authentication.prove(asked.request.stream).then(retry, (error: unknown) => {
      if (error instanceof APIError) return giveUp();
      // On a new connection it is sent again anyway.
      if (!this.socket.isOpen) return;
      if (asked instanceof Subscription) asked.listener.refused(error);
      else {
        asked.fail(error);
        this.#forget(asked);
      }
    });
  }

  #firstAsked(): Call | Subscription | undefined {
    return [...this.#subscriptions.values(), ...this.#calls.values()][0];
  }

  #ping(): void {
    const stream = this.#firstAsked()?.request.stream ?? this.#lastStream;
    this.#send(stream, { action: "cancel", request_id: PING_ID, cancel_request_id: PING_ID });
  }

  #reconnects(ending: Ending): boolean | undefined {
    const { reconnect, auth } = this.#options;
    if (reconnect !== undefined) return reconnect(ending);
    return ending.code === CloseCode.credentialsRevoked && auth !== undefined ? true : undefined;
  }

  #failBiggest(): void {
    const sizeOf = (call: Call): number => encodeRequest(null, call.payload).length;
    const sent = [...this.#calls.values()].filter(({ isSent, isSubscribed }) => isSent && !isSubscribed);
    const [biggest] = sent.toSorted((a, b) => sizeOf(b) - sizeOf(a));
    if (biggest === undefined) return;
    this.#forget(biggest);
    biggest.fail(new ConnectionError("too_big", `${biggest.name} was larger than the server takes: send less at once.`));
  }

  #endAll(): void {
    this.#stopListening();
    const error = this.#closedError();
    for (const call of this.#calls.values()) call.fail(error);
    for (const subscription of this.#subscriptions.values()) {
      subscription.end();
      subscription.listener.refused(error);
    }
    this.#calls.clear();
    this.#subscriptions.clear();
  }

  #closedError(): ConnectionError {
    if (this.socket.failure !== null) return this.socket.failure;
    const { value } = this.socket.state;
    const [code, reason] = value.status === "closed" ? [value.code, value.reason] : [1000, ""];
    return new ConnectionError(
      "closed",
      `The connection was closed for good (code ${code}${reason === "" ? "" : `: ${reason}`}). Make a new client to come back.`,
    );
  }
}

/** What tells the server that nobody wants more of a request. */
function endingOf(call: Call): Readonly<Record<string, unknown>> {
  const unsubscribe = call.isSubscribed ? call.request.events?.unsubscribe : undefined;
  if (unsubscribe !== undefined) return { ...call.payload, action: unsubscribe };
  return { action: "cancel", request_id: PING_ID, cancel_request_id: call.id };
}

function endingFor(error: APIError): Ending {
  return { code: CloseCode.credentialsRevoked, reason: error.message };
}
