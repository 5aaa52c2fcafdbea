/** A row as a client gets it. Every write adds one to `version`. */
export interface Row {
  readonly id: number;
  readonly version: number;
  readonly [field: string]: unknown;
}

/** What one subscription of one reader saw, in the order of arrival. */
export type LogEntry = Snapshot | Resumed | RowEvent | LeaveEvent | Fence;

/** The state as a whole: the first answer, or a reset. */
export interface Snapshot {
  readonly kind: "snapshot";
  readonly position: string;
  readonly rows: readonly Row[];
}

/** The reader came back with `since`, and the server goes on from there. */
export interface Resumed {
  readonly kind: "resumed";
  readonly position: string;
}

export interface RowEvent {
  readonly kind: "event";
  readonly action: "create" | "update";
  readonly position: string;
  readonly row: Row;
}

export interface LeaveEvent {
  readonly kind: "event";
  readonly action: "delete";
  readonly position: string;
  readonly pk: number;
}

/** From here on nothing of these projects may come by right of the project: their grants were taken away before. */
export interface Fence {
  readonly kind: "fence";
  readonly denied: readonly number[];
}

/** What was asked for. */
export interface Watched {
  readonly name: string;
  /** Does the row pass the filters? */
  matches(row: Row): boolean;
  /** May the reader see the row, while the projects in `denied` are taken away? */
  maySee(row: Row, denied: ReadonlySet<number>): boolean;
  /** Can what the reader may see change without a change of the row? */
  readonly changingRights: boolean;
  /** May the server have joined changes of one row, because the reader was slow at times? */
  readonly mayCoalesce: boolean;
  /** Does the log tell states, in which what a transaction did has no order? */
  readonly tellsStates: boolean;
  /** Most rows in the window; null: all rows. */
  readonly limit: number | null;
}

export interface SubscriptionLog {
  readonly watched: Watched;
  readonly entries: readonly LogEntry[];
}

/** The primary key that an event is about. */
export function pkOf(event: RowEvent | LeaveEvent): number {
  return event.action === "delete" ? event.pk : event.row.id;
}
