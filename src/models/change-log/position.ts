/**
 * Where a reader of the change log stands: which committed transactions it has seen. Made by an adapter; opaque to everybody else. A client
 * gets it as text and gives it back as `since`.
 */
export interface Position {
  /** The life of the log. A position of another epoch says nothing about this log. */
  readonly epoch: string;
  /** Has one who stands here seen the transaction? */
  includes(transaction: TransactionId): boolean;
  /** Has one who stands here seen everything that one who stands at `other` has? False for another epoch. */
  covers(other: Position): boolean;
  /** Where one stands who has seen what both have; this position where the other is of another epoch. */
  union(other: Position): Position;
  /** `epoch:...`, letters, digits and `:-,._` only. */
  toString(): string;
}

/** Names one committed transaction within an epoch. */
export type TransactionId = number;
