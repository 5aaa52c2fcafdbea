import type { APIException } from "../protocol/exceptions.ts";
import type { Identity, Scope } from "../protocol/scope.ts";
import type { ConsumerSettings } from "./settings.ts";

/**
 * The port between a consumer and whatever carries its frames: a socket, one stream of a multiplexed socket, a test communicator.
 *
 * An implementation MUST send frames in the order of the calls, and MUST ignore every call after `close`.
 * It MUST NOT throw from any member because the peer has gone: the consumer learns that from `websocketDisconnect`.
 */
export interface Connection {
  readonly scope: Scope;
  readonly settings: ConsumerSettings;
  /** Sends one text frame. */
  send(text: string): void;
  /** The connection that carries this one's frames among others: a stream of a multiplexed socket has the socket's. Default: none. */
  readonly carrier?: Connection;
  /** What `send` makes of a frame before the carrier sends it: the frame with the stream's name. */
  wrap?(text: string): string;
  /** The name of the stream that this connection is, on a multiplexed socket. */
  readonly streamName?: string;
  /** Bytes that wait for the peer to take them, now. Optional: without it nobody knows. */
  readonly bufferedBytes?: number;
  /** Sends one binary frame. */
  sendBytes(bytes: Uint8Array): void;
  /**
   * Resolves when the peer has taken enough of what was sent that more is welcome; null when more is welcome now. What sends a lot (a stream)
   * waits for it. Optional: without it there is no backpressure.
   */
  whenWritable?(): Promise<void> | null;
  /**
   * Asks anew who is connected, and keeps the question for the next time. What `prove` gives goes into the scope, and every consumer of the socket
   * looks again at what it may send; null, or an error, changes nothing. Resolves with whether there was an identity. Optional: without it who is
   * connected never changes.
   */
  identify?(prove: () => Promise<Identity | null>): Promise<boolean>;
  /** Learns which exception an error answer tells of, right before the answer is sent. Optional: for carriers that say errors in a form of their own. */
  refused?(error: APIException): void;
  /** Has the peer left so much of what was sent that no more is welcome? Default: never. */
  readonly isStalled?: boolean;
  /** Calls `listener` now and then while the peer is alive, as often as it is asked for a sign of life. */
  onHeartbeat?(listener: () => void): void;
  /** Closes after what was sent before; `code` defaults to 1000. A code that RFC 6455 forbids to send is replaced by 1011. */
  close(code?: number, reason?: string): void;
}

/**
 * What a connection drives: one object per connection. Channels' three events by their names.
 *
 * The driver MUST call `websocketConnect` first and once, MUST NOT deliver a frame before it has resolved, and MUST call
 * `websocketDisconnect` exactly once after it has resolved, whoever closed.
 */
export interface ConsumerSession {
  /** Resolves when the connection is accepted. Rejects with an `APIException` when it is refused: answer the handshake with its status. */
  websocketConnect(): Promise<void>;
  /** Takes one frame. Never throws; every frame is answered or is part of a stream. */
  websocketReceive(frame: string | Uint8Array): void;
  /**
   * Resolves when every request that was received so far has its answer; streams and subscriptions are not waited for. Called before a
   * server closes the connection on its own account. Optional: without it nothing is waited for.
   */
  websocketDrain?(): Promise<void>;
  /** Resolves when neither a request nor a stream is under way; subscriptions are not waited for. Optional. */
  websocketIdle?(): Promise<void>;
  /**
   * Looks again at what it may send: who is connected, or what they may, has changed. Called between connect and disconnect. Optional: without it
   * what it sends must not depend on the user. A consumer that rejects is closed with 1011.
   */
  refresh?(): Promise<void>;
  /** Ends everything that the consumer began. Resolves when nothing of it runs any more. */
  websocketDisconnect(code: number): Promise<void>;
}

/** A class that serves connections: a consumer, a multiplexer, a view. */
export interface ConsumerClass {
  new (connection: Connection): ConsumerSession;
  /** Called when a server begins to serve the class: makes ready what the first connection would have to wait for. Optional. */
  prepare?(): Promise<void>;
}
