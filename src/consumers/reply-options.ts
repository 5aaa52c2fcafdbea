import type { ActionEcho } from "../protocol/frames.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** What `AsyncAPIConsumer.reply` sends. */
export interface ReplyOptions {
  readonly action: ActionEcho;
  /** Default null. */
  readonly data?: unknown;
  /** Default none. With errors the data is sent as null. */
  readonly errors?: readonly unknown[];
  /** Default 200. */
  readonly status?: unknown;
  /** Default null. */
  readonly requestId?: RequestId;
  /** Keys after the five that every answer has. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The request that failed, as far as it was understood. */
export interface FailedRequest {
  readonly action: ActionEcho;
  readonly requestId: RequestId;
}
