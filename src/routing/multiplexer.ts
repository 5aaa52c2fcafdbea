import type { Connection, ConsumerClass, ConsumerSession } from "../consumers/connection.ts";
import { WatchedConnection } from "../consumers/watched-connection.ts";
import { APIException, ImproperlyConfigured, NotFound, ParseError } from "../protocol/exceptions.ts";
import { parseFrame } from "../protocol/frames.ts";
import { type MultiplexedFrame, multiplexedError, splitMultiplexedFrame } from "./multiplexed-frame.ts";
import { MultiplexedStream, type MultiplexedStreamOwner } from "./multiplexed-stream.ts";

/** Consumers by the name of their stream. */
export type StreamConsumers = Readonly<Record<string, ConsumerClass>>;

/** A consumer class that serves several consumers on one socket; its type keeps which. */
export interface MultiplexerClass<Streams extends StreamConsumers = StreamConsumers> {
  new (connection: Connection): ConsumerSession;
  readonly streams: Streams;
}

/**
 * Serves several consumers on one socket, each as a stream: frames are `{"stream": "users", "payload": {...}}` both ways, as
 * channelsmultiplexer has them.
 *
 * ```ts
 * rePath(/^ws\/$/, Multiplexer({ users: UserConsumer, rooms: RoomConsumer }))
 * ```
 *
 * The socket opens when the first consumer accepts and is refused when all refuse. Frames for a consumer that has not decided wait for it. A
 * frame that no stream takes is answered with an error and the socket stays open. When the last stream closes, the socket closes with its code.
 *
 * @throws ImproperlyConfigured when there is no stream.
 */
export function Multiplexer<const Streams extends StreamConsumers>(streams: Streams): MultiplexerClass<Streams> {
  if (Object.keys(streams).length === 0)
    throw new ImproperlyConfigured("Multiplexer({ ... }): expected at least one stream, got none.");
  return class extends MultiplexedSession {
    static readonly streams = streams;

    static async prepare(): Promise<void> {
      await Promise.all(Object.values(streams).map(async (consumer) => consumer.prepare?.()));
    }

    constructor(connection: Connection) {
      super(connection, streams);
    }
  };
}

interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** What drives a multiplexed socket. */
export class MultiplexedSession implements ConsumerSession, MultiplexedStreamOwner {
  private readonly connection: Connection;
  private readonly streams: ReadonlyMap<string, MultiplexedStream>;
  private lastClosing: Closing | null = null;

  constructor(connection: Connection, consumers: StreamConsumers) {
    this.connection = connection;
    this.streams = new Map(
      Object.entries(consumers).map(([name, consumer]) => [name, new MultiplexedStream(name, consumer, connection, this)]),
    );
  }

  /** The sessions of the streams that are open, by name. */
  get sessions(): ReadonlyMap<string, ConsumerSession> {
    const open = [...this.streams.values()].filter(({ isOpen }) => isOpen);
    return new Map(open.map(({ name, session }) => [name, session]));
  }

  async websocketConnect(): Promise<void> {
    const attempts = this.each((stream) => stream.connect());
    try {
      await Promise.any(attempts);
    } catch {
      await attempts[0];
    }
  }

  websocketReceive(frame: string | Uint8Array): void {
    if (typeof frame !== "string")
      return this.refuse(new ParseError("Expected a text frame, but got a binary frame."), NOTHING_READ);
    let found: MultiplexedFrame;
    let taking: MultiplexedStream | undefined;
    try {
      found = splitMultiplexedFrame(frame);
      if (found.stream === null && found.payload === null) taking = this.authenticating(frame);
    } catch (error) {
      return this.refuse(error, NOTHING_READ);
    }
    if (taking === undefined) return this.dispatch(found);
    this.deliver(taking, frame);
  }

  /** A client that has nothing to ask of any stream yet says who it is to the socket (PROTOCOL.md 8.6): one of its streams takes that for all. */
  private authenticating(frame: string): MultiplexedStream | undefined {
    const { action } = parseFrame(frame);
    return action === "authenticate" ? [...this.streams.values()].find((stream) => stream.takesTokens) : undefined;
  }

  async websocketDrain(): Promise<void> {
    await Promise.all(this.each((stream) => stream.drain()));
  }

  async refresh(): Promise<void> {
    await Promise.all(this.each((stream) => stream.refresh()));
  }

  async websocketDisconnect(code: number): Promise<void> {
    await Promise.all(this.each((stream) => stream.end(code)));
  }

  streamSettled(stream: MultiplexedStream, early: readonly string[]): void {
    for (const payload of early) this.deliver(stream, payload);
    this.closeAfterLast();
  }

  streamClosed(code: number, reason: string): void {
    this.lastClosing = { code, reason };
    this.closeAfterLast();
  }

  private closeAfterLast(): void {
    if (this.lastClosing === null || this.each(({ isAlive }) => isAlive).includes(true)) return;
    this.connection.close(this.lastClosing.code, this.lastClosing.reason);
  }

  private dispatch(frame: MultiplexedFrame): void {
    const { stream: name, payload } = frame;
    if (name === null) return this.refuse(new ParseError('Expected "stream" to be the name of a stream.'), frame);
    if (payload === null) return this.refuse(new ParseError('Expected "payload" to be an object.'), frame);
    const stream = this.streams.get(name);
    if (stream === undefined) return this.refuse(new NotFound("There is no stream of this name."), frame);
    this.deliver(stream, payload);
  }

  private deliver(stream: MultiplexedStream, payload: string): void {
    try {
      stream.receive(payload);
    } catch (error) {
      this.refuse(error, { stream: stream.name, payload });
    }
  }

  private refuse(error: unknown, frame: MultiplexedFrame): void {
    if (!(error instanceof APIException)) throw error;
    WatchedConnection.of(this.connection)?.refuse(error);
    this.connection.send(multiplexedError(error, frame));
  }

  private each<T>(visit: (stream: MultiplexedStream) => T): T[] {
    return Array.from(this.streams.values(), visit);
  }
}

const NOTHING_READ: MultiplexedFrame = { stream: null, payload: null };
