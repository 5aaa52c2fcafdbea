import type { Connection } from "../consumers/connection.ts";
import { WatchedConnection } from "../consumers/watched-connection.ts";
import type { Moment } from "./event-slot.ts";

/** When transactions were read from the change log, as far as somebody who is watched was told of them (`performance.now()`). */
const arrivals = new WeakMap<Moment, number>();

/** What left for a socket in one write. */
export interface SentEvents {
  readonly frames: number;
  readonly texts: readonly string[];
  /** The transaction that the events tell of; null: none in particular. */
  readonly moment: Moment | null;
}

/** A transaction was read from the change log. */
export function noteArrival(connection: Connection, moment: Moment): void {
  if (connection.settings.instrumentations.length > 0 && !arrivals.has(moment)) arrivals.set(moment, performance.now());
}

export function tellEventsSent(connection: Connection, { frames, texts, moment }: SentEvents): void {
  const watched = WatchedConnection.of(connection);
  if (watched === null) return;
  const arrival = moment === null ? undefined : arrivals.get(moment);
  const lag = arrival === undefined ? null : performance.now() - arrival;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  watched.tell((instrumentation) => instrumentation.eventsSent?.(watched, { frames, bytes, lag }));
}

export function tellReset(connection: Connection): void {
  const watched = WatchedConnection.of(connection);
  watched?.tell((instrumentation) => instrumentation.subscriptionReset?.(watched));
}
