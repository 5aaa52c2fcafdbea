import { loggableId } from "../consumers/connection-log.ts";
import type {
  Instrumentation,
  RefusedConnection,
  RequestOutcome,
  SeenConnection,
  SeenRequest,
} from "../consumers/instrumentation.ts";
import { type Logger, toSafeLogger } from "../consumers/logger.ts";
import type { APIException } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";

/** What {@link requestLog} writes. */
export interface RequestLogOptions {
  /** Where to write. Every pino-compatible logger fits. Default: the server's `logger`. */
  readonly logger?: Logger;
  /** The level of what a client is to blame for: statuses 400 to 499, also of handshakes. Default `"info"`. */
  readonly clientErrorLevel?: "info" | "warn";
  /** Write when connections open, close and are refused. Default true. */
  readonly connections?: boolean;
  /** Says who asked, as `userId`: `({ user }) => user?.id ?? null`. Personal data. Default: it is not written. */
  readonly userId?: (scope: Scope) => string | number | bigint | null;
  /** Write the address of the client. Personal data. Default false. */
  readonly address?: boolean;
  /** Leaves out requests whose entries nobody needs. Default: none. */
  readonly skip?: (request: SeenRequest, outcome: RequestOutcome) => boolean;
}

/**
 * Writes one log entry for each finished request: level by status, `connectionId`, `requestId`, `consumer`, `stream`, `action`, `status`, `duration`
 * in milliseconds, `errorId`, `refusal`; and one when a connection opens, closes or is refused. Nothing of arguments or answers.
 *
 * ```ts
 * await serve({ routes, logger: pino(), instrumentations: [requestLog()] });
 * ```
 */
export function requestLog(options: RequestLogOptions = {}): Instrumentation {
  return new RequestLog(options);
}

class RequestLog implements Instrumentation {
  readonly #options: RequestLogOptions;
  readonly #logger: Logger | null;
  /** `performance.now()`. */
  readonly #openings = new WeakMap<SeenConnection, number>();

  constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#logger = options.logger === undefined ? null : toSafeLogger(options.logger);
  }

  connectionOpened(connection: SeenConnection): void {
    if (this.#options.connections === false) return;
    this.#openings.set(connection, performance.now());
    this.#write(connection, "info", this.#peer(connection), "A connection was opened.");
  }

  connectionClosed(connection: SeenConnection, code: number): void {
    if (this.#options.connections === false) return;
    const duration = Math.round(performance.now() - (this.#openings.get(connection) ?? performance.now()));
    this.#write(connection, "info", { ...this.#peer(connection), code, duration }, "A connection was closed.");
  }

  connectionRefused({ path, status, error, refusedBy, logger }: RefusedConnection): void {
    if (this.#options.connections === false) return;
    const details = { path, status, code: error.code, ...(refusedBy === null ? {} : { refusedBy }) };
    this.#write({ logger }, this.#levelOf(status), details, "A connection was refused.");
  }

  frameRefused(connection: SeenConnection, error: APIException): void {
    const { status, code } = error;
    const details = { connectionId: connection.id, status, code, ...this.#user(connection) };
    this.#write(connection, this.#levelOf(status), details, "A frame was refused.");
  }

  requestFinished(request: SeenRequest, outcome: RequestOutcome): void {
    if (this.#options.skip?.(request, outcome) === true) return;
    const { connection, consumer, stream, action, requestId } = request;
    const { status, errorId, refusal } = outcome;
    const details = {
      connectionId: connection.id,
      requestId: loggableId(requestId),
      consumer,
      ...(stream === null ? {} : { stream }),
      action,
      status,
      duration: Math.round(outcome.duration * 1000) / 1000,
      ...this.#user(connection),
      ...(errorId === null ? {} : { errorId }),
      ...(refusal === null ? {} : { refusal }),
    };
    this.#write(connection, this.#levelOf(status), details, "A request was answered.");
  }

  #peer({ id, scope }: SeenConnection): object {
    const address = this.#options.address === true ? { address: scope.client.address } : {};
    return { connectionId: id, type: scope.type, path: scope.path, ...address, ...this.#user({ scope }) };
  }

  #user({ scope }: Pick<SeenConnection, "scope">): object {
    const userId = this.#options.userId?.(scope) ?? null;
    return userId === null ? {} : { userId: typeof userId === "bigint" ? String(userId) : userId };
  }

  #levelOf(status: number): keyof Logger {
    if (status >= 500) return "error";
    return status >= 400 ? (this.#options.clientErrorLevel ?? "info") : "info";
  }

  #write({ logger }: { readonly logger: Logger }, level: keyof Logger, details: object, message: string): void {
    (this.#logger ?? logger)[level](details, message);
  }
}
