import type { APIException } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import { connectionId } from "./connection-id.ts";
import type { Connection, ConsumerSession } from "./connection.ts";
import type { Instrumentation, SeenConnection } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import type { ConsumerSettings } from "./settings.ts";
import { tellInstrumentations } from "./tell-instrumentations.ts";
import { queuedEventBytes } from "./told.ts";

const watched = new WeakMap<Connection, WatchedConnection>();

type Waiter = (connection: WatchedConnection) => void;

const waiting = new WeakMap<Connection, Waiter[]>();

/** A connection that somebody watches. */
export class WatchedConnection implements SeenConnection {
  readonly id: string;
  readonly openedAt: number;
  readonly session: ConsumerSession;
  readonly #connection: Connection;

  private constructor(connection: Connection, session: ConsumerSession) {
    this.id = connectionId(connection);
    this.openedAt = connection.settings.clock();
    this.session = session;
    this.#connection = connection;
  }

  /** For what drives a connection: it is open now. Does nothing where nobody watches. */
  static open(connection: Connection, session: ConsumerSession): void {
    if (connection.settings.instrumentations.length === 0) return;
    const made = new WatchedConnection(connection, session);
    watched.set(connection, made);
    made.tell((instrumentation) => instrumentation.connectionOpened?.(made));
    for (const waiter of waiting.get(connection) ?? []) waiter(made);
    waiting.delete(connection);
  }

  /** For what `connect()` begins: calls `waiter` with the connection now or as soon as it is open; never where nobody watches. */
  static whenOpen(connection: Connection, waiter: Waiter): void {
    if (connection.settings.instrumentations.length === 0) return;
    const known = WatchedConnection.of(connection);
    if (known !== null) return waiter(known);
    const carrier = connection.carrier ?? connection;
    waiting.set(carrier, [...(waiting.get(carrier) ?? []), waiter]);
  }

  /** That of the socket which carries `connection`; null where nobody watches, or it is not open. */
  static of(connection: Connection): WatchedConnection | null {
    if (connection.settings.instrumentations.length === 0) return null;
    return watched.get(connection.carrier ?? connection) ?? null;
  }

  get scope(): Scope {
    return this.#connection.scope;
  }

  get settings(): ConsumerSettings {
    return this.#connection.settings;
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes ?? 0;
  }

  get queuedEventBytes(): number {
    return queuedEventBytes(this.#connection);
  }

  get logger(): Logger {
    return this.settings.logger;
  }

  /** For what drives it: it has ended, with all that it began. Told once. */
  close(code: number): void {
    if (!watched.delete(this.#connection)) return;
    this.tell((instrumentation) => instrumentation.connectionClosed?.(this, code));
  }

  /** A frame was answered with an error before it became a request. */
  refuse(error: APIException): void {
    this.tell((instrumentation) => instrumentation.frameRefused?.(this, error));
  }

  tell(tell: (instrumentation: Instrumentation) => unknown): void {
    tellInstrumentations(this.settings, tell);
  }
}
