import type { RequestId } from "../protocol/request-id.ts";
import { connectionId } from "./connection-id.ts";
import type { Connection } from "./connection.ts";
import type { Logger } from "./logger.ts";
import { WatchedConnection } from "./watched-connection.ts";
import { WatchedRequest } from "./watched-request.ts";

/** The request that an entry is about, as far as it is known. */
export interface LoggedRequest {
  readonly requestId: RequestId;
}

/**
 * The log of one connection, in place of the server's: each entry says which connection it is and, where it is about a request or code of one
 * writes it, which request.
 */
export function connectionLog(connection: Connection, request?: LoggedRequest): Logger {
  const { logger } = connection.settings;
  const bound = (details: object): object => ({ ...bindings(connection, request), ...details });
  return {
    error: (details, message) => logger.error(bound(details), message),
    warn: (details, message) => logger.warn(bound(details), message),
    info: (details, message) => logger.info(bound(details), message),
  };
}

function bindings(connection: Connection, request: LoggedRequest | undefined): object {
  const requestId = (request ?? runningRequest(connection))?.requestId ?? null;
  return { connectionId: connectionId(connection), ...(requestId === null ? {} : { requestId: loggableId(requestId) }) };
}

/** What a request causes on other connections is none of theirs. */
function runningRequest(connection: Connection): WatchedRequest | null {
  const request = WatchedRequest.ofCode();
  return request !== null && request.connection === WatchedConnection.of(connection) ? request : null;
}

/** Loggers cannot write a bigint. */
export function loggableId(requestId: RequestId): string | number | boolean | null {
  return typeof requestId === "bigint" ? String(requestId) : requestId;
}
