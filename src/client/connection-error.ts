import { RestwaveError } from "../protocol/exceptions.ts";

/**
 * Why there was no answer: `answer_lost`: the connection ended after the request was sent, and whether it was run is not known; `closed`: the client or
 * the server ended the connection for good; `too_big`: the server takes no frame of this size; `no_websocket`: this runtime has none; `unreachable`:
 * as many attempts to connect failed as `maxAttempts` allows.
 */
export type ConnectionErrorCode = "answer_lost" | "closed" | "too_big" | "no_websocket" | "unreachable";

/** A request got no answer because of the connection. Its message says what to do. */
export class ConnectionError extends RestwaveError {
  constructor(code: ConnectionErrorCode, message: string) {
    super(message, { code, status: 503 });
  }
}
