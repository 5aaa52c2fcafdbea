/** How one call is made. */
export interface CallOptions {
  /** Ends it: the promise rejects with the signal's reason, and the server is told to stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the server may take for the answer. Default: the client's. */
  readonly timeout?: number;
  /**
   * Marks a request of an action that is `idempotent` on the server, so that it can be sent again when the connection ends before the answer.
   * `create`, `update`, `patch` and `delete` have one by default.
   */
  readonly idempotencyKey?: string;
}
