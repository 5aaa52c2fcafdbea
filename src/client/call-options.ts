import type { Row } from "./fold-rows.ts";
import type { OptimisticList } from "./optimistic-layer.ts";

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

/** How a call is made that writes a row. */
export interface WriteOptions<T = Row> extends CallOptions {
  /**
   * Resolves when the changes of this write have come to the live lists and rows of the resource that are listened to, instead of when it is answered;
   * while there is no connection that waits for the next one. Default false.
   */
  readonly waitForChanges?: boolean;
  /**
   * Shows the change in the live lists and rows of the resource before the server has it; it gives way to what the server says exactly when the
   * changes of this write have come, and at once when the write fails. `true`: the fields that are written, the row that leaves, or a new row at the end
   * of the lists that are no pages and have no search and no filters but of values that it has. A function says for each list what it shows meanwhile; it must not
   * change `rows` in place.
   */
  readonly optimistic?: boolean | ((rows: readonly T[], list: Pick<OptimisticList, "kind" | "args">) => readonly T[]);
}
