import { type ActionEcho, echoableAction } from "../protocol/frames.ts";
import { parseRequestId, type RequestId } from "../protocol/request-id.ts";
import type { Scope } from "../protocol/scope.ts";
import { takeStreamCredit } from "./stream-credit.ts";

/** What a frame says of its request before anybody looks for the action. */
export interface RequestHead {
  /** For answers: what stands as the action, as far as it can be repeated. */
  readonly action: ActionEcho;
  readonly requestId: RequestId;
  /** How many items of a stream the client takes; null: any number. */
  readonly credit: number | null;
  /** Why the frame is no request; null when it is one. */
  readonly error: unknown;
}

/** Reads it, and takes out what is no argument of the action. */
export function readRequestHead(content: Record<string, unknown>, scope: Scope): RequestHead {
  const action = echoableAction(content["action"]);
  let requestId: RequestId = null;
  try {
    requestId = parseRequestId(content["request_id"]);
    return { action, requestId, credit: takeStreamCredit(content, scope), error: null };
  } catch (error) {
    return { action, requestId, credit: null, error };
  }
}
