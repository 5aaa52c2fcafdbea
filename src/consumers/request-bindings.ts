import { loggableId } from "./connection-log.ts";
import { WatchedRequest } from "./watched-request.ts";

/** What tells the entries of one request from those of others. */
export interface RequestBindings {
  readonly connectionId: string;
  readonly requestId: string | number | boolean | null;
}

/**
 * What an application's own log entries say of the request that they belong to: ask for it in code that an action calls, or have the logger ask.
 * Nothing outside of a request, and on a server without `instrumentations` ({@link requestLog} is one).
 *
 * ```ts
 * const logger = pino({ mixin: requestBindings });
 * ```
 */
export function requestBindings(): RequestBindings | Readonly<Record<string, never>> {
  const request = WatchedRequest.ofCode();
  if (request === null) return {};
  return { connectionId: request.connection.id, requestId: loggableId(request.requestId) };
}
