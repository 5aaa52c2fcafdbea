import { APIException } from "../protocol/exceptions.ts";
import type { RequestId } from "../protocol/request-id.ts";

/** What an action knows of the request that called it. */
export class ActionContext {
  /** The name by which the client called it; empty for a call from inside the server. */
  readonly action: string;
  readonly requestId: RequestId;
  /** For the consumer: called once when the request is cancelled. */
  onCancel: (() => void) | null = null;
  private controller: AbortController | null = null;
  private ended = false;

  constructor(action = "", requestId: RequestId = null) {
    this.action = action;
    this.requestId = requestId;
  }

  /**
   * Aborted when the client cancels the request or the connection ends. What waits for long must heed it: a cancelled action that goes on
   * waiting keeps its place among those that a connection may have under way. Made when first asked for: most actions never do.
   */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.ended) this.controller.abort();
    return this.controller.signal;
  }

  /** Has the request been cancelled, or its connection gone? */
  get cancelled(): boolean {
    return this.ended;
  }

  cancel(): void {
    this.ended = true;
    this.onCancel?.();
    this.controller?.abort();
  }
}

/** 499: the client cancelled the request before it was answered. */
export class RequestCancelled extends APIException {
  static override readonly statusCode: number = 499;
  static override readonly defaultDetail: string = "Request was cancelled.";
  static override readonly defaultCode: string = "cancelled";
}
