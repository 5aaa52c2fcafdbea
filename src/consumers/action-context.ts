import { APIException } from "../protocol/exceptions.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { StreamCredit } from "./stream-credit.ts";
import type { WatchedRequest } from "./watched-request.ts";

/** What an action knows of the request that called it. */
export class ActionContext {
  /** The name by which the client called it; empty for a call from inside the server. */
  readonly action: string;
  readonly requestId: RequestId;
  /** For the consumer: called once when the request is cancelled. */
  onCancel: (() => void) | null = null;
  /** For the consumer: how many more items its client takes, if this is a stream; null: any number. */
  readonly credit: StreamCredit | null;
  /** For the consumer: the request as those see it who watch; null where nobody does. */
  watched: WatchedRequest | null = null;
  private controller: AbortController | null = null;
  private ended = false;
  private answered = false;
  private committed = false;
  private answerListeners: (() => void)[] | null = null;

  constructor(action = "", requestId: RequestId = null, credit: number | null = null) {
    this.action = action;
    this.requestId = requestId;
    this.credit = credit === null ? null : new StreamCredit(credit);
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

  /** For what waited long and would now begin to work. @throws RequestCancelled when the request has been cancelled, or its connection gone. */
  assertWanted(): void {
    if (this.ended) throw new RequestCancelled();
  }

  /** Has the action committed something that its client does not know of yet? Its events wait for the answer then. */
  get owesAnswer(): boolean {
    return this.committed && !this.answered;
  }

  /** Something that this action wrote is committed. */
  noteCommit(): void {
    this.committed = true;
  }

  /** Calls `listener` when the first answer has been handed to the connection, or at once when it has been. */
  onAnswered(listener: () => void): void {
    if (this.answered) return listener();
    this.answerListeners ??= [];
    this.answerListeners.push(listener);
  }

  /** For the consumer: the first answer is on its way, or there will be none. */
  noteAnswer(): void {
    this.answered = true;
    const listeners = this.answerListeners;
    this.answerListeners = null;
    if (listeners !== null) for (const listener of listeners) listener();
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
