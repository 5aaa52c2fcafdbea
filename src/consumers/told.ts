import { RequestCancelled } from "./action-context.ts";
import type { Connection } from "./connection.ts";

const tellers = new WeakMap<Connection, () => Promise<void>>();

/** For observers: how to learn that all which is committed now has been told to a socket. @param carrier the socket's own connection. */
export function tellsThrough(carrier: Connection, whenTold: () => Promise<void>): void {
  tellers.set(carrier, whenTold);
}

/**
 * Resolves when every change that is committed now has been told to the socket of this connection; at once where nobody tells it anything.
 *
 * @throws RequestCancelled when `signal` is aborted before.
 */
export async function whenTold(connection: Connection, signal: AbortSignal): Promise<void> {
  const told = tellers.get(connection.carrier ?? connection)?.();
  if (told === undefined) return;
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => reject(new RequestCancelled());
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    told.then(resolve, reject);
  });
}
