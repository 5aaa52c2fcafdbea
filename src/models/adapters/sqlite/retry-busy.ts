import { setTimeout as delay } from "node:timers/promises";
import { ServiceUnavailable } from "../../../protocol/exceptions.ts";
import type { MaybePromise } from "../../database.ts";
import { SqliteBusy } from "./sqlite-errors.ts";

const DELAYS = [1, 2, 5, 10, 20, 30];
const LAST_DELAY = 50;

/**
 * Runs a statement; while another process holds the lock it waits, with the event loop free, and tries again.
 *
 * @param timeout milliseconds after which it gives up.
 * @throws ServiceUnavailable (503) then.
 */
export function retryBusy<T>(run: () => T, timeout: number): MaybePromise<T> {
  try {
    return run();
  } catch (error) {
    if (error instanceof SqliteBusy) return tryAgain(run, timeout, error);
    throw error;
  }
}

async function tryAgain<T>(run: () => T, timeout: number, first: SqliteBusy): Promise<T> {
  const end = performance.now() + timeout;
  let busy = first;
  for (let attempt = 0; performance.now() < end; attempt += 1) {
    await delay(Math.min(DELAYS[attempt] ?? LAST_DELAY, Math.max(1, end - performance.now())));
    try {
      return run();
    } catch (error) {
      if (!(error instanceof SqliteBusy)) throw error;
      busy = error;
    }
  }
  throw new ServiceUnavailable(undefined, undefined, { cause: busy });
}
