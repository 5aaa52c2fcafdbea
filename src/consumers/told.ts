import { RequestCancelled } from "./action-context.ts";
import type { Connection } from "./connection.ts";

/** What tells a socket of changes. */
export interface Teller {
  /** Events that wait, and about how many bytes of them. */
  readonly queued: { readonly bytes: number; readonly size: number };
  /** Resolves when all that is committed now has been told. */
  whenTold(): Promise<void>;
}

const tellers = new WeakMap<Connection, Teller>();

/** For observers: who tells a socket of changes. @param carrier the socket's own connection. */
export function tellsThrough(carrier: Connection, teller: Teller): void {
  tellers.set(carrier, teller);
}

/** Bytes of events, about, that wait for the reader of this connection's socket. */
export function queuedEventBytes(connection: Connection): number {
  return tellers.get(connection.carrier ?? connection)?.queued.bytes ?? 0;
}

/**
 * Resolves when every change that is committed now has been told to the socket of this connection; at once where nobody tells it anything.
 *
 * @throws RequestCancelled when `signal` is aborted before.
 */
export async function whenTold(connection: Connection, signal: AbortSignal): Promise<void> {
  const told = tellers.get(connection.carrier ?? connection)?.whenTold();
  if (told === undefined) return;
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => reject(new RequestCancelled());
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    told.then(resolve, reject);
  });
}
