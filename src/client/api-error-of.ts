import { APIError } from "./api-error.ts";
import type { ServerFrame } from "./server-message.ts";

/** The error that an answer is. @param call what was called, for the message. */
export function apiErrorOf({ status, errors, errorId }: ServerFrame, call: string): APIError {
  return new APIError({ status, errors, errorId, call });
}
