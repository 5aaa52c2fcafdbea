import type { ConsumerSession } from "../consumers/connection.ts";
import { MultiplexedSession } from "./multiplexer.ts";

/** A consumer of a connection. */
export interface StreamSession {
  /** The name of its stream; null where it has the socket for itself. */
  readonly stream: string | null;
  readonly session: ConsumerSession;
}

/** The consumers behind what drives a connection: itself, or those of its open streams. */
export function sessionsOf(session: ConsumerSession): readonly StreamSession[] {
  if (!(session instanceof MultiplexedSession)) return [{ stream: null, session }];
  return [...session.sessions].map(([stream, inner]) => ({ stream, session: inner }));
}
